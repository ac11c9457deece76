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
  return a.profile === b.profile && a.region === b.region && a.endpoint === b.endpoint && a.sandbox === b.sandbox;
}
