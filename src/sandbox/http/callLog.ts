/** One API call as it was answered. `at` is in milliseconds since the Unix epoch. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly at: number;
  readonly status: number;
  readonly error?: string;
}

/** A long demo must not eat the memory: the oldest calls go first. */
const capacity = 100_000;

/** Every API call since the start or the last reset, so that tests can count them. */
export class CallLog {
  #calls: Call[] = [];

  add(call: Call): void {
    this.#calls.push(call);
    if (this.#calls.length > capacity) this.#calls = this.#calls.slice(-capacity / 2);
  }

  all(): readonly Call[] {
    return this.#calls;
  }

  clear(): void {
    this.#calls = [];
  }
}
