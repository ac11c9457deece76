import * as vscode from 'vscode';
import { Learned, type Lesson } from '../core/contributions';

/** Completes steps of the walkthrough; VS Code remembers that it did. */
export function learned(...lessons: readonly Lesson[]): void {
  for (const lesson of lessons) void vscode.commands.executeCommand('setContext', Learned[lesson], true);
}
