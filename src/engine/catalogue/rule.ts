import type { Reason } from '../../core/errors';
import type { Message } from '../../core/message';

/** One family of failure texts of engines and registries. */
export interface Rule {
  readonly id: string;
  readonly pattern: RegExp;
  readonly reason: Reason;
  /** What happened, about an engine, a Dockerfile or a repository; without it the text's own words are said. */
  readonly sentence?: (name: string) => Message;
  /** What helps. */
  readonly advice?: Message;
  /** Texts as engines and registries write them. */
  readonly examples: readonly string[];
}
