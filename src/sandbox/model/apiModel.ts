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

/** A service and the part of `X-Amz-Target` before the dot, or null where its protocol has none. */
type Targets = Readonly<Record<string, string | null>>;

const firstTargets: Targets = {
  'application-autoscaling': 'AnyScaleFrontendService',
  ecr: 'AmazonEC2ContainerRegistry_V20150921',
  ecs: 'AmazonEC2ContainerServiceV20141113',
  logs: 'Logs_20140328',
  ssm: 'AmazonSSM',
  elbv2: null,
  sts: null,
};

const moreTargets: Targets = {
  acm: 'CertificateManager',
  cloudwatch: 'GraniteServiceVersion20100801',
  codedeploy: 'CodeDeploy_20141006',
  secretsmanager: 'secretsmanager',
  cloudformation: null,
  ec2: null,
  iam: null,
};

const inflate = (compressed: Uint8Array): unknown => JSON.parse(gunzipSync(compressed).toString('utf8'));

/** The embedded model. Each of its files is read when one of its services is asked for: the sandbox starts sooner. */
export function parseApiModel(compressed: Uint8Array, more: Uint8Array): ApiModel {
  const services: Record<string, ServiceModel> = {};
  const offer = (targets: Targets, read: () => Services): void => {
    let known: Services | undefined;
    for (const name of Object.keys(targets)) {
      const get = (): ServiceModel | undefined => (known ??= read())[name];
      Object.defineProperty(services, name, { enumerable: true, get });
    }
  };
  offer(firstTargets, () => (inflate(compressed) as { services: Services }).services);
  offer(moreTargets, () => inflate(more) as Services);
  const all = Object.entries({ ...firstTargets, ...moreTargets });
  const targets = all.flatMap(([name, target]) => (target === null ? [] : [[target, name] as const]));
  return { services, targets: Object.fromEntries(targets) };
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
