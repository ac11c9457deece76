import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock';
import type { Place } from '../place';

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
  readonly description?: string | undefined;
  /** Earlier versions, oldest first. */
  readonly older?: readonly Parameter[];
  tags?: Map<string, string>;
}

export interface SecretVersion {
  readonly value: string | undefined;
  /** Base64. */
  readonly binary?: string | undefined;
  readonly versionId: string;
  readonly createdAt: number;
}

/** AWS keeps this many versions of a parameter. */
const maxVersions = 100;

export interface Secret {
  readonly arn: string;
  readonly name: string;
  description?: string | undefined;
  readonly createdAt: number;
  /** AWSCURRENT. */
  value: string | undefined;
  binary?: string | undefined;
  versionId: string;
  changedAt?: number;
  /** AWSPREVIOUS. */
  previous?: SecretVersion;
  /** When it will be gone. */
  deletedAt?: number;
  tags?: Map<string, string>;
  /** JSON of who else may have it. */
  policy?: string;
}

export interface SavedSecrets {
  readonly parameters: Map<string, Parameter>;
  readonly secrets: Map<string, Secret>;
}

/** Parameters of SSM and secrets of Secrets Manager, by name. */
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

  now(): number {
    return this.#clock.now();
  }

  /** By name or ARN, with `:VERSION` behind it for an earlier one. */
  parameter(id: string): Parameter | undefined {
    const whole = [...this.saved.parameters.values()].find(({ name }) => name === id || this.parameterArn(name) === id);
    const [, base, version] = whole ? [] : (/^(.+):(\d+)$/.exec(id) ?? []);
    if (base === undefined) return whole;
    const newest = this.parameter(base);
    return newest && [newest, ...(newest.older ?? [])].find((candidate) => candidate.version === Number(version));
  }

  putParameter(name: string, type: string, value: string, description?: string): Parameter {
    const { older = [], ...former } = this.saved.parameters.get(name) ?? { version: 0 };
    const version = former.version + 1;
    const past = 'name' in former ? [...older, former].slice(1 - maxVersions) : [];
    const tags = 'tags' in former && former.tags ? former.tags : new Map<string, string>();
    const parameter = { name, type, value, version, description, tags, older: past, modifiedAt: this.#clock.now() };
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
    const secret = {
      ...{ arn, name, description, value, createdAt: this.#clock.now(), versionId: randomUUID() },
      tags: new Map<string, string>(),
    };
    this.saved.secrets.set(name, secret);
    return secret;
  }
}
