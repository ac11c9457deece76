import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import type { Message } from '../core/message';

/** A sentence in the reader's language. */
export function say({ text, args }: Message): string {
  return vscode.l10n.t(text, ...args);
}

/** What went wrong, in one sentence in the reader's language. */
export function sayError(error: unknown): string {
  if (error instanceof GantryError) {
    return error.advice ? `${say(error.sentence)} ${say(error.advice)}` : say(error.sentence);
  }
  return error instanceof Error ? error.message : String(error);
}
