import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { nameOf } from '../../core/arn';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { revisionInput } from '../../deploy/taskDefinition';
import type { Connections, Session } from '../../ui/connections';
import { sayError } from '../../ui/say';
import { writeWhole } from '../../ui/wholeFile';
import { definitionScheme } from '../../ui/schemes';

/** A revision that is edited. */
export interface EditedRevision {
  readonly session: Session;
  /** ARN, or `family:revision`; the family alone where none is registered yet. */
  readonly revision: string;
  /** Nothing is registered that it would be a change of: there is a draft or nothing. */
  readonly isNew?: boolean | undefined;
  /** The service on whose row the editor was opened. */
  readonly service?: { readonly cluster: string; readonly name: string } | undefined;
}

interface Draft {
  readonly bytes: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

/**
 * Revisions of task definitions as files. What is saved is kept on this machine as a draft, over restarts, until it is
 * registered or discarded: saving changes nothing in AWS, so that auto save does not either.
 */
export class DraftFiles {
  /** What ECS said, by document. */
  private readonly read = new Map<string, Draft>();

  /** @param folder where drafts are kept, readable by the user alone */
  constructor(
    private readonly connections: Connections,
    private readonly folder: string,
    private readonly changed: vscode.EventEmitter<vscode.FileChangeEvent[]>,
  ) {}

  static uriOf({ session, revision, isNew, service }: EditedRevision): vscode.Uri {
    return vscode.Uri.from({
      scheme: definitionScheme,
      path: `/${nameOf(revision).replace(':', '-')}.task-definition.json`,
      query: JSON.stringify({ key: session.key, revision, isNew, service }),
    });
  }

  /** @throws GantryError notFound when the connection has been closed */
  refOf(uri: vscode.Uri): EditedRevision {
    const { key, ...rest } = JSON.parse(uri.query) as { key: string } & Omit<EditedRevision, 'session'>;
    const session = this.connections.sessions.find((each) => each.key === key);
    if (!session) throw new GantryError('notFound', message('The connection of this document is not open any more.'));
    return { ...rest, session };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, changedAt } = await this.open(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: changedAt, size: bytes.length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.open(uri)).bytes;
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    await writeWhole(this.fileOf(uri), bytes);
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async hasDraft(uri: vscode.Uri): Promise<boolean> {
    return (await this.draftOf(uri)) !== undefined;
  }

  /** Throws a draft away: the document is the revision again, or gone where there is none. */
  async discard(uri: vscode.Uri): Promise<void> {
    await fs.rm(this.fileOf(uri), { force: true });
    const known = this.read.get(uri.toString());
    if (known) this.read.set(uri.toString(), { ...known, changedAt: Date.now() });
    const { Changed, Deleted } = vscode.FileChangeType;
    this.changed.fire([{ type: isNewFamily(uri) ? Deleted : Changed, uri }]);
  }

  private async open(uri: vscode.Uri): Promise<Draft> {
    const known = (await this.draftOf(uri)) ?? this.read.get(uri.toString());
    if (known) return known;
    if (isNewFamily(uri)) throw vscode.FileSystemError.FileNotFound(uri);
    try {
      const { session, revision } = this.refOf(uri);
      const described = await session.connection.ecs.describeTaskDefinition(revision, session.signal);
      const text = `${JSON.stringify(revisionInput(described), undefined, 2)}\n`;
      const opened = { bytes: Buffer.from(text), changedAt: Date.now() };
      this.read.set(uri.toString(), opened);
      return opened;
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(sayError(error));
    }
  }

  private async draftOf(uri: vscode.Uri): Promise<Draft | undefined> {
    try {
      const file = this.fileOf(uri);
      const [bytes, { mtimeMs }] = await Promise.all([fs.readFile(file), fs.stat(file)]);
      return { bytes, changedAt: mtimeMs };
    } catch {
      return undefined;
    }
  }

  private fileOf(uri: vscode.Uri): string {
    return path.join(this.folder, `${createHash('sha256').update(uri.toString()).digest('hex')}.json`);
  }
}

/** Whether nothing is registered behind a document. */
export function isNewFamily(uri: vscode.Uri): boolean {
  return uri.scheme === definitionScheme && (JSON.parse(uri.query) as { isNew?: boolean }).isNew === true;
}
