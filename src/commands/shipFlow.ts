import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../core/clock';
import { GantryError, isCancelled } from '../core/errors';
import { formatImageReference } from '../core/imageRef';
import { message } from '../core/message';
import { makePlan, type Plan } from '../deploy/plan';
import { canPush, canShip, defaultTagRule, describeTarget, makeTag, type Target } from '../deploy/target';
import type { RolloutResult } from '../deploy/rollout';
import type { Repository } from '../ecr/model';
import type { Runner } from '../engine/command';
import { readSourceState } from '../engine/git';
import type { ServicePlace } from '../ui/askService';
import { confirmInProduction, requireWritable, type Change } from '../ui/changes';
import type { Connections, Session } from '../ui/connections';
import { askDockerfile, placeDockerfile, type DockerfilePlace } from '../ui/dockerfiles';
import { NewTarget } from '../ui/newTarget';
import type { OutputTerminal, OutputTerminals } from '../ui/outputTerminal';
import { pick } from '../ui/pick';
import { sayError } from '../ui/say';
import { confirmPlan, settleTakenTag } from '../ui/planMessage';
import { askDespite, sayCheck, worthSaying } from '../ui/preflightMessage';
import { withProgress, type Progress } from '../ui/progress';
import type { Targets } from '../ui/targets';
import { chosenEngine } from '../ui/engines';
import type { RunningChecks, ShipChecks } from './shipChecks';
import { buildRequest, type ShipRunner } from './shipRunner';

/** How far a ship goes. */
export type Level = 'build' | 'push' | 'ship';

/** What the place where a command was called already says. */
export interface ShipRequest {
  readonly level: Level;
  /** The connection of the row on which the command was called. */
  readonly session?: Session;
  readonly dockerfile?: vscode.Uri;
  readonly place?: ServicePlace;
  readonly repository?: Repository;
  /** Build for this platform, whatever the target says. */
  readonly platform?: string;
  /** Ask for a new target even where there is one. */
  readonly newTarget?: boolean;
}

/** A target with the Dockerfile that it is for. */
interface Chosen {
  readonly target: Target;
  readonly dockerfile: DockerfilePlace;
  /** The connection of the row on which the command was called. */
  readonly session?: Session | undefined;
  /** Just made: its plan is shown before anything changes, and then it is saved. */
  readonly isNew: boolean;
}

/** Where a ship shows itself. */
interface Surroundings {
  readonly open: () => OutputTerminal;
  readonly asks: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
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
    private readonly targets: Targets,
    private readonly runner: ShipRunner,
    private readonly processes: Runner,
    private readonly terminals: OutputTerminals,
    private readonly checks: ShipChecks,
    private readonly clock: Clock,
  ) {}

  /** Ships what a person clicked on. */
  async start(request: ShipRequest): Promise<void> {
    requireTrust();
    if (request.session && request.level !== 'build') requireWritable(request.session);
    const found = await this.choose(request);
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

  /**
   * @param openTerminal shows where the output goes; called when there is something to show
   * @param asks whether somebody is there to be asked
   */
  private async run(
    level: Level,
    chosen: Chosen,
    openTerminal: () => OutputTerminal,
    asks: boolean,
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
        : this.shipTarget(level, chosen, { open, asks, progress, signal });
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
    { open, asks, progress, signal: given }: Surroundings,
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
      const [engine, plan] = await Promise.all([
        chosenEngine(this.processes, signal),
        readSourceState(context, this.processes, signal).then((source) =>
          makePlan(connection, this.clock, target, source, level === 'ship', signal),
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
      const surroundings = { progress, output: terminal, signal, beforeDeploy: () => agreed };
      const result = await this.runner.ship(
        ...([connection, engine, settled.plan, settled.digest, dockerfile.folder, surroundings] as const),
      );
      if (level === 'push') void announcePush(formatImageReference(settled.plan.image));
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
    await confirmPlan(session, plan, await checks.all, checks.mend, isNew);
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
    void vscode.window.showInformationMessage(vscode.l10n.t('Built {0} for {1}.', name, image.platform));
    return undefined;
  }

  /** Finds the target that is meant, or asks for a new one. */
  private async choose(request: ShipRequest): Promise<Chosen> {
    const saved = request.dockerfile ? undefined : await this.savedFor(request);
    if (saved) return saved;
    const dockerfile = request.dockerfile
      ? placeDockerfile(request.dockerfile)
      : await askDockerfile(titleOfLevel(request.level));
    const candidates = this.targets
      .forDockerfile(dockerfile.folder, dockerfile.path)
      .filter((target) => matches(target, request));
    const usable = candidates.filter((target) => isComplete(target, request.level));
    if (!request.newTarget && usable.length > 0) return this.pickTarget(request, dockerfile, usable);
    if (request.level === 'build')
      return { target: candidates[0] ?? plainTarget(dockerfile), dockerfile, isNew: false };
    return this.ask(request, dockerfile, request.newTarget ? undefined : candidates[0]);
  }

  /** The saved target of a service or repository, when the command was called on one. */
  private savedFor(request: ShipRequest): Chosen | undefined {
    if (!request.place && !request.repository) return undefined;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const found = this.targets
        .list(folder)
        .filter((target) => matches(target, request) && isComplete(target, request.level));
      const target = found[0];
      if (found.length !== 1 || !target) continue;
      const uri = vscode.Uri.joinPath(folder.uri, target.dockerfile);
      return { target, dockerfile: { uri, folder, path: target.dockerfile }, isNew: false };
    }
    return undefined;
  }

  private async pickTarget(
    request: ShipRequest,
    dockerfile: DockerfilePlace,
    usable: readonly Target[],
  ): Promise<Chosen> {
    const only = usable.length === 1 ? usable[0] : undefined;
    if (only) return { target: only, dockerfile, isNew: false };
    const choices = usable.map((value) => ({ label: value.name, description: describeTarget(value), value }));
    const another = { label: vscode.l10n.t('New Target…'), iconPath: new vscode.ThemeIcon('add'), value: undefined };
    const chosen = await pick<Target | undefined>(titleOfLevel(request.level), vscode.l10n.t('Target'), [
      ...choices,
      another,
    ]);
    return chosen ? { target: chosen, dockerfile, isNew: false } : this.ask(request, dockerfile, undefined);
  }

  private async ask(request: ShipRequest, dockerfile: DockerfilePlace, base: Target | undefined): Promise<Chosen> {
    const session = request.session ?? this.connections.session;
    const source = await readSourceState(path.dirname(dockerfile.uri.fsPath), this.processes, session.signal);
    const questions = new NewTarget(session, dockerfile, source);
    const target = await questions.ask(request.level === 'ship', {
      ...(request.place ? { place: request.place } : {}),
      ...(request.repository ? { repository: request.repository } : {}),
      ...(base ? { base } : {}),
      taken: this.targets.list(dockerfile.folder).map(({ name }) => name),
    });
    return { target, dockerfile, isNew: true };
  }
}

/** Nothing is written or run from a workspace that is not trusted. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new GantryError(
    'untrusted',
    message('Building runs what the workspace says, so the workspace has to be trusted first.'),
  );
}

function matches(target: Target, { place, repository }: ShipRequest): boolean {
  if (place && (target.service !== place.service.name || target.cluster !== place.cluster))
    return target.service === undefined;
  return !repository || (target.repository ?? repository.name) === repository.name;
}

function isComplete(target: Target, level: Level): boolean {
  if (level === 'ship') return canShip(target);
  return level === 'build' || canPush(target);
}

/** A target for a build alone: it needs nothing but the file. */
function plainTarget(dockerfile: DockerfilePlace): Target {
  const context = path.posix.dirname(dockerfile.path);
  return {
    name: context === '.' ? dockerfile.folder.name : path.posix.basename(context),
    dockerfile: dockerfile.path,
    context,
  };
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

function titleOfLevel(level: Level): string {
  if (level === 'build') return vscode.l10n.t('Build Image');
  return level === 'push' ? vscode.l10n.t('Build and Push') : vscode.l10n.t('Build, Push and Redeploy');
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
