import type { Exec, ExecRequest, Inside } from '../runtime/exec';
import type { Endpoint } from './dataChannel';

export interface CommandParts {
  readonly inside: Inside;
  readonly request: ExecRequest;
  readonly output: (data: Buffer) => void;
  /** The command has ended; what to tell the client. */
  readonly done: (output: string) => void;
}

/** A command with a terminal behind a data channel. */
export class CommandEndpoint implements Endpoint {
  readonly sessionType: 'Standard_Stream' | 'InteractiveCommands';
  readonly properties: unknown;
  readonly #parts: CommandParts;
  #exec: Exec | undefined;
  #size: readonly [number, number] | undefined;
  #paused = false;

  constructor(sessionType: 'Standard_Stream' | 'InteractiveCommands', properties: unknown, parts: CommandParts) {
    this.sessionType = sessionType;
    this.properties = properties;
    this.#parts = parts;
  }

  start(): void {
    const { inside, request, output, done } = this.#parts;
    this.#exec = inside.exec(request, {
      output,
      // The words of the agent when a command cannot be started.
      ended: (problem) =>
        done(problem === undefined ? '' : `----------ERROR-------\nUnable to start command: ${problem}`),
    });
    if (this.#size) this.#exec.resize(...this.#size);
    this.#exec.pause(this.#paused);
  }

  input(data: Buffer): void {
    this.#exec?.write(data);
  }

  resize(columns: number, rows: number): void {
    this.#size = [columns, rows];
    this.#exec?.resize(columns, rows);
  }

  flag(): void {
    // Flags are about ports.
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#exec?.pause(paused);
  }

  close(): void {
    this.#exec?.kill();
  }
}
