import { gunzipSync } from 'node:zlib';
import overlayJson from './overlay.json';

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

/** Names of members on EC2's wire where they do not follow the rule: shape → member → name. */
type WireNames = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface ServiceModel {
  /** The part of `X-Amz-Target` before the dot; null where the protocol has none. */
  readonly target: string | null;
  readonly protocol: 'json' | 'query' | 'ec2';
  readonly ops: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly names?: { readonly request: WireNames; readonly answer: WireNames };
}

export interface ApiModel {
  readonly services: Readonly<Record<string, ServiceModel>>;
  /** Services by the part of `X-Amz-Target` before the dot. */
  readonly targets: Readonly<Record<string, string>>;
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

type Services = Readonly<Record<string, ServiceModel>>;

/** The services of the second file, which is read when one of them is asked for: the sandbox starts sooner. */
const lateTargets: Readonly<Record<string, string | null>> = {
  acm: 'CertificateManager',
  cloudwatch: 'GraniteServiceVersion20100801',
  codedeploy: 'CodeDeploy_20141006',
  secretsmanager: 'secretsmanager',
  cloudformation: null,
  ec2: null,
  iam: null,
};

const inflate = (compressed: Uint8Array): unknown => JSON.parse(gunzipSync(compressed).toString('utf8'));

/** Reads the embedded model: the first file now, the second when it is needed. */
export function parseApiModel(compressed: Uint8Array, more: Uint8Array): ApiModel {
  const { services: first } = inflate(compressed) as { services: Services };
  let late: Services | undefined;
  const services: Record<string, ServiceModel> = { ...first };
  for (const name of Object.keys(lateTargets)) {
    const get = (): ServiceModel | undefined => (late ??= inflate(more) as Services)[name];
    Object.defineProperty(services, name, { enumerable: true, get });
  }
  const known = Object.entries(first).map(([name, { target }]) => [target, name] as const);
  const others = Object.entries(lateTargets).map(([name, target]) => [target, name] as const);
  const targets = [...known, ...others].filter(([target]) => target !== null);
  return { services, targets: Object.fromEntries(targets) as Record<string, string> };
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
