/**
 * Does what VS Code asks of @vscode/native-watchdog, whose compiled part npm does not ship: the extension host ends
 * when the server that started it is gone.
 */
export function start(pid: number): void {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, 3_000).unref();
}

export function exit(code = 0): void {
  process.exit(code);
}
