import * as vscode from 'vscode';
import { agentTools } from '../../core/contributions';
import type { Shipping } from '../shipping';

/** Registers the tools for language models; what they do is loaded with the first call. */
export function registerTools(shipping: () => Shipping): vscode.Disposable {
  const registered = agentTools.map((name) =>
    vscode.lm.registerTool<object>(name, {
      prepareInvocation: (options, token) => shipping().agentTools[name].prepareInvocation?.(options, token),
      invoke: (options, token) => shipping().agentTools[name].invoke(options, token),
    }),
  );
  return vscode.Disposable.from(...registered);
}
