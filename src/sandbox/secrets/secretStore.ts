import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock';
import type { Place } from '../place';

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly createdAt: number;
  value: string | undefined;
  versionId: string;
}

export interface SavedSecrets {
  readonly parameters: Map<string, Parameter>;
  readonly secrets: Map<string, Secret>;
}

/** Parameters of SSM and secrets of Secrets Manager, by name. Their newest version only. */
export class SecretStore {
  readonly saved: SavedSecrets;
  readonly #clock: Clock;
  readonly #place: Place;

  constructor(clock: Clock, place: Place, saved?: SavedSecrets) {
    this.#clock = clock;
    this.#place = place;
    this.saved = saved ?? { parameters: new Map(), secrets: new Map() };
  }

  parameterArn(name: string): string {
    const { region, account } = this.#place;
    return `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  }

  /** By name or ARN. */
  parameter(id: string): Parameter | undefined {
    return [...this.saved.parameters.values()].find(({ name }) => name === id || this.parameterArn(name) === id);
  }

  putParameter(name: string, type: string, value: string): Parameter {
    const version = (this.saved.parameters.get(name)?.version ?? 0) + 1;
    const parameter = { name, type, value, version, modifiedAt: this.#clock.now() };
    this.saved.parameters.set(name, parameter);
    return parameter;
  }

  /** By name, ARN, or ARN without its six random characters. */
  secret(id: string): Secret | undefined {
    return [...this.saved.secrets.values()].find(
      ({ name, arn }) => name === id || arn === id || arn.slice(0, -7) === id,
    );
  }

  createSecret(name: string, value: string | undefined, description: string | undefined): Secret {
    const { region, account } = this.#place;
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${randomUUID().slice(0, 6)}`;
    const secret = { arn, name, description, value, createdAt: this.#clock.now(), versionId: randomUUID() };
    this.saved.secrets.set(name, secret);
    return secret;
  }
}
