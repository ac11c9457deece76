import * as vscode from 'vscode';
import { Learned, type Lesson } from '../core/contributions';

/**
 * Completes steps of the walkthrough; VS Code remembers that it did. Each key is true for a moment only: one that is
 * true already when VS Code reads the walkthrough completes nothing, then or later.
 */
export function learned(...lessons: readonly Lesson[]): void {
  for (const lesson of lessons) {
    const set = (value: boolean): Thenable<unknown> =>
      vscode.commands.executeCommand('setContext', Learned[lesson], value);
    void set(true).then(() => set(false));
  }
}
