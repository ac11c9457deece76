import * as vscode from 'vscode';
import { kindOf } from '../../provision/stackCause';
import type { StackEvent } from '../../provision/stacks';
import type { OutputTerminal } from '../../ui/outputTerminal';
import type { Progress } from '../../ui/progress';

/** Shows the events of a stack as they happen: what is going on now, how far it is, and every one in the terminal. */
export function showEvents(
  progress: Progress,
  output: OutputTerminal | undefined,
  count: number,
): (event: StackEvent) => void {
  const done = new Set<string>();
  return ({ at, logicalId, type, status, reason }) => {
    const time = new Date(at).toLocaleTimeString(vscode.env.language);
    output?.write(`${time}  ${status.padEnd(20)} ${kindOf(type)} ${logicalId}${reason ? `: ${reason}` : ''}\n`);
    if (type === 'AWS::CloudFormation::Stack') return;
    if (/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status)) done.add(logicalId);
    const text = status.endsWith('_FAILED') ? (reason ?? status) : `${kindOf(type)} ${logicalId}`;
    progress.report(
      vscode.l10n.t('{0} of {1}: {2}', done.size, count, text),
      count > 0 ? Math.min(1, done.size / count) : undefined,
    );
  };
}
