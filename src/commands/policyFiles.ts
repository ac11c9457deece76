import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Repository } from '../ecr/model';
import { confirmChange, requireWritable } from '../ui/changes';
import type { Connections, Session } from '../ui/connections';
import { learned } from '../ui/learned';
import { sayError } from '../ui/say';
import { policyScheme } from '../ui/schemes';

export type PolicyKind = 'lifecycle' | 'repository';

/** Which policy a document shows. */
export interface PolicyRef {
  readonly session: Session;
  readonly repository: string;
  readonly kind: PolicyKind;
}

/** A policy as the editor has it. */
interface Opened {
  readonly bytes: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

/** What a repository without a policy is offered; nothing is in force before it is saved. */
const proposals: Readonly<Record<PolicyKind, (account: string) => unknown>> = {
  lifecycle: () => ({
    rules: [
      {
        rulePriority: 1,
        description: 'Expire untagged images after 14 days',
        selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
        action: { type: 'expire' },
      },
    ],
  }),
  repository: (account) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Pull',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      },
    ],
  }),
};

/** The policies of repositories as files: what is saved is in force, after a confirmation. */
export class PolicyFiles {
  private readonly opened = new Map<string, Opened>();

  constructor(
    private readonly connections: Connections,
    private readonly changed: vscode.EventEmitter<vscode.FileChangeEvent[]>,
  ) {}

  static uriOf(session: Session, { name }: Repository, kind: PolicyKind): vscode.Uri {
    const file = name.slice(name.lastIndexOf('/') + 1);
    return vscode.Uri.from({
      scheme: policyScheme,
      path: `/${name}/${file}.${kind}-policy.json`,
      query: JSON.stringify({ key: session.key, repository: name, kind }),
    });
  }

  /** @throws GantryError notFound when the connection has been closed */
  refOf(uri: vscode.Uri): PolicyRef {
    const { key, repository, kind } = JSON.parse(uri.query) as { key: string; repository: string; kind: PolicyKind };
    const session = this.connections.sessions.find((each) => each.key === key);
    if (!session) throw new GantryError('notFound', message('The connection of this document is not open any more.'));
    return { session, repository, kind };
  }

  /** The policy has been changed or deleted elsewhere: open documents read it again. */
  drop(uri: vscode.Uri): void {
    this.opened.delete(uri.toString());
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, changedAt } = await this.open(uri);
    const stat = { type: vscode.FileType.File, ctime: 0, mtime: changedAt, size: bytes.length };
    const readOnly = this.refOf(uri).session.marks.readOnly;
    return readOnly ? { ...stat, permissions: vscode.FilePermission.Readonly } : stat;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.open(uri)).bytes;
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    try {
      await this.save(this.refOf(uri), Buffer.from(bytes).toString('utf8'));
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(sayError(error));
    }
    this.opened.set(uri.toString(), { bytes, changedAt: Date.now() });
  }

  private async save({ session, repository, kind }: PolicyRef, text: string): Promise<void> {
    requireWritable(session);
    requireJson(text);
    const isLifecycle = kind === 'lifecycle';
    await confirmChange(session, {
      verb: vscode.l10n.t('Save Policy'),
      question: isLifecycle
        ? vscode.l10n.t('Put this lifecycle policy of “{0}” in force?', repository)
        : vscode.l10n.t('Put this repository policy of “{0}” in force?', repository),
      detail: isLifecycle
        ? vscode.l10n.t('ECR deletes the images that its rules select, within 24 hours. A preview shows which.')
        : vscode.l10n.t('It decides who else may pull from the repository or push to it.'),
    });
    const { ecr } = session.connection;
    if (isLifecycle) await ecr.setLifecyclePolicy(repository, text, session.signal);
    else await ecr.setRepositoryPolicy(repository, text, session.signal);
    if (!isLifecycle) learned('policy');
    vscode.window.setStatusBarMessage(vscode.l10n.t('The policy of “{0}” is in force', repository), 5000);
  }

  private async open(uri: vscode.Uri): Promise<Opened> {
    const known = this.opened.get(uri.toString());
    if (known) return known;
    try {
      const { session, repository, kind } = this.refOf(uri);
      const { ecr } = session.connection;
      const text =
        kind === 'lifecycle'
          ? await ecr.lifecyclePolicy(repository, session.signal)
          : await ecr.repositoryPolicy(repository, session.signal);
      const value = text === undefined ? await this.proposal(session, repository, kind) : (JSON.parse(text) as unknown);
      const opened = { bytes: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`), changedAt: Date.now() };
      this.opened.set(uri.toString(), opened);
      return opened;
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(sayError(error));
    }
  }

  private async proposal(session: Session, repository: string, kind: PolicyKind): Promise<unknown> {
    const { account } = await session.connection.identity(session.signal);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('“{0}” has no such policy. This one is a proposal; it is in force when you save it.', repository),
    );
    return proposals[kind](account);
  }
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new GantryError('refused', message('This is not JSON: {0}', String(cause)), { cause });
  }
}
