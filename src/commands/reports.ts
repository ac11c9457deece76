import * as vscode from 'vscode';
import { reportScheme } from '../ui/schemes';

/** One side of a comparison: a value that is shown as JSON, or a document that is there. */
export type Comparable = { readonly name: string; readonly value: unknown } | vscode.Uri;

/** A link above a report. */
export interface ReportLens {
  readonly title: string;
  readonly command: string;
  readonly argument: unknown;
}

export interface ReportOptions {
  readonly type?: 'txt' | 'md';
  readonly lenses?: readonly ReportLens[];
}

/** Shows a report. */
export type ShowReport = (title: string, text: string, options?: ReportOptions) => Promise<void>;

/** Read-only documents that were made from answers. They live as long as the window. */
export class Reports {
  private readonly texts = new Map<string, string>();
  private readonly lensesOf = new Map<string, readonly ReportLens[]>();
  private comparisons = 0;

  /** @param changed fired when a report says something else */
  constructor(private readonly changed: vscode.EventEmitter<vscode.Uri>) {}

  /** Shows a text; one with the same title takes the place of the one before. */
  async show(title: string, text: string, { type = 'txt', lenses = [] }: ReportOptions = {}): Promise<void> {
    const uri = this.keep(`${title}.${type}`, text, '', lenses);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  /** What can be done about what a report says, above its first line. */
  lenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    return (this.lensesOf.get(uri.toString()) ?? []).map(
      ({ title, command, argument }) => new vscode.CodeLens(top, { title, command, arguments: [argument] }),
    );
  }

  /** Shows two values side by side, the second in the order of the first. */
  async compare(before: Comparable, after: Comparable): Promise<void> {
    const model = before instanceof vscode.Uri ? undefined : before.value;
    const uriOf = (side: Comparable): vscode.Uri =>
      side instanceof vscode.Uri
        ? side
        : this.keep(
            `${side.name}.json`,
            `${JSON.stringify(inOrderOf(model, side.value), undefined, 2)}\n`,
            String((this.comparisons += 1)),
          );
    const name = (uri: vscode.Uri): string => uri.path.slice(1).replace(/\.json$/, '');
    const [left, right] = [uriOf(before), uriOf(after)];
    await vscode.commands.executeCommand('vscode.diff', left, right, `${name(left)} ↔ ${name(right)}`);
  }

  /** The text behind a document; a restored tab of an earlier window has none. */
  provide(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? vscode.l10n.t('This report is from an earlier window. Make it again.');
  }

  /** @param version tells documents of one name apart */
  private keep(name: string, text: string, version = '', lenses: readonly ReportLens[] = []): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: reportScheme, path: `/${name.replaceAll('/', '∕')}`, query: version });
    const known = this.texts.has(uri.toString());
    this.texts.set(uri.toString(), text);
    this.lensesOf.set(uri.toString(), lenses);
    if (known) this.changed.fire(uri);
    return uri;
  }
}

/** The same value with its members in the order of a model; others come last. */
function inOrderOf(model: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => inOrderOf(Array.isArray(model) ? model[index] : undefined, item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const own = value as Record<string, unknown>;
  const of = (typeof model === 'object' && model !== null ? model : {}) as Record<string, unknown>;
  const keys = [...Object.keys(of).filter((key) => key in own), ...Object.keys(own).filter((key) => !(key in of))];
  return Object.fromEntries(keys.map((key) => [key, inOrderOf(of[key], own[key])]));
}
