import * as vscode from 'vscode';
import { rowScheme } from '../ui/schemes';

/**
 * The mark of rows that run another image than their tag names by now. Only such a row has a URI: VS Code asks for the
 * decoration of every URI that it sees, and there may be thousands of rows.
 */
export const driftDecorations: vscode.FileDecorationProvider = {
  provideFileDecoration(uri) {
    if (uri.scheme !== rowScheme) return undefined;
    return {
      badge: '≠',
      color: new vscode.ThemeColor('list.warningForeground'),
      tooltip: vscode.l10n.t('Its tag points at another image by now'),
    };
  },
};

/** The URI by which VS Code asks for a marked row's decoration; it opens nothing. */
export function markedUri(id: string): vscode.Uri {
  return vscode.Uri.from({ scheme: rowScheme, path: `/${id}` });
}
