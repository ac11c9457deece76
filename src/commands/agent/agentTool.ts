import * as vscode from 'vscode';
import { sayError } from '../../ui/say';

/** A tool that a language model may call. */
export interface AgentTool<T extends object> {
  /** What is shown while it runs. */
  readonly title: (input: T) => string;
  /** What a person is asked before anything changes; nothing for tools that only read. */
  readonly confirm?: (input: T, signal: AbortSignal) => Promise<Question>;
  /** @returns a text that a model can act on */
  run(input: T, signal: AbortSignal): Promise<string>;
}

/** A question with what the change means, and where. */
export interface Question {
  readonly question: string;
  readonly detail: string;
}

/** The tool as VS Code calls it: an error becomes one sentence that says what to do instead. */
export function languageModelTool<T extends object>(tool: AgentTool<T>): vscode.LanguageModelTool<T> {
  return {
    async prepareInvocation({ input }, token) {
      const invocationMessage = tool.title(input);
      if (!tool.confirm) return { invocationMessage };
      const { question, detail } = await inWords(() => tool.confirm?.(input, signalOf(token)));
      // Names come from AWS and from the model: they are text, never Markdown.
      const message = new vscode.MarkdownString().appendText(detail);
      return { invocationMessage, confirmationMessages: { title: question, message } };
    },
    async invoke({ input }, token) {
      const text = await inWords(() => tool.run(input, signalOf(token)));
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    },
  };
}

async function inWords<T>(action: () => Promise<T> | undefined): Promise<T> {
  try {
    const result = await action();
    if (result !== undefined) return result;
    throw new Error(vscode.l10n.t('Cancelled'));
  } catch (error) {
    throw new Error(sayError(error), { cause: error });
  }
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
