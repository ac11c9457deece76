import * as vscode from 'vscode';
import type { Clock, Timer } from '../../core/clock';
import { idOf, type RolloutRecord } from '../../deploy/rolloutRecord';
import type { Files } from '../../ui/lazyFiles';
import { rolloutText } from '../../ui/rolloutText';
import { rolloutScheme } from '../../ui/schemes';

/** Milliseconds in which changes of a rollout are collected before its document is read again. */
const pause = 250;

/** Finds what is known of a rollout. */
type Find = (id: string) => Promise<RolloutRecord | undefined>;

/** The documents of rollouts: read-only, live, and there again after a restart. */
export class RolloutDocuments implements Files {
  private readonly timers = new Map<string, Timer>();
  private readonly changedAt = new Map<string, number>();

  constructor(
    private readonly find: Find,
    private readonly clock: Clock,
    private readonly changed: vscode.EventEmitter<vscode.FileChangeEvent[]>,
  ) {}

  static uriOf({ start }: RolloutRecord, id: string): vscode.Uri {
    return vscode.Uri.from({ scheme: rolloutScheme, path: `/${id}/${start.service}.rollout` });
  }

  /** The id in the URI of a document. */
  static idOf(uri: vscode.Uri): string {
    return uri.path.split('/')[1] ?? '';
  }

  /** Whether somebody has the document of a rollout before their eyes. */
  static isShown(id: string): boolean {
    return vscode.window.visibleTextEditors.some(
      ({ document }) => document.uri.scheme === rolloutScheme && RolloutDocuments.idOf(document.uri) === id,
    );
  }

  async show(record: RolloutRecord): Promise<void> {
    const uri = RolloutDocuments.uriOf(record, idOf(record));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
  }

  /** The rollout has moved: its document is read again soon. */
  touch(record: RolloutRecord): void {
    const id = idOf(record);
    if (this.timers.has(id)) return;
    const timer = this.clock.after(pause, () => {
      this.timers.delete(id);
      this.changedAt.set(id, this.clock.now());
      this.changed.fire([{ type: vscode.FileChangeType.Changed, uri: RolloutDocuments.uriOf(record, id) }]);
    });
    this.timers.set(id, timer);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length: size } = await this.readFile(uri);
    const mtime = this.changedAt.get(RolloutDocuments.idOf(uri)) ?? 0;
    return { type: vscode.FileType.File, ctime: 0, mtime, size, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const record = await this.find(RolloutDocuments.idOf(uri));
    const text = record
      ? rolloutText(record, this.clock.now())
      : `${vscode.l10n.t('This rollout is not known any more.')}\n`;
    return Buffer.from(text);
  }

  writeFile(uri: vscode.Uri): Promise<void> {
    return Promise.reject(vscode.FileSystemError.NoPermissions(uri));
  }

  dispose(): void {
    for (const timer of this.timers.values()) timer.cancel();
  }
}
