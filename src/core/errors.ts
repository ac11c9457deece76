import { english, type Message } from './message';

/** Why something did not work. `ui/errors` has one button or none for each. */
export type Reason =
  | 'cancelled'
  | 'timedOut'
  | 'credentialsMissing'
  | 'credentialsExpired'
  | 'credentialsInvalid'
  | 'profileMissing'
  | 'regionMissing'
  | 'accessDenied'
  | 'readOnly'
  | 'throttled'
  | 'notFound'
  | 'clockSkew'
  | 'unreachable'
  | 'badAnswer'
  | 'refused'
  | 'engineMissing'
  | 'engineNotRunning'
  | 'engineDenied'
  | 'dockerfileMissing'
  | 'buildFailed'
  | 'platformMismatch'
  | 'repositoryMissing'
  | 'tagImmutable'
  | 'loginExpired'
  | 'pushDenied'
  | 'pushFailed'
  | 'pullFailed'
  | 'targetInvalid'
  | 'wrongAccount'
  | 'taskDefinitionChanged'
  | 'serviceMissing'
  | 'serviceNotOurs'
  | 'untrusted'
  | 'sandboxFailed'
  | 'stackFailed'
  | 'busy';

/** Everything that Gantry refuses or fails at. The sentence is for people, `detail` is the raw text behind it. */
export class GantryError extends Error {
  /** Each bundle has its own copy of this class, so an error that crosses from one to the other is known by its form. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'GantryError' && 'reason' in value;
  }

  override readonly name = 'GantryError';
  readonly detail: string | undefined;
  /** What helps, where more than the sentence is known. */
  readonly advice: Message | undefined;

  constructor(
    readonly reason: Reason,
    readonly sentence: Message,
    options: { cause?: unknown; detail?: string | undefined; advice?: Message | undefined } = {},
  ) {
    super(english(sentence), { cause: options.cause });
    this.detail = options.detail;
    this.advice = options.advice;
  }
}

/** True for a cancelled operation, however the layer below says it. Cancelling is silent. */
export function isCancelled(error: unknown): boolean {
  if (error instanceof GantryError) return error.reason === 'cancelled';
  return error instanceof Error && error.name === 'AbortError';
}

/** The reason of an error, or undefined for one that nobody foresaw. */
export function reasonOf(error: unknown): Reason | undefined {
  return error instanceof GantryError ? error.reason : undefined;
}
