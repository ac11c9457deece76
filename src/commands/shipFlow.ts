import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../core/clock';
import { GantryError, isCancelled, type Reason, reasonOf } from '../core/errors';
import { formatImageReference } from '../core/imageRef';
import { message } from '../core/message';
import { makePlan, type Plan } from '../deploy/plan';
import { defaultTagRule, describeTarget, makeTag, type Target } from '../deploy/target';
import type { RolloutResult } from '../deploy/rollout';
import { requireDeployable } from '../ecs/findService';
import type { Runner } from '../engine/command';
import { readSourceState } from '../engine/git';
import { confirmInProduction, requireWritable, type Change } from '../ui/changes';
import type { Connections, Session } from '../ui/connections';
import { learned } from '../ui/learned';
import type { OutputTerminal, OutputTerminals } from '../ui/outputTerminal';
import { sayError } from '../ui/say';
import { confirmPlan, settleTakenTag } from '../ui/planMessage';
import { askDespite, sayCheck, worthSaying } from '../ui/preflightMessage';
import type { DockerfilePlace } from '../ui/dockerfiles';
import { withProgress, type Progress } from '../ui/progress';
import type { Targets } from '../ui/targets';
import { readTargetDefinition } from '../ui/definitionFiles';
import { chosenEngine } from '../ui/engines';
import { comparison, type Compare } from './comparePlan';
import { titleOfLevel, type Chosen, type Level, type ShipRequest, type TargetChooser } from './chooseTarget';
import type { RunningChecks, ShipChecks } from './shipChecks';
import { buildRequest, type ShipRunner } from './shipRunner';

/** Where a ship shows itself. */
interface Surroundings {
  readonly open: () => OutputTerminal;
  readonly asks: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly onPushed?: ((image: string) => void) | undefined;
}

interface Confirmation {
  readonly session: Session;
  readonly plan: Plan;
  readonly checks: RunningChecks;
  /** Whether the plan is shown and asked about. */
  readonly isConfirmed: boolean;
  readonly asks: boolean;
}

/** From a click to a plan, with as few questions as possible, and then to the runner. */
export class ShipFlow {
  constructor(
    private readonly connections: Connections,
    private readonly chooser: TargetChooser,
    private readonly targets: Targets,
    private readonly runner: ShipRunner,
    private readonly processes: Runner,
    private readonly terminals: OutputTerminals,
    private readonly checks: ShipChecks,
    private readonly clock: Clock,
    readonly compare: Compare,
  ) {}

  /** Ships what a person clicked on. */
  async start(request: ShipRequest): Promise<void> {
    requireTrust();
    if (request.session && request.level !== 'build') requireWritable(request.session);
    if (request.place && request.level === 'ship') requireDeployable(request.place.service);
    const found = await this.chooser.choose(request);
    const target = request.platform ? { ...found.target, platform: request.platform } : found.target;
    const chosen = { ...found, target, session: request.session };
    await this.run(request.level, chosen, () => this.terminals.show(chosen.target.name), true);
  }

  /** Ships a saved target, as a task does: the terminal is the task's, and nothing is asked. */
  async startTarget(
    level: Level,
    folder: vscode.WorkspaceFolder,
    name: string,
    terminal: OutputTerminal,
  ): Promise<RolloutResult | undefined> {
    requireTrust();
    const target = this.targets.list(folder).find((candidate) => candidate.name === name);
    if (!target) {
      const problem = this.targets.problems(folder)[0]?.sentence;
      throw new GantryError('targetInvalid', problem ?? message('There is no target “{0}” in gantry.targets.', name));
    }
    const uri = vscode.Uri.joinPath(folder.uri, target.dockerfile);
    const dockerfile = { uri, folder, path: target.dockerfile };
    return this.run(level, { target, dockerfile, isNew: false }, () => terminal, false);
  }

  /** Builds the image of a target without a word, so that its ship finds everything built. */
  async buildAhead({ folder }: DockerfilePlace, target: Target, signal: AbortSignal): Promise<void> {
    const engine = await chosenEngine(this.processes, signal);
    const name = `${localName(target.repository ?? target.name)}:ahead`;
    await engine.build(buildRequest(target, folder, name, target.platform), undefined, () => undefined, signal);
  }

  /** Ships a saved target in its own terminal; nothing is asked. */
  shipSaved(place: DockerfilePlace, name: string): Promise<RolloutResult | undefined> {
    return this.startTarget('ship', place.folder, name, this.terminals.show(name));
  }

  /**
   * Builds and pushes a target, and does no more; nothing is asked.
   * @returns the image with its digest
   */
  async pushSaved(dockerfile: DockerfilePlace, target: Target): Promise<string> {
    let pushed = '';
    const open = (): OutputTerminal => this.terminals.show(target.name);
    await this.run('push', { target, dockerfile, isNew: false }, open, false, (image) => (pushed = image));
    return pushed;
  }

  /**
   * @param openTerminal shows where the output goes; called when there is something to show
   * @param asks whether somebody is there to be asked
   * @param onPushed is told the image with its digest; nothing is announced then
   */
  private async run(
    level: Level,
    chosen: Chosen,
    openTerminal: () => OutputTerminal,
    asks: boolean,
    onPushed?: (image: string) => void,
  ): Promise<RolloutResult | undefined> {
    const stop = new AbortController();
    let terminal: OutputTerminal | undefined;
    const open = (): OutputTerminal => {
      terminal = openTerminal();
      terminal.onStop = () => stop.abort();
      return terminal;
    };
    const action = (progress: Progress, signal: AbortSignal): Promise<RolloutResult | undefined> =>
      level === 'build'
        ? this.build(chosen, open, progress, signal)
        : this.shipTarget(level, chosen, { open, asks, progress, signal, onPushed });
    try {
      return await withProgress(titleOf(level, chosen.target), action, stop.signal);
    } catch (error) {
      terminal?.heading(isCancelled(error) ? vscode.l10n.t('Cancelled') : sayError(error));
      throw error;
    } finally {
      if (terminal) terminal.onStop = () => undefined;
    }
  }

  private async shipTarget(
    level: Level,
    chosen: Chosen,
    { open, asks, progress, signal: given, onPushed }: Surroundings,
  ): Promise<RolloutResult | undefined> {
    const { target, dockerfile } = chosen;
    progress.report(vscode.l10n.t('Preparing'));
    const session = chosen.session ?? (await this.connections.sessionFor(target.account, target.region));
    requireWritable(session);
    const connection = this.connections.openOwn(session.spec);
    const refused = new AbortController();
    const signal = AbortSignal.any([given, refused.signal]);
    try {
      const context = path.join(dockerfile.folder.uri.fsPath, target.context);
      const isShip = level === 'ship';
      const definition = isShip ? await readTargetDefinition(dockerfile.folder, target) : undefined;
      const [engine, plan] = await Promise.all([
        chosenEngine(this.processes, signal),
        readSourceState(context, this.processes, signal).then((source) =>
          makePlan(connection, this.clock, target, source, isShip, signal, definition),
        ),
      ]);
      const checks = await this.checks.start(connection, plan, engine, dockerfile, signal);
      const isConfirmed = asks && (chosen.isNew || target.confirm === true);
      await this.confirm(level, chosen, { session, plan, checks, isConfirmed, asks });
      const settled = await settleTakenTag(connection, plan, signal);
      const terminal = open();
      terminal.heading(vscode.l10n.t('Ship {0}', target.name));
      const agreed = this.heed(plan, checks, terminal, asks && !isConfirmed);
      agreed.catch(() => refused.abort());
      const surroundings = { progress, output: terminal, signal, beforeDeploy: () => agreed, onPushed };
      const result = await this.runner.ship(
        ...([connection, engine, settled.plan, settled.digest, dockerfile.folder, surroundings] as const),
      );
      if (level === 'push' && !onPushed) void announcePush(formatImageReference(settled.plan.image));
      return result;
    } finally {
      connection.dispose();
    }
  }

  /** Asks before anything changes, where that is wanted, and saves a target that was just made. */
  private async confirm(
    level: Level,
    { target, dockerfile, isNew }: Chosen,
    { session, plan, checks, isConfirmed, asks }: Confirmation,
  ): Promise<void> {
    if (!isConfirmed) {
      await confirmInProduction(session, productionChange(level, target));
      // The build is not worth its time when its image cannot run.
      if (asks) await askDespite(plan, checks.build, checks.mend);
      return;
    }
    await confirmPlan(session, plan, await checks.all, checks.mend, isNew, comparison(this, plan));
    if (isNew) await this.targets.save(dockerfile.folder, target);
  }

  /** Says what the checks found while the image is built, and asks about what will fail. */
  private async heed(plan: Plan, checks: RunningChecks, terminal: OutputTerminal, asks: boolean): Promise<void> {
    const found = await checks.all;
    for (const check of worthSaying(found)) terminal.write(`⚠ ${sayCheck(check)}\n`);
    if (asks) await askDespite(plan, found.slice(checks.build.length), checks.mend);
  }

  /** Builds without asking AWS anything. */
  private async build(
    { target, dockerfile }: Chosen,
    open: () => OutputTerminal,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<undefined> {
    progress.report(vscode.l10n.t('Building {0}', target.dockerfile));
    const context = path.join(dockerfile.folder.uri.fsPath, target.context);
    const source = await readSourceState(context, this.processes, signal);
    const tag = makeTag(target.tag ?? defaultTagRule, { ...source, now: this.clock.now() });
    const name = `${localName(target.repository ?? target.name)}:${tag}`;
    const engine = await chosenEngine(this.processes, signal);
    const terminal = open();
    terminal.heading(vscode.l10n.t('Build {0}', name));
    const request = buildRequest(target, dockerfile.folder, name, target.platform);
    const image = await engine.build(request, undefined, (text) => terminal.write(text), signal);
    learned('built');
    void vscode.window.showInformationMessage(vscode.l10n.t('Built {0} for {1}.', name, image.platform));
    return undefined;
  }
}

const mendable: readonly Reason[] = [
  ...([
    'credentialsExpired',
    'loginExpired',
    'pushDenied',
    'pushFailed',
    'throttled',
    'unreachable',
    'timedOut',
  ] as const),
  ...(['engineMissing', 'engineNotRunning', 'engineDenied'] as const),
];

/** Whether the very same ship may go well a moment later, with a new login, connection or engine. */
export function mayShipAgain(error: unknown): boolean {
  return mendable.some((reason) => reason === reasonOf(error));
}

/** Nothing is written or run from a workspace that is not trusted. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new GantryError(
    'untrusted',
    message('Building runs what the workspace says, so the workspace has to be trusted first.'),
  );
}

/** A name that an engine takes for a local image. */
function localName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9/._-]+/g, '-')
      .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'image'
  );
}

/** What is asked before a saved target is shipped to production. */
function productionChange(level: Level, target: Target): Change {
  return {
    verb: vscode.l10n.t('Ship'),
    question: vscode.l10n.t('Ship “{0}”?', target.name),
    detail: [titleOfLevel(level), describeTarget(target)].join('\n'),
  };
}

function titleOf(level: Level, { name }: Target): string {
  return `${titleOfLevel(level)}: ${name}`;
}

async function announcePush(reference: string): Promise<void> {
  const copy = vscode.l10n.t('Copy Reference');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Pushed {0}.', reference), copy);
  if (answer === copy) await vscode.env.clipboard.writeText(reference);
}
