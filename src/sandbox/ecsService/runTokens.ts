import { ApiError } from '../http/apiError';

/** How long AWS remembers a client token of RunTask, in milliseconds. */
const lifetime = 24 * 3600_000;

/** Answers of RunTask by client token: the same request again starts nothing new. */
export class RunTokens {
  readonly #known = new Map<string, { request: string; answer: unknown; at: number }>();

  /** Runs once per token. @throws ApiError when a token comes back with another request. */
  once(token: string | undefined, request: unknown, now: number, run: () => unknown): unknown {
    if (token === undefined) return run();
    const text = JSON.stringify(request);
    const known = this.#known.get(token);
    if (known && now < known.at + lifetime) {
      if (known.request === text) return known.answer;
      throw new ApiError('ConflictException', 'The request with this client token has other parameters.');
    }
    const answer = run();
    this.#known.set(token, { request: text, answer, at: now });
    return answer;
  }
}
