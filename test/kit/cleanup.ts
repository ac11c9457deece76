type Task = () => Promise<unknown> | unknown;

const tasks = new Set<Task>();
let ending: Promise<void> | undefined;

/** Registers what must be undone when this process ends. @returns a function that does it now, once. */
export function onEnd(task: Task): () => Promise<void> {
  tasks.add(task);
  return async () => {
    if (tasks.delete(task)) await task();
  };
}

/** Undoes everything, the last first. */
export function endAll(): Promise<void> {
  ending ??= (async () => {
    for (const task of [...tasks].reverse()) {
      tasks.delete(task);
      try {
        await task();
      } catch (error) {
        process.stderr.write(`While cleaning up: ${String(error)}\n`);
      }
    }
  })();
  return ending;
}

/** Ctrl+C, a closed terminal and a polite kill all clean up first. A terminal may send the signal more than once. */
export function endOnSignals(exitCode = 130): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void endAll().finally(() => process.exit(exitCode)));
  }
}
