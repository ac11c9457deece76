import * as vscode from 'vscode';
import { familyOf, nameOf } from '../core/arn';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { allPages } from '../core/paging';
import type { Connections, Session } from '../ui/connections';
import { pick, type Choice, type Title } from '../ui/pick';
import { sayError } from '../ui/say';
import { revisionScheme } from '../ui/schemes';

/** A revision of a task definition, with the connection over which it is read. */
export interface RevisionRef {
  readonly session: Session;
  /** ARN, or `family:revision`. */
  readonly revision: string;
}

/** Shows a revision as a read-only JSON document, as ECS keeps it. */
export async function viewTaskDefinition(connections: Connections, given: RevisionRef | undefined): Promise<void> {
  const ref = given ?? (await askRevision(connections.session, vscode.l10n.t('View Task Definition')));
  const document = await vscode.workspace.openTextDocument(uriOf(ref));
  await vscode.window.showTextDocument(document, { preview: true });
}

/** Shows two revisions side by side; asks for the one that is missing. */
export async function compareRevisions(connections: Connections, given: readonly RevisionRef[]): Promise<void> {
  const title = vscode.l10n.t('Compare Revisions');
  const first = given[0] ?? (await askRevision(connections.session, title));
  const second = given[1] ?? (await askOther(first, title));
  const [older, newer] = [first, second].sort((a, b) => numberOf(a) - numberOf(b));
  if (!older || !newer) return;
  const names = `${nameOf(older.revision)} ↔ ${nameOf(newer.revision)}`;
  await vscode.commands.executeCommand('vscode.diff', uriOf(older), uriOf(newer), names);
}

/** The text of a document that `uriOf` names. An error is the document's text: a tab that stays empty tells nothing. */
export async function provideRevision(
  connections: Connections,
  uri: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<string> {
  const { key, revision } = JSON.parse(uri.query) as { key: string; revision: string };
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  try {
    const session = connections.sessions.find((each) => each.key === key);
    if (!session) throw new GantryError('notFound', message('The connection of this document is not open any more.'));
    const signal = AbortSignal.any([session.signal, abort.signal]);
    const { taskDefinition, tags } = await session.connection.ecs.describeTaskDefinition(revision, signal);
    return `${JSON.stringify(tags.length > 0 ? { ...taskDefinition, tags } : taskDefinition, undefined, 2)}\n`;
  } catch (error) {
    return `// ${sayError(error)}\n`;
  }
}

function uriOf({ session, revision }: RevisionRef): vscode.Uri {
  const name = nameOf(revision).replace(':', ' ');
  return vscode.Uri.from({
    scheme: revisionScheme,
    path: `/${name}.json`,
    query: JSON.stringify({ key: session.key, revision }),
  });
}

const numberOf = ({ revision }: RevisionRef): number => Number(revision.slice(revision.lastIndexOf(':') + 1));

/** Asks for a revision: first the family, then which. */
export async function askRevision(session: Session, title: Title): Promise<RevisionRef> {
  const family = await pick(title, vscode.l10n.t('Task definition family'), families(session));
  const revision = await pick(title, vscode.l10n.t('Revision of {0}', family), revisions(session, family));
  return { session, revision };
}

async function askOther({ session, revision }: RevisionRef, title: string): Promise<RevisionRef> {
  const name = nameOf(revision);
  const others = async (): Promise<Choice<string>[]> =>
    (await revisions(session, familyOf(revision))).filter(({ label }) => label !== name);
  return { session, revision: await pick(title, vscode.l10n.t('Compare {0} with', name), others()) };
}

async function families(session: Session): Promise<Choice<string>[]> {
  const { connection, signal } = session;
  const names = await allPages((token) => connection.ecs.listFamilies(token, signal));
  return names.map((value) => ({ label: value, value }));
}

/** The newest hundred are enough to choose from. */
async function revisions(session: Session, family: string): Promise<Choice<string>[]> {
  const { items } = await session.connection.ecs.listRevisions(family, undefined, session.signal);
  return items.map((value) => ({ label: nameOf(value), value }));
}
