import type { OwnApi } from '../cloudFormation/handler';
import type { ApiModel } from '../model/apiModel';
import type { ApiEndpoint } from './apiEndpoint';
import type { ApiError } from './apiError';
import { faultError } from './faultError';
import type { Faults } from './faults';
import type { Throttle } from './throttle';

export interface OwnCallParts {
  readonly endpoint: ApiEndpoint;
  readonly model: ApiModel;
  readonly faults: Faults;
  readonly throttle: Throttle;
  readonly account: string;
}

/** The way from a service of the sandbox to its other services. The services are made before there is an endpoint. */
export class OwnCalls implements OwnApi {
  #parts: OwnCallParts | undefined;

  open(parts: OwnCallParts): void {
    this.#parts = parts;
  }

  get model(): ApiModel {
    return this.#opened().model;
  }

  call(service: string, operation: string, input: object, faults: boolean): Promise<unknown> {
    return this.#opened().endpoint.inside(service, operation, input, faults);
  }

  resourceFault(logicalId: string, type: string): ApiError | undefined {
    const parts = this.#opened();
    const fault = parts.faults.takeForResource(logicalId, type);
    return fault && faultError(fault, 'cloudformation', logicalId, parts);
  }

  #opened(): OwnCallParts {
    if (this.#parts) return this.#parts;
    throw new Error('The API is not open yet.');
  }
}
