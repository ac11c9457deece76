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
    visit(source, (call) => {
      const [first] = call.arguments;
      if (first && ts.isStringLiteralLike(first)) texts.add(first.text);
      else if (!isForwarding(name)) problems.push(`${name}: ${call.getText().slice(0, 80)}`);
    });
  }
  return { texts, problems };
}

/** `ui/say.ts` is the one place that translates a message made elsewhere. */
function isForwarding(name: string): boolean {
  return name === path.join('ui', 'say.ts');
}

function visit(node: ts.Node, found: (call: ts.CallExpression) => void): void {
  if (ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    if (callee === 'vscode.l10n.t' || callee === 'message') found(node);
  }
  ts.forEachChild(node, (child) => visit(child, found));
}
