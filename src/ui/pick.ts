import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';

/** One choice with what it stands for. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Whoever asks in a way of its own: a form, of which each question is a step. */
export interface Asker {
  pick<T>(placeHolder: string, choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>): Promise<T>;
  ask(options: Omit<vscode.InputBoxOptions, 'title'>): Promise<string>;
}

/** Over a question: a text, or the form that it belongs to. */
export type Title = string | Asker;

/**
 * Asks for one of several things; what is still loading shows as busy.
 * @throws GantryError cancelled when the person leaves; whatever loading the choices throws
 */
export async function pick<T>(
  title: Title,
  placeHolder: string,
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
): Promise<T> {
  if (typeof title !== 'string') return title.pick(placeHolder, choices);
  const source = new vscode.CancellationTokenSource();
  let failure: unknown;
  const loading = Promise.resolve(choices).catch((error: unknown) => {
    // A quick pick whose items fail stays open and empty, so it is closed here.
    failure = error;
    source.cancel();
    return [];
  });
  const options = { title, placeHolder, matchOnDescription: true, ignoreFocusOut: true };
  const chosen = await vscode.window.showQuickPick<Choice<T>>(loading, options, source.token);
  source.dispose();
  if (failure) throw failure;
  if (!chosen) throw cancelled();
  return chosen.value;
}

/**
 * Asks for a text.
 * @throws GantryError cancelled when the person leaves
 */
export async function ask({
  title,
  ...options
}: Omit<vscode.InputBoxOptions, 'title'> & { readonly title: Title }): Promise<string> {
  if (typeof title !== 'string') return title.ask(options);
  const text = await vscode.window.showInputBox({ ignoreFocusOut: true, title, ...options });
  if (text === undefined) throw cancelled();
  return text.trim();
}

/** What leaving a question means. */
export function cancelled(): GantryError {
  return new GantryError('cancelled', message('Cancelled.'));
}
