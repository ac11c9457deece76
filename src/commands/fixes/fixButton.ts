import * as vscode from 'vscode';
import { Command } from '../../core/contributions';
import type { FixAction } from '../../deploy/finding';
import type { ServicePlace } from '../../ui/askService';
import { requireWritable } from '../../ui/changes';
import type { Connections, Session } from '../../ui/connections';
import { showActions, type Action } from '../../ui/errors';
import { fixLabel } from '../../ui/fixLabel';
import { redeploy } from '../redeploy';
import type { ShowReport } from '../reports';
import type { ShipFlow } from '../shipFlow';
import type { ShipRunner } from '../shipRunner';
import { addIngressRule } from './addIngressRule';
import { createLogGroup } from './createLogGroup';
import { giveMemory } from './raiseMemory';
import { showPolicy } from './showPolicy';

/** Who carries fixes out. */
export interface Fixers {
  readonly connections: Connections;
  readonly runner: ShipRunner;
  readonly flow: Pick<ShipFlow, 'start'>;
  /** Shows what goes wrong with a fix: it starts long after the command that offered it has ended. */
  readonly guard: (action: () => unknown) => Promise<void>;
  readonly showReport: ShowReport;
}

/** Where a fix belongs: a service, or only the connection for a task of none. */
export interface FixPlace {
  readonly session: Session;
  readonly service: ServicePlace | undefined;
}

/** The button for an action; undefined where it needs a service and there is none. */
export function fixButton(fixers: Fixers, place: FixPlace, action: FixAction | undefined): Action | undefined {
  const run = action && runOf(fixers, place, action);
  return run && { label: fixLabel(action), run: () => fixers.guard(run) };
}

function runOf(
  fixers: Fixers,
  { session, service }: FixPlace,
  action: FixAction,
): (() => Promise<unknown>) | undefined {
  const { connections, runner, flow } = fixers;
  const again = (): Promise<void> => offerRedeploy(fixers, service);
  switch (action.kind) {
    case 'createLogGroup':
      return () => createLogGroup(session, action).then(again);
    case 'createRepository':
      return async () => {
        requireWritable(session);
        await vscode.commands.executeCommand(Command.createRepository, action.repository);
      };
    case 'attachPolicy':
      return () => showPolicy(action, fixers.showReport);
    case 'addIngressRule':
      return () => addIngressRule(session, action).then(again);
    case 'raiseMemory':
      return service && (() => giveMemory(connections, runner, service, action));
    case 'forceDeployment':
      // Express Mode replaces no tasks for nothing.
      return service && !service.service.express ? () => redeploy(connections, runner, service) : undefined;
    case 'rebuild':
      return service && (() => flow.start({ level: 'ship', place: service, session, platform: action.platform }));
  }
}

/** What was mended is used by the next tasks; a new deployment starts them without the waits of the failed one. */
async function offerRedeploy({ connections, runner, guard }: Fixers, service: ServicePlace | undefined): Promise<void> {
  const done = vscode.l10n.t('Done. Tasks that start from now on use it.');
  const label = vscode.l10n.t('Redeploy');
  const run = (): Promise<void> => guard(() => service && redeploy(connections, runner, service));
  void showActions(
    vscode.window.showInformationMessage,
    done,
    service && !service.service.express ? [{ label, run }] : [],
  );
  return Promise.resolve();
}
