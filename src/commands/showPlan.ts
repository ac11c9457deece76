import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ShowReport } from './reports';
import { systemClock } from '../core/clock';
import { GantryError, isCancelled } from '../core/errors';
import { message } from '../core/message';
import { failed, type Check } from '../deploy/preflight/check';
import { makePlan } from '../deploy/plan';
import type { Runner } from '../engine/command';
import type { ContainerEngine } from '../engine/containerEngine';
import { readSourceState } from '../engine/git';
import type { Connections } from '../ui/connections';
import { readTargetDefinition } from '../ui/definitionFiles';
import { chosenEngine } from '../ui/engines';
import { showActions } from '../ui/errors';
import { planDocument } from '../ui/planDocument';
import { withProgress } from '../ui/progress';
import { comparison, type Compare } from './comparePlan';
import type { ShipRequest, TargetChooser } from './chooseTarget';
import type { ShipChecks } from './shipChecks';
import { requireTrust } from './shipFlow';

/** What showing a plan works with. */
export interface PlanContext {
  readonly connections: Connections;
  readonly chooser: TargetChooser;
  readonly checks: ShipChecks;
  readonly processes: Runner;
  readonly showReport: ShowReport;
  readonly compare: Compare;
}

/** Shows what a ship would do and what the checks find. Builds nothing, changes nothing, saves nothing. */
export async function showPlan(context: PlanContext, request: Omit<ShipRequest, 'level'>): Promise<void> {
  requireTrust();
  const { target, dockerfile } = await context.chooser.choose({ ...request, level: 'ship' });
  const session = request.session ?? (await context.connections.sessionFor(target.account, target.region));
  const title = vscode.l10n.t('Plan of {0}', target.name);
  const connection = context.connections.openOwn(session.spec);
  try {
    const { text, show } = await withProgress(
      title,
      async (_, signal) => {
        const folder = path.join(dockerfile.folder.uri.fsPath, target.context);
        const source = await readSourceState(folder, context.processes, signal);
        const definition = await readTargetDefinition(dockerfile.folder, target);
        const [plan, { engine, problem }] = await Promise.all([
          makePlan(connection, systemClock, target, source, 'look', signal, definition),
          findEngine(context.processes, signal),
        ]);
        const checks = await context.checks.start(connection, plan, engine, dockerfile, signal);
        const found = [...problem, ...(await checks.all)];
        return { text: planDocument(session, plan, found), show: comparison(context, plan) };
      },
      session.signal,
    );
    await context.showReport(title, text);
    if (show) offerComparison(target.name, show);
  } finally {
    connection.dispose();
  }
}

function offerComparison(name: string, run: () => Promise<void>): void {
  const sentence = vscode.l10n.t('“{0}” would make a new revision of the task definition.', name);
  void showActions(vscode.window.showInformationMessage, sentence, [{ label: vscode.l10n.t('Compare'), run }]);
}

/** Without an engine there is a plan all the same, in which that stands. */
async function findEngine(
  processes: Runner,
  signal: AbortSignal,
): Promise<{ readonly engine: ContainerEngine | undefined; readonly problem: readonly Check[] }> {
  try {
    return { engine: await chosenEngine(processes, signal), problem: [] };
  } catch (error) {
    if (isCancelled(error) || !(error instanceof GantryError)) throw error;
    const fix = message('Start docker, podman, finch or nerdctl, or install one of them.');
    return { engine: undefined, problem: [failed('engine', error.sentence, fix)] };
  }
}
