import type { Message } from '../../core/message';
import type { FixKind, TextKind } from '../finding';

/** What a pattern found, with the container that the text is about. */
export interface Match {
  /** The groups of the pattern; `groups[0]` is the whole match. */
  readonly groups: readonly (string | undefined)[];
  /** Empty where the text is about no container. */
  readonly container: string;
}

/** One known failure: where its texts stand, how they read, what they mean, what to do. */
export interface Entry {
  readonly id: string;
  /** The kinds of text in which it shows. */
  readonly where: readonly TextKind[];
  /**
   * Matched without regard to case, against a text whose white space is single spaces and whose quotes are straight.
   * AWS rewords its texts, so it names only what carries the meaning.
   */
  readonly pattern: RegExp;
  /** The cause in two or three words, for a row. */
  readonly brief: Message;
  readonly cause: (match: Match) => Message;
  readonly fix?: Message;
  /** What Gantry can do about it; the place and the numbers are filled in from the evidence. */
  readonly action?: FixKind;
  /** The text has more than one possible cause. */
  readonly confidence?: 'likely';
  /** The way between the task and what it cannot reach, or what cannot reach it, explains more. */
  readonly network?: true;
  /** Texts as AWS, Docker or programs write them. */
  readonly examples: readonly string[];
  /** Texts that look alike and mean something else. */
  readonly counterExamples?: readonly string[];
}

/** Where the texts of tasks stand that never came to run. */
export const task: readonly TextKind[] = ['stopped', 'container'];
