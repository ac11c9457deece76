import * as vscode from 'vscode';
import { reportScheme } from '../ui/schemes';

/** Read-only documents that were made from answers. They live as long as the window. */
export class Reports {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  /** Shows a text; one with the same title takes the place of the one before. */
  async show(title: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: reportScheme, path: `/${title.replaceAll('/', '∕')}.txt` });
    const known = this.texts.has(uri.toString());
    this.texts.set(uri.toString(), text);
    if (known) this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  /** The text behind a document; a restored tab of an earlier window has none. */
  provide(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? vscode.l10n.t('This report is from an earlier window. Make it again.');
  }
}
