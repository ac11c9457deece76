/**
 * Does what VS Code asks of @vscode/spdlog, whose compiled part npm does not ship. Without it every output channel of
 * every extension stays empty, and there is no extension host log to look at.
 */
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'] as const;

export class Logger {
  #level = 2;
  #prefixed = true;

  constructor(
    _kind: string,
    readonly name: string,
    readonly file: string,
    readonly maxSize: number,
    readonly maxFiles: number,
  ) {}

  setLevel(level: number): void {
    this.#level = level;
  }

  getLevel(): number {
    return this.#level;
  }

  setPattern(): void {
    this.#prefixed = true;
  }

  clearFormatters(): void {
    this.#prefixed = false;
  }

  trace = (text: string): void => this.#write(0, text);
  debug = (text: string): void => this.#write(1, text);
  info = (text: string): void => this.#write(2, text);
  warn = (text: string): void => this.#write(3, text);
  error = (text: string): void => this.#write(4, text);
  critical = (text: string): void => this.#write(5, text);

  /** Every line is on disk when `#write` returns. */
  flush(): void {}

  drop(): void {}

  #write(level: number, text: string): void {
    if (level < this.#level) return;
    const now = new Date();
    const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
    const prefix = `${local.replace('T', ' ').replace('Z', '')} [${names[level] ?? ''}] `;
    try {
      this.#rotate();
      appendFileSync(this.file, this.#prefixed ? `${prefix}${text}\n` : text);
    } catch {
      // The folder is gone: the editor is ending.
    }
  }

  #rotate(): void {
    if (this.maxFiles <= 1 || !existsSync(this.file) || statSync(this.file).size < this.maxSize) return;
    const { dir, name, ext } = path.parse(this.file);
    renameSync(this.file, path.join(dir, `${name}.1${ext}`));
  }
}

export const version = 0;

export function setLevel(): void {}

export function setFlushOn(): void {}

export async function createRotatingLogger(name: string, file: string, size: number, files: number): Promise<Logger> {
  mkdirSync(path.dirname(file), { recursive: true });
  // The editor watches the file for its output view and expects it to be there.
  appendFileSync(file, '');
  return new Logger('rotating', name, file, size, files);
}

export const createAsyncRotatingLogger = createRotatingLogger;
