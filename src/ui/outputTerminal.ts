import * as vscode from 'vscode';

/** A terminal that shows output as the programs write it, colours included. Closing it or Ctrl+C asks to stop. */
export class OutputTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly ended = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.ended.event;
  /** Output from before the terminal was drawn. */
  private waiting: string[] | undefined = [];
  isClosed = false;

  /** Called by Ctrl+C and when the terminal is closed. */
  onStop: () => void = () => undefined;
  /** Called when the terminal is drawn. */
  onOpen: () => void = () => undefined;

  write(text: string): void {
    const lines = text.replace(/\r?\n/g, '\r\n');
    if (this.waiting) this.waiting.push(lines);
    else this.written.fire(lines);
  }

  /** A line of Gantry's own, told apart from the programs' output. */
  heading(text: string): void {
    this.write(`\u001b[1m${text}\u001b[0m\n`);
  }

  open(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    for (const text of waiting) this.written.fire(text);
    this.onOpen();
  }

  close(): void {
    this.isClosed = true;
    this.onStop();
  }

  handleInput(data: string): void {
    if (data === '\u0003') this.onStop();
  }

  /** Ends the terminal with an exit code, as a task does. */
  end(code: number): void {
    this.ended.fire(code);
  }
}

/** One terminal per target, used again by its next ship. */
export class OutputTerminals implements vscode.Disposable {
  private readonly open = new Map<string, { terminal: vscode.Terminal; output: OutputTerminal }>();

  /** Shows the terminal of a target without taking the focus. */
  show(name: string): OutputTerminal {
    let entry = this.open.get(name);
    if (!entry || entry.output.isClosed) {
      const output = new OutputTerminal();
      const options = { name: `Gantry: ${name}`, pty: output, iconPath: new vscode.ThemeIcon('rocket') };
      entry = { terminal: vscode.window.createTerminal(options), output };
      this.open.set(name, entry);
    }
    entry.terminal.show(true);
    return entry.output;
  }

  dispose(): void {
    for (const { terminal } of this.open.values()) terminal.dispose();
  }
}
