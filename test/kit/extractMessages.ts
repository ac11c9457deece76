import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** The texts of all calls of `vscode.l10n.t(…)` and `message(…)` below a folder, and the calls that hide theirs. */
export function extractMessages(folder: string): { texts: Set<string>; problems: string[] } {
  const texts = new Set<string>();
  const problems: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    // The sandbox speaks to programs, in AWS's words.
    if (!name.endsWith('.ts') || name.startsWith('sandbox')) continue;
    const file = path.join(folder, name);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const hidden = (node: ts.Node): void => void problems.push(`${name}: ${node.getText().slice(0, 80)}`);
    visit(source, (node) => {
      if (isAlias(node)) hidden(node.parent);
      if (!isTranslation(node)) return;
      const [first] = node.arguments;
      if (first && ts.isStringLiteralLike(first)) texts.add(first.text);
      else if (!isForwarding(name)) hidden(node);
    });
  }
  return { texts, problems };
}

/** `ui/say.ts` is the one place that translates a message made elsewhere. */
function isForwarding(name: string): boolean {
  return name === path.join('ui', 'say.ts');
}

function isTranslation(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && ['vscode.l10n.t', 'message'].includes(node.expression.getText());
}

/** Under another name (`const { t } = vscode.l10n`) a call could not be found. */
function isAlias(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.getText() !== 'vscode.l10n') return false;
  const outer = node.parent.parent;
  return !(ts.isCallExpression(outer) && outer.expression.getText() === 'vscode.l10n.t');
}

function visit(node: ts.Node, found: (node: ts.Node) => void): void {
  found(node);
  ts.forEachChild(node, (child) => visit(child, found));
}
