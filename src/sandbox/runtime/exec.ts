import type { Socket } from 'node:net';

/** A command inside a running container, with a terminal. */
export interface Exec {
  write(data: Buffer): void;
  resize(columns: number, rows: number): void;
  /** Holds the output back, or lets it go on. */
  pause(paused: boolean): void;
  /** Ends the command and what it has started. */
  kill(): void;
}

export interface ExecHandlers {
  readonly output: (data: Buffer) => void;
  /** The command has ended, or could not be started, for the reason given. */
  readonly ended: (problem?: string) => void;
}

export interface ExecRequest {
  /** The container's id in the runtime. */
  readonly container: string;
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  /** Names the command among the container's processes. Letters, digits and hyphens. */
  readonly session: string;
  /** What is known of the container, for those who have to explain that there is none. */
  readonly description: string;
}

/** What Session Manager's agent needs of a runtime. */
export interface Inside {
  exec(request: ExecRequest, handlers: ExecHandlers): Exec;
  /** A connection to a port of a container. @throws Error when nothing listens there. */
  dial(container: string, port: number): Promise<Socket>;
}
