import type * as vscode from 'vscode';
import { GantryError } from '../core/errors';

/** Writes an error with everything that is known about it: the only place where a stack trace may appear. */
export function logError(log: vscode.LogOutputChannel, error: unknown): void {
  if (!(error instanceof Error)) return log.error(String(error));
  log.error(error.message);
  if (error instanceof GantryError && error.detail) log.error(error.detail);
  if (!(error instanceof GantryError) || error.cause) log.debug(error.stack ?? '', causeOf(error));
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause ?? '');
}
