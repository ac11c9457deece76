import type { Clock } from '../../core/clock';

/** A token bucket of AWS: how many calls at once, and how many a second after that. */
interface Limit {
  readonly bucket: string;
  readonly burst: number;
  readonly perSecond: number;
}

const limits: readonly (readonly [service: string, operations: RegExp, burst: number, perSecond: number])[] = [
  ['ecs', /^(Describe|List)Clusters$/, 50, 20],
  ['ecs', /^(DescribeServices|ListServices|ListServicesByNamespace)$/, 100, 20],
  ['ecs', /^(DescribeTasks|ListTasks|(Describe|List)ContainerInstances)$/, 100, 20],
  ['ecs', /^(List|Describe)ServiceDeployments$/, 50, 20],
  ['ecs', /^DescribeServiceRevisions$/, 50, 20],
  ['ecs', /^(DescribeTaskDefinition|ListTaskDefinitions|ListTaskDefinitionFamilies)$/, 50, 20],
  ['ecs', /^RegisterTaskDefinition$/, 20, 1],
  ['ecs', /^(Create|Update|Delete)Service$/, 50, 5],
  ['ecs', /^(RunTask|StopTask|ExecuteCommand)$/, 100, 40],
  ['ecr', /^PutImage$/, 10, 10],
];

/** AWS's throttles per account and Region, shared by all callers. Calls that AWS publishes no figure for are free. */
export class Throttle {
  readonly #clock: Clock;
  readonly #levels = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a token. @returns false when the bucket is empty. */
  admit(service: string, operation: string): boolean {
    const limit = limitOf(service, operation);
    if (!limit) return true;
    const now = this.#clock.now();
    const level = this.#levels.get(limit.bucket) ?? { tokens: limit.burst, at: now };
    const refilled = level.tokens + ((now - level.at) / 1000) * limit.perSecond;
    const tokens = Math.min(limit.burst, refilled);
    this.#levels.set(limit.bucket, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }
}

function limitOf(service: string, operation: string): Limit | undefined {
  const found = limits.find(([name, operations]) => name === service && operations.test(operation));
  if (!found) return undefined;
  const [name, operations, burst, perSecond] = found;
  return { bucket: `${name} ${operations.source}`, burst, perSecond };
}
