import * as vscode from 'vscode';

/** Calls a language-model tool as an extension without a chat does: VS Code itself asks the person first. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.commands.registerCommand('toolCaller.call', call));
}

async function call(): Promise<void> {
  const typed = await vscode.window.showInputBox({ title: 'Call a Tool', prompt: '{"name": …, "input": …}' });
  if (typed === undefined) return;
  const { name, input } = JSON.parse(typed) as { name: string; input: object };
  try {
    const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    const texts = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : ''));
    void vscode.window.showInformationMessage(`${name} answered: ${texts.join('\n')}`);
  } catch (error) {
    void vscode.window.showErrorMessage(`${name} failed: ${String(error)}`);
  }
}
