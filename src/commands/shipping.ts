import type * as vscode from 'vscode';
import { systemClock } from '../core/clock';
import type { Service } from '../ecs/model';
import { ProcessRunner } from '../engine/processRunner';
import type { ServicePlace } from '../ui/askService';
import type { Connections, Session } from '../ui/connections';
import type { ErrorReporter } from '../ui/errors';
import { OutputTerminals } from '../ui/outputTerminal';
import { Targets } from '../ui/targets';
import type { EcrPlace } from './ecrPlace';
import { explain } from './explain';
import { whyFailing, type WhyPlace } from './whyFailing';
import { KeptFindings } from '../ui/keptFindings';
import { pullImage } from './pullImage';
import { redeploy } from './redeploy';
import { ShipFlow, type ShipRequest } from './shipFlow';
import { ShipRunner } from './shipRunner';
import { GantryTasks } from './tasks';

/** What shipping needs of the rest. */
export interface ShippingContext {
  readonly connections: Connections;
  readonly errors: ErrorReporter;
  readonly log: vscode.LogOutputChannel;
  /** Folder in which findings are kept. */
  readonly findings: string;
  readonly showReport: (title: string, text: string) => Promise<void>;
  /** Called with the ARN of a repository that has a new image. */
  readonly onPushed: (repository: string) => void;
}

/** Everything that builds, pushes and deploys. */
export interface Shipping extends vscode.Disposable {
  start(request: ShipRequest): Promise<void>;
  redeploy(place: ServicePlace | undefined): Promise<void>;
  /** Pulls an image into the container engine of this machine. */
  pull(place: EcrPlace | undefined): Promise<void>;
  /** Why the newest deployment of a service fails, in a few words; undefined when nothing is known. */
  explain(session: Session, cluster: string, service: Service): Promise<string | undefined>;
  /** Says why a service, a deployment or a task fails, and what helps. */
  whyFailing(place: WhyPlace | undefined): Promise<void>;
  readonly tasks: vscode.TaskProvider;
}

/** What `dist/ship.js` exports. It is loaded on first use: looking at the trees needs none of it. */
export interface ShippingModule {
  createShipping(context: ShippingContext): Shipping;
}

/** Puts the parts of shipping together. */
export function createShipping(context: ShippingContext): Shipping {
  const { connections, errors, log, onPushed, findings, showReport } = context;
  const kept = new KeptFindings(findings);
  const targets = new Targets();
  const terminals = new OutputTerminals();
  const processes = new ProcessRunner();
  const runner = new ShipRunner(connections, systemClock, log, onPushed, kept);
  const flow = new ShipFlow(connections, targets, runner, processes, terminals, systemClock);
  const fixers = { connections, runner, flow, guard: (action: () => unknown) => errors.guard(action) };
  return {
    start: (request) => flow.start(request),
    redeploy: (place) => redeploy(connections, runner, place),
    pull: (place) => pullImage({ connections, processes, terminals }, place),
    explain: (session, cluster, service) => explain(kept, session, cluster, service),
    whyFailing: (place) => whyFailing({ ...fixers, kept, showReport }, place),
    tasks: new GantryTasks(flow, targets, errors),
    dispose: () => terminals.dispose(),
  };
}
