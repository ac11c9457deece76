import type { Counts } from '../counts';

/** One kind of test. */
export interface Lane {
  readonly name: string;
  /** Beyond this the lane has failed and its processes are ended. */
  readonly limitMs: number;
  /** @throws Missing when this machine lacks what the lane needs and it cannot be had. */
  run(): Promise<Counts>;
}

export const minutes = (count: number): number => count * 60_000;
