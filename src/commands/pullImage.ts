import * as vscode from 'vscode';
import { isCancelled } from '../core/errors';
import type { Runner } from '../engine/command';
import type { Connections } from '../ui/connections';
import { chosenEngine } from '../ui/engines';
import { learned } from '../ui/learned';
import type { OutputTerminals } from '../ui/outputTerminal';
import { withProgress } from '../ui/progress';
import { sayError } from '../ui/say';
import { imageOf, nameOfImage, type EcrPlace } from './ecrPlace';

/** What pulling works with. */
export interface PullContext {
  readonly connections: Connections;
  readonly processes: Runner;
  readonly terminals: OutputTerminals;
}

/** Pulls an image into the container engine of this machine, with the login that pushing uses. */
export async function pullImage(
  { connections, processes, terminals }: PullContext,
  given: EcrPlace | undefined,
): Promise<void> {
  const title = vscode.l10n.t('Pull Image');
  const { session, repository, image } = await imageOf(connections, given, title);
  const [tag] = image.tags;
  const reference = tag ? `${repository.uri}:${tag}` : `${repository.uri}@${image.digest}`;
  const name = nameOfImage(repository, image);
  const stop = new AbortController();
  const terminal = terminals.show(name);
  terminal.onStop = () => stop.abort();
  try {
    terminal.heading(vscode.l10n.t('Pull {0}', name));
    await withProgress(
      vscode.l10n.t('Pulling {0}', name),
      async (_, signal) => {
        const [engine, login] = await Promise.all([
          chosenEngine(processes, signal),
          session.connection.ecr.login(signal),
        ]);
        await engine.pull(reference, login, (text) => terminal.write(text), signal);
      },
      AbortSignal.any([stop.signal, session.signal]),
    );
    terminal.heading(vscode.l10n.t('Pulled {0}', name));
  } catch (error) {
    terminal.heading(isCancelled(error) ? vscode.l10n.t('Cancelled') : sayError(error));
    throw error;
  } finally {
    terminal.onStop = () => undefined;
  }
  learned('pulled');
  void vscode.window.showInformationMessage(vscode.l10n.t('Pulled {0}.', reference));
}
