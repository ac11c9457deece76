/** How an answer is broken on demand. */
export interface Fault {
  /**
   * `throttle` applies AWS's own buckets to the calls that match; `denied`, `expired` and `invalid` are errors in
   * AWS's words. `late` hides what came into being in the last `ms` milliseconds from Describe and List; `empty-page`
   * answers a page without rows but with a token; `partial` lets every second row of an answer with failures fail,
   * with `code` as the reason; `skew` sets the server's clock off by `ms`, for the signature and in every date. The
   * others break the answer on its way.
   */
  readonly kind: (typeof kinds)[number];
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
  /** Length of a delay, age, or difference of the clocks, in milliseconds. */
  readonly ms?: number;
}

interface Rule {
  /** `resource`: a resource of a stack, by its logical id or its type, in place of a call. */
  readonly match: { readonly service?: string; readonly operation?: string; readonly resource?: string };
  readonly fault: Fault;
  left: number;
}

const kinds = [
  'html',
  'reset',
  'hang',
  'delay',
  'error',
  'truncate',
  'throttle',
  'denied',
  'expired',
  'invalid',
  'late',
  'empty-page',
  'partial',
  'skew',
] as const;

/** The faults that tests have asked for, in the order in which they were added. */
export class Faults {
  #rules: Rule[] = [];

  /** @throws Error when the request is not a fault. */
  add(request: unknown): void {
    const { match, fault, times } = (request ?? {}) as { match?: Rule['match']; fault?: Fault; times?: number };
    if (!fault || !kinds.includes(fault.kind)) throw new Error(`fault.kind must be one of ${kinds.join(', ')}`);
    if (times !== undefined && !(Number.isInteger(times) && times > 0)) throw new Error('times must be at least 1');
    this.#rules.push({ match: match ?? {}, fault, left: times ?? Infinity });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault for this call, which uses up one of its times. */
  take(service: string, operation: string): Fault | undefined {
    const rule = this.#rules.find(
      ({ match, left }) =>
        left > 0 &&
        match.resource === undefined &&
        (match.service ?? service) === service &&
        (match.operation ?? operation) === operation,
    );
    return use(rule);
  }

  /** The fault for the next step of a stack's resource. */
  takeForResource(logicalId: string, type: string): Fault | undefined {
    return use(
      this.#rules.find(({ match: { resource = '' }, left }) => left > 0 && [logicalId, type].includes(resource)),
    );
  }
}

function use(rule: Rule | undefined): Fault | undefined {
  if (!rule) return undefined;
  rule.left -= 1;
  return rule.fault;
}
