/**
 * How to reach an account: profile + Region + endpoint. Everything is optional; what is not said comes from the
 * SDK's own chain (environment, shared files). Holds no secret and may be stored.
 */
export interface ConnectionSpec {
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
  /** The local sandbox: fixed credentials that mean nothing anywhere else; the user's own are never sent to it. */
  readonly sandbox?: true;
}

/** What a connection turned out to be. */
export interface Identity {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** ARN of the caller. */
  readonly caller: string;
}

/** Whether two specs reach the same account in the same way. */
export function sameSpec(a: ConnectionSpec, b: ConnectionSpec): boolean {
  return keyOf(a) === keyOf(b);
}

/** A text that is the same for the same way to an account, and only then. */
export function keyOf({ profile, region, endpoint, sandbox }: ConnectionSpec): string {
  return JSON.stringify([profile ?? null, region ?? null, endpoint ?? null, sandbox ?? false]);
}
