import type { Clock } from '../core/clock';
import { Limiter, type Bucket } from '../core/limiter';
import { translateError } from './translateError';

/** Milliseconds after which one call, its retries included, is given up. */
const callLimit = 30_000;

/**
 * Half of AWS's throttles (Amazon ECS API reference, "Request throttling"): the buckets are per account and Region
 * and shared with everybody else's tools.
 */
const buckets = {
  clusterRead: { burst: 25, perSecond: 10 },
  serviceRead: { burst: 50, perSecond: 10 },
  taskRead: { burst: 50, perSecond: 10 },
  deploymentRead: { burst: 25, perSecond: 10 },
  revisionRead: { burst: 25, perSecond: 10 },
  taskDefinitionRead: { burst: 25, perSecond: 10 },
  taskDefinitionWrite: { burst: 10, perSecond: 0.5 },
  serviceWrite: { burst: 25, perSecond: 2.5 },
  clusterWrite: { burst: 25, perSecond: 10 },
  taskWrite: { burst: 50, perSecond: 10 },
  ecr: { burst: 20, perSecond: 10 },
  // Amazon EC2 API reference, "Request throttling": non-mutating actions.
  ec2Read: { burst: 50, perSecond: 10 },
  other: { burst: 20, perSecond: 10 },
} satisfies Record<string, Bucket>;

export type BucketName = keyof typeof buckets;

/** Limiters by the way to an account: connections that reach it in the same way share what AWS allows. */
const shared = new Map<string, Map<BucketName, Limiter>>();

/** Sends calls of one connection: below the throttles, with a time limit, with errors in Gantry's words. */
export class Caller {
  private readonly limiters: Map<BucketName, Limiter>;

  /** @param key the same for all connections that share AWS's throttles */
  constructor(
    private readonly clock: Clock,
    key: string,
  ) {
    this.limiters = shared.get(key) ?? new Map<BucketName, Limiter>();
    shared.set(key, this.limiters);
  }

  /**
   * @param operation AWS's name of the action, for messages (`ecs:ListClusters`)
   * @throws GantryError
   */
  async call<T>(
    operation: string,
    bucket: BucketName,
    signal: AbortSignal,
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      await this.limiter(bucket).take(signal);
      return await send({ abortSignal: AbortSignal.any([signal, AbortSignal.timeout(callLimit)]) });
    } catch (error) {
      throw translateError(error, operation, signal);
    }
  }

  private limiter(name: BucketName): Limiter {
    const limiter = this.limiters.get(name) ?? new Limiter(buckets[name], this.clock);
    this.limiters.set(name, limiter);
    return limiter;
  }
}
