import type * as vscode from 'vscode';
import { definitionScheme } from '../../ui/schemes';

/** Whether a document is a task definition by its name. */
export function isDefinition({ uri, languageId }: Pick<vscode.TextDocument, 'uri' | 'languageId'>): boolean {
  if (uri.scheme === definitionScheme) return true;
  return languageId === 'json' && uri.scheme === 'file' && /(task-definition|taskdef)[^/]*\.json$/.test(uri.path);
}
