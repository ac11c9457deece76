import * as vscode from 'vscode';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { describeTarget, type Target } from '../../deploy/target';
import { requireWritable } from '../../ui/changes';
import { plainName, type Connections } from '../../ui/connections';
import type { OutputTerminals } from '../../ui/outputTerminal';
import type { Targets } from '../../ui/targets';
import type { RolloutResult } from '../../deploy/rollout';
import { findingLines } from '../../ui/rolloutText';
import { say } from '../../ui/say';
import { requireTrust, type ShipFlow } from '../shipFlow';
import type { AgentTool } from './agentTool';

interface Input {
  /** The name of an entry of the setting `gantry.targets`. */
  readonly target: string;
}

interface Found {
  readonly folder: vscode.WorkspaceFolder;
  readonly target: Target;
}

/** What the tool needs of the rest. */
export interface ShipToolContext {
  readonly connections: Connections;
  readonly targets: Targets;
  readonly terminals: OutputTerminals;
  readonly flow: ShipFlow;
}

export function shipTool({ connections, targets, terminals, flow }: ShipToolContext): AgentTool<Input> {
  return {
    title: ({ target }) => vscode.l10n.t('Shipping “{0}”', target),
    async confirm(input, signal) {
      requireTrust();
      const { target } = find(targets, input);
      const session = await connections.sessionFor(target.account, target.region);
      requireWritable(session);
      const { account, region } = await session.connection.identity(signal);
      const place = vscode.l10n.t('Account {0}, {1}', account, region);
      return {
        question: vscode.l10n.t('Build, push and redeploy “{0}”?', target.name),
        detail: [target.dockerfile, describeTarget(target), place, plainName(session.spec)].join('\n'),
      };
    },
    async run(input) {
      const { folder, target } = find(targets, input);
      const result = await flow.startTarget('ship', folder, target.name, terminals.show(target.name));
      return result ? textOf(result, target) : `“${target.name}” was pushed; it names no service.`;
    },
  };
}

/** @throws GantryError targetInvalid with the names that there are */
function find(targets: Targets, { target: name }: Input): Found {
  const all = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
    targets.list(folder).map((target) => ({ folder, target })),
  );
  const found = all.find(({ target }) => target.name === name);
  if (found) return found;
  const names = all.map(({ target }) => target.name).join(', ') || '–';
  throw new GantryError(
    'targetInvalid',
    message('There is no target “{0}” in gantry.targets. There are: {1}', name, names),
  );
}

function textOf({ verdict, findings, service }: RolloutResult, { name }: Target): string {
  const reason = verdict.reason ? say(verdict.reason) : '';
  return [
    `Verdict for ${name} (${service?.name ?? ''}): ${verdict.kind}. ${reason}`.trim(),
    ...findings.flatMap(findingLines),
  ].join('\n');
}
