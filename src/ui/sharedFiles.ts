import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

/** Milliseconds in which changes are collected: tools write a file in several steps. */
const pause = 400;

/**
 * Tells when AWS's shared files or the cache of its sign-ins change: signing in with another tool brings the trees
 * back without a click.
 */
export class SharedFiles implements vscode.Disposable {
  private readonly watchers: vscode.FileSystemWatcher[];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly onChange: () => void) {
    const folder = path.join(os.homedir(), '.aws');
    const files = [
      process.env['AWS_CONFIG_FILE'] ?? path.join(folder, 'config'),
      process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? path.join(folder, 'credentials'),
      path.join(folder, 'sso', 'cache', '*.json'),
      path.join(folder, 'login', 'cache', '*.json'),
    ];
    this.watchers = files.map((file) => this.watch(file));
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers) watcher.dispose();
  }

  private watch(file: string): vscode.FileSystemWatcher {
    const pattern = new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    watcher.onDidChange(() => this.changed());
    watcher.onDidCreate(() => this.changed());
    watcher.onDidDelete(() => this.changed());
    return watcher;
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onChange, pause);
  }
}
