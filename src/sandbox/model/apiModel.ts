import { gunzipSync } from 'node:zlib';
import overlayJson from './overlay.json';
import secretsManager from './secretsManager.json';

/** One type of AWS's API model. */
export interface Shape {
  readonly t: 'structure' | 'string' | 'boolean' | 'double' | 'integer' | 'list' | 'map' | 'long' | 'timestamp' | 'blob';
  readonly required?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Members of a structure: name → shape name. */
  readonly m?: Readonly<Record<string, string>>;
  /** Element shape of a list. */
  readonly e?: string;
  /** Key and value shapes of a map. */
  readonly k?: string;
  readonly v?: string;
}

export interface OperationModel {
  readonly in: string | null;
  readonly out: string | null;
  readonly errors: readonly string[];
}

export interface ServiceModel {
  /** The part of `X-Amz-Target` before the dot; null where the protocol has none. */
  readonly target: string | null;
  readonly protocol: 'json' | 'query' | 'ec2';
  readonly ops: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface ApiModel {
  readonly services: Readonly<Record<string, ServiceModel>>;
}

/** Stands in for a service that the model does not have. */
export const noService: Pick<ServiceModel, 'ops' | 'shapes'> = { ops: {}, shapes: {} };

/** A limit that AWS states in prose only: a list's length, a number's range or a string's form. */
export interface ProseLimit {
  readonly min?: number;
  readonly max?: number;
  readonly maxLen?: number;
  readonly pattern?: string;
}

type Overlay = Record<string, Record<string, Record<string, ProseLimit | number> | undefined> | undefined>;
const overlay = overlayJson as Overlay;

/** Reads the embedded model. */
export function parseApiModel(compressed: Uint8Array): ApiModel {
  const model = JSON.parse(gunzipSync(compressed).toString('utf8')) as ApiModel;
  return { services: { ...model.services, secretsmanager: secretsManager as unknown as ServiceModel } };
}

/** The prose limits of one operation, by member. */
export function proseLimits(service: string, operation: string): Record<string, ProseLimit> {
  const entries = Object.entries(overlay[service]?.[operation] ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, ProseLimit] => typeof entry[1] === 'object'));
}

/** The page size that AWS uses when a request names none. */
export function defaultPageSize(service: string, operation: string): number {
  const size = overlay[service]?.[operation]?.['_default'];
  return typeof size === 'number' ? size : 100;
}
