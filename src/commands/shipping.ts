import * as vscode from 'vscode';
import { systemClock } from '../core/clock';
import type { Service } from '../ecs/model';
import { ProcessRunner } from '../engine/processRunner';
import type { ServicePlace } from '../ui/askService';
import type { Connections, Session } from '../ui/connections';
import type { ErrorReporter } from '../ui/errors';
import { OutputTerminals } from '../ui/outputTerminal';
import { RolloutFiles } from '../ui/rolloutFiles';
import { rolloutLenses } from '../ui/rolloutLenses';
import { RolloutStatus } from '../ui/rolloutStatus';
import { Targets } from '../ui/targets';
import type { AgentToolName } from '../core/contributions';
import { languageModelTool } from './agent/agentTool';
import { explainFailureTool } from './agent/explainFailureTool';
import { listServicesTool } from './agent/listServicesTool';
import { rollbackTool } from './agent/rollbackTool';
import { rolloutStatusTool } from './agent/rolloutStatusTool';
import { shipTool } from './agent/shipTool';
import type { ShippingDoor } from './create/creationContext';
import type { EcrPlace } from './ecrPlace';
import type { Compare } from './comparePlan';
import { TargetChooser, type ShipRequest } from './chooseTarget';
import { explain } from './explain';
import { applyFix } from './fixes/applyFix';
import type { RolloutRef } from './rollouts/announce';
import { whyFailing, type WhyPlace } from './whyFailing';
import { KeptFindings } from '../ui/keptFindings';
import { pullImage } from './pullImage';
import { deployRegistered } from './deployRegistered';
import { redeploy } from './redeploy';
import { networkOf } from './rollouts/networkOf';
import type { NetworkPlace } from './network/networkPlace';
import { Following } from './rollouts/following';
import { RolloutDocuments } from './rollouts/rolloutDocuments';
import { Rollouts } from './rollouts/rollouts';
import { rolloutVerbs, type RolloutVerbs } from './rollouts/rolloutVerbs';
import { ShipChecks } from './shipChecks';
import { mayShipAgain, ShipFlow } from './shipFlow';
import { showPlan } from './showPlan';
import { startFirstTasks } from './startFirstTasks';
import { ShipRunner } from './shipRunner';
import type { ShowReport } from './reports';
import { GantryTasks } from './tasks';

/** What shipping needs of the rest. */
export interface ShippingContext {
  readonly connections: Connections;
  readonly errors: ErrorReporter;
  readonly log: vscode.LogOutputChannel;
  /** Folder in which findings are kept. */
  readonly findings: string;
  readonly showReport: ShowReport;
  readonly compare: Compare;
  /** Called with the ARN of a repository that has a new image. */
  readonly onPushed: (repository: string) => void;
  /** Where rollouts are kept. */
  readonly rolloutFolder: string;
  /** Fired when the document of a rollout has changed. */
  readonly rolloutChanges: vscode.EventEmitter<vscode.FileChangeEvent[]>;
}

/** Everything that builds, pushes and deploys. */
export interface Shipping extends vscode.Disposable, ShippingDoor {
  start(request: ShipRequest): Promise<void>;
  redeploy(place: ServicePlace | undefined): Promise<void>;
  /** Lets a service run a revision that is registered, and follows; nothing is asked. */
  deployRevision(place: ServicePlace, revision: string): Promise<void>;
  /** Pulls an image into the container engine of this machine. */
  pull(place: EcrPlace | undefined): Promise<void>;
  /** Why the newest deployment of a service fails, in a few words; undefined when nothing is known. */
  explain(session: Session, cluster: string, service: Service): Promise<string | undefined>;
  /** Shows what a ship would do and what the checks find, without changing anything. */
  showPlan(request: Omit<ShipRequest, 'level'>): Promise<void>;
  /** Where in the network the cause of a rollout's failure is. */
  networkOf(rollout: RolloutRef): Promise<NetworkPlace>;
  /** Says why a service, a deployment or a task fails, and what helps. */
  whyFailing(place: WhyPlace | undefined): Promise<void>;
  /** Does what helps against the first cause of a rollout. */
  applyFix(rollout: RolloutRef): Promise<void>;
  readonly tasks: vscode.TaskProvider;
  readonly rollouts: RolloutVerbs;
  readonly documents: RolloutDocuments;
  /** The tools for language models, by their names in the manifest. */
  readonly agentTools: Readonly<Record<AgentToolName, vscode.LanguageModelTool<object>>>;
  /** What can be done about the rollout of a document. */
  lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]>;
}

/** What `dist/ship.js` exports. It is loaded on first use: looking at the trees needs none of it. */
export interface ShippingModule {
  createShipping(context: ShippingContext): Shipping;
}

/** Puts the parts of shipping together. */
export function createShipping(context: ShippingContext): Shipping {
  const { connections, errors, log, onPushed, rolloutFolder, rolloutChanges, findings, showReport, compare } = context;
  const kept = new KeptFindings(findings);
  const targets = new Targets();
  const terminals = new OutputTerminals();
  const processes = new ProcessRunner();
  const files = new RolloutFiles(rolloutFolder, workspaceName());
  const status = new RolloutStatus();
  const rollouts = new Rollouts(connections, systemClock, log, files, kept, (id) => RolloutDocuments.isShown(id));
  const documents = new RolloutDocuments((id) => rollouts.find(id), systemClock, rolloutChanges);
  rollouts.onDidChange((record) => {
    status.show(rollouts.going);
    documents.touch(record);
  });
  const following = new Following(rollouts, systemClock, log);
  const runner = new ShipRunner(systemClock, log, onPushed, following, files);
  const checks = new ShipChecks(systemClock);
  const chooser = new TargetChooser(connections, targets, processes);
  const flow = new ShipFlow(connections, chooser, targets, runner, processes, terminals, checks, systemClock, compare);
  const fixers = { connections, runner, flow, showReport, guard: (action: () => unknown) => errors.guard(action) };
  const disposables = [terminals, status, rollouts, documents];
  const rolloutContext = { connections, rollouts, following, documents, files };
  return {
    start: (request) => shipAgain(flow, errors, request),
    output: (name) => terminals.show(name),
    buildAhead: (place, target, signal) => flow.buildAhead(place, target, signal),
    shipSaved: (place, name) => flow.shipSaved(place, name),
    pushSaved: (place, target) => flow.pushSaved(place, target),
    redeploy: (place) => redeploy(connections, runner, place),
    deployRevision: (place, revision) => deployRegistered(connections, runner, place, revision),
    startFirstTasks: (first) => startFirstTasks(connections, runner, first),
    pull: (place) => pullImage({ connections, processes, terminals }, place),
    explain: (session, cluster, service) => explain(kept, session, cluster, service),
    showPlan: (request) => showPlan({ connections, chooser, checks, processes, showReport, compare }, request),
    networkOf: (rollout) => networkOf(connections, rollouts, rollout),
    whyFailing: (place) => whyFailing({ ...fixers, kept }, place),
    applyFix: (rollout) => applyFix(fixers, rollouts, rollout),
    tasks: new GantryTasks(flow, targets, errors),
    rollouts: rolloutVerbs(rolloutContext),
    agentTools: {
      gantry_listServices: languageModelTool(listServicesTool(connections)),
      gantry_explainFailure: languageModelTool(explainFailureTool(connections, kept)),
      gantry_rolloutStatus: languageModelTool(rolloutStatusTool(connections, rollouts)),
      gantry_ship: languageModelTool(shipTool({ connections, targets, terminals, flow })),
      gantry_rollback: languageModelTool(rollbackTool(rolloutContext)),
    },
    documents,
    lenses: async ({ uri }) => rolloutLenses(await rollouts.find(RolloutDocuments.idOf(uri))),
    dispose: () => disposables.forEach((each) => each.dispose()),
  };
}

/** Ships; where another try may mend what went wrong (a new login, a free registry, a started engine), a button does. */
async function shipAgain(flow: ShipFlow, errors: ErrorReporter, request: ShipRequest): Promise<void> {
  try {
    await flow.start(request);
  } catch (error) {
    if (!mayShipAgain(error)) throw error;
    const run = (): Promise<void> => errors.guard(() => shipAgain(flow, errors, request));
    void errors.show(error, { label: vscode.l10n.t('Try Again'), run });
  }
}

/** What tells this workspace from others. */
function workspaceName(): string {
  return (vscode.workspace.workspaceFile ?? vscode.workspace.workspaceFolders?.[0]?.uri)?.toString() ?? '';
}
