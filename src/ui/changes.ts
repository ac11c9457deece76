import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { nameOfProfile, type Session } from './connections';
import { cancelled } from './pick';

/** A change that a person is asked about. */
export interface Change {
  /** The verb, as it stands on the button. */
  readonly verb: string;
  /** `Stop the task “1234”?` */
  readonly question: string;
  /** What is lost, or what happens. */
  readonly detail: string;
}

/**
 * Refuses a change over a connection that is read-only.
 * @throws GantryError readOnly
 */
export function requireWritable(session: Session): void {
  if (!session.marks.readOnly) return;
  throw new GantryError('readOnly', message('“{0}” is a read-only connection.', nameOfProfile(session.spec)));
}

/**
 * Asks before something changes, in a modal that names what is lost, account and Region.
 * @throws GantryError readOnly; cancelled unless the person agrees
 */
export async function confirmChange(session: Session, { verb, question, detail }: Change): Promise<void> {
  requireWritable(session);
  const text = [detail, await placeOf(session)].filter(Boolean).join('\n\n');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail: text }, verb);
  if (answer !== verb) throw cancelled();
}

/**
 * Asks before a change that is ordinary elsewhere, if the connection is marked as production.
 * @throws GantryError readOnly; cancelled unless the person agrees
 */
export async function confirmInProduction(session: Session, change: Change): Promise<void> {
  requireWritable(session);
  if (session.marks.production) await confirmChange(session, change);
}

/** That a connection is marked as production, as a line of a question; nothing for others. */
export function productionLines({ marks, spec }: Session): string[] {
  return marks.production ? [vscode.l10n.t('“{0}” is marked as production.', nameOfProfile(spec))] : [];
}

/** Account and Region, and whether it is production, as lines of a question. */
export async function placeLines(session: Session): Promise<string[]> {
  return [await accountOf(session), ...productionLines(session)];
}

async function accountOf({ connection, signal }: Session): Promise<string> {
  const { account, region } = await connection.identity(signal);
  return vscode.l10n.t('Account {0}, {1}', account, region);
}

async function placeOf(session: Session): Promise<string> {
  const place = await accountOf(session);
  return session.marks.production
    ? vscode.l10n.t('{0}: “{1}” is marked as production.', place, nameOfProfile(session.spec))
    : place;
}
