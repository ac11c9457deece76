import type { Clock } from '../../core/clock';
import { sleep } from '../../core/clock';
import { ApiError } from '../http/apiError';
import { type ApiModel, noService } from '../model/apiModel';
import type { Place } from '../place';
import { ResourceFailure } from './errors';
import { ServiceFailure, handlerMessage } from './failures';
import type { Handling } from './handling';
import { generatedName } from './names';
import { apiInput } from './properties';
import type { Members, Stack, StackResource, StackTag } from './types';

/** The sandbox's own API, from inside. */
export interface OwnApi {
  readonly model: ApiModel;
  /** Carries an operation out as if it had come over HTTP. @throws ApiError */
  call(service: string, operation: string, input: object, faults: boolean): Promise<unknown>;
  /** The fault that a test wants for a resource, by logical id or type. */
  resourceFault(logicalId: string, type: string): ApiError | undefined;
}

/** How long CloudFormation waits for one resource, in seconds of AWS's. */
const longest = 3 * 3600;

export interface HandlerParts {
  readonly api: OwnApi;
  readonly clock: Clock;
  readonly place: Place;
  /** Milliseconds that a second of AWS's lasts. */
  readonly second: number;
}

/** CloudFormation's own tags, which every resource that takes tags gets. */
export function systemTags(stack: Stack, logicalId: string): StackTag[] {
  return [
    { Key: 'aws:cloudformation:stack-name', Value: stack.name },
    { Key: 'aws:cloudformation:stack-id', Value: stack.id },
    { Key: 'aws:cloudformation:logical-id', Value: logicalId },
  ];
}

/** One step of one resource: what its type works with. */
export function handlingOf(
  { api, clock, place, second }: HandlerParts,
  stack: Stack,
  { logicalId, tags, at }: StackResource,
  { signal, made }: { readonly signal: AbortSignal; readonly made: (physicalId: string) => void },
): Handling {
  /** CloudFormation tries again where it was too fast. */
  const ask = async (service: string, operation: string, input: object, faults: boolean): Promise<Members> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return ((await api.call(service, operation, structuredClone(input), faults)) ?? {}) as Members;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!/Throttling/.test(error.code) || attempt >= 5) throw new ServiceFailure(service, error);
        await sleep(clock, second * attempt, signal);
      }
    }
  };
  return {
    ...{ place, logicalId, startedAt: at, made },
    tags: [...tags, ...systemTags(stack, logicalId)],
    call: (service, operation, input) => ask(service, operation, input, true),
    read: (service, operation, input) => ask(service, operation, input, false),
    input: (service, operation, properties, omit = []) => {
      const { shapes, ops } = api.model.services[service] ?? noService;
      const given = Object.fromEntries(Object.entries(properties).filter(([name]) => !omit.includes(name)));
      return apiInput(shapes, ops[operation]?.in ?? '', given, '#') as Members;
    },
    name: (limit) => generatedName(stack.name, logicalId, limit),
    until: async (done) => {
      const end = clock.now() + longest * second;
      while (!(await done())) {
        if (clock.now() > end) {
          throw new ResourceFailure(handlerMessage('Exceeded attempts to wait', 'NotStabilized'));
        }
        await sleep(clock, Math.max(5, second / 20), signal);
      }
    },
  };
}
