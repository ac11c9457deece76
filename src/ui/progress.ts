import * as vscode from 'vscode';
import { GantryError, isCancelled } from '../core/errors';
import { message } from '../core/message';

/** Shows where long work is, in words. */
export interface Progress {
  /** @param fraction how far it has come, from 0 to 1, where that is known; it never goes back */
  report(text: string, fraction?: number): void;
}

/** Runs an action under a progress notification that can be cancelled. */
export function withProgress<T>(
  title: string,
  action: (progress: Progress, signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    token.onCancellationRequested(abort);
    outer?.addEventListener('abort', abort, { once: true });
    try {
      return await action(steps(progress), controller.signal);
    } catch (error) {
      // However deep the layer was that noticed it: what the person stopped is cancelled, not failed.
      if (controller.signal.aborted && !isCancelled(error))
        throw new GantryError('cancelled', message('Cancelled.'), { cause: error });
      throw error;
    } finally {
      outer?.removeEventListener('abort', abort);
    }
  });
}

/** VS Code takes steps in percent, where the work knows how far it has come. */
function steps(progress: vscode.Progress<{ message: string; increment?: number }>): Progress {
  let reached = 0;
  return {
    report(text, fraction = 0) {
      const increment = Math.max(0, fraction * 100 - reached);
      reached += increment;
      progress.report(increment > 0 ? { message: text, increment } : { message: text });
    },
  };
}
