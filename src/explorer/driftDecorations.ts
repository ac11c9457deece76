import * as vscode from 'vscode';
import { rowScheme } from '../ui/schemes';

/** Marks rows whose tag points at another image by now. */
export class DriftDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.changed.event;
  private readonly moved = new Set<string>();
  private readonly registration = vscode.window.registerFileDecorationProvider(this);

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== rowScheme || !this.moved.has(uri.path)) return undefined;
    return {
      badge: '≠',
      color: new vscode.ThemeColor('list.warningForeground'),
      tooltip: vscode.l10n.t('Its tag points at another image by now'),
    };
  }

  /** Says of a row whether it runs something else than its tag names. */
  set(id: string, moved: boolean): void {
    const { path } = rowUri(id);
    if (moved === this.moved.has(path)) return;
    if (moved) this.moved.add(path);
    else this.moved.delete(path);
    this.changed.fire([rowUri(id)]);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

/** The URI by which VS Code asks for a row's decoration; it opens nothing. */
export function rowUri(id: string): vscode.Uri {
  return vscode.Uri.from({ scheme: rowScheme, path: `/${id}` });
}
