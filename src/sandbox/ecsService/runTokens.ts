import { ApiError } from '../http/apiError';

/** How long AWS remembers a client token of RunTask, in milliseconds. */
const lifetime = 24 * 3600_000;

export type RunTokenEntries = Map<string, { readonly request: string; readonly answer: unknown; readonly at: number }>;

/** Answers of RunTask by client token: the same request again starts nothing new. */
export class RunTokens {
  readonly #known: RunTokenEntries;

  constructor(known: RunTokenEntries) {
    this.#known = known;
  }

  /** Runs once per token. @throws ApiError when a token comes back with another request. */
  once(token: string | undefined, request: unknown, now: number, run: () => unknown): unknown {
    if (token === undefined) return run();
    const text = JSON.stringify(request);
    const known = this.#known.get(token);
    if (known && now < known.at + lifetime) {
      if (known.request === text) return known.answer;
      throw new ApiError('ConflictException', 'The request with this client token has other parameters.');
    }
    for (const [old, { at }] of this.#known) if (now >= at + lifetime) this.#known.delete(old);
    const answer = run();
    this.#known.set(token, { request: text, answer, at: now });
    return answer;
  }
}
