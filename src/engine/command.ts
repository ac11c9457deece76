/**
 * A call of another program, as data: tests assert the arguments, a runner runs it. Arguments are a list and never
 * pass a shell.
 */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

/** How a program ended. */
export interface Exit {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Receives the output while it appears, standard output and standard error in the order of arrival. */
  readonly onOutput?: (text: string) => void;
  /** Milliseconds after which the program and its children are ended. */
  readonly timeout?: number;
}

/** Runs programs. */
export interface Runner {
  /**
   * Runs a program to its end, whatever its exit code.
   * @throws GantryError cancelled, timedOut, or engineMissing when there is no such program
   */
  run(command: Command, options: RunOptions): Promise<Exit>;
}
