import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../aws/api';
import type { Clock } from '../core/clock';
import { sameSpec } from '../core/connection';
import { Setting } from '../core/contributions';
import { GantryError } from '../core/errors';
import { formatImageReference } from '../core/imageRef';
import { english, message } from '../core/message';
import { evidenceText } from '../deploy/finding';
import { investigatorFor } from '../deploy/investigatorFor';
import { describePlan, type Plan } from '../deploy/plan';
import { RolloutWatch, type RolloutListener, type RolloutResult, type RolloutStart } from '../deploy/rollout';
import { buildAndPush, deploy, forceDeployment, type ShipListener, type ShipStep } from '../deploy/ship';
import type { Target } from '../deploy/target';
import type { Service } from '../ecs/model';
import type { ContainerEngine } from '../engine/containerEngine';
import type { BuildRequest } from '../engine/engine';
import { serviceAddress } from '../network/address';
import type { Connections } from '../ui/connections';
import type { KeptFindings } from '../ui/keptFindings';
import type { OutputTerminal } from '../ui/outputTerminal';
import type { Progress } from '../ui/progress';
import { sayFinding, showVerdict, verdictText } from '../ui/verdictMessage';

/** Milliseconds for finding the address of a service that is healthy already. */
const addressLimit = 8_000;

/** What is watched, and since when. */
interface Followed {
  readonly service: Service;
  readonly container: string | undefined;
  /** What runs then, in a few words. */
  readonly image: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** Carries out plans: the part of a ship that asks nothing. */
export class ShipRunner {
  /** What is being changed at this moment: two ships to one place would overtake each other. */
  private readonly busy = new Set<string>();

  constructor(
    private readonly connections: Connections,
    private readonly clock: Clock,
    private readonly log: vscode.LogOutputChannel,
    private readonly onPushed: (repository: string) => void,
    private readonly kept: Pick<KeptFindings, 'add'>,
  ) {}

  /** Builds, pushes and, if the plan says so, redeploys and watches. Returns how the rollout ended. */
  async ship(
    connection: Connection,
    engine: ContainerEngine | undefined,
    plan: Plan,
    existingDigest: string | undefined,
    folder: vscode.WorkspaceFolder,
    { progress, output, signal }: { progress: Progress; output: OutputTerminal; signal: AbortSignal },
  ): Promise<RolloutResult | undefined> {
    const startedAt = this.clock.now();
    const image = formatImageReference(plan.image);
    for (const { label, value } of describePlan(plan)) this.log.info(`${english(label)}: ${value}`);
    const listener: ShipListener = {
      onStep: (step) => progress.report(stepText(step, plan)),
      onOutput: (text) => output.write(text),
    };
    return this.exclusively(keyOf(plan), async () => {
      const request = buildRequest(plan.target, folder, image, plan.platform);
      const digest =
        existingDigest ?? (await buildAndPush(connection, present(engine), plan, request, listener, signal));
      this.log.info(vscode.l10n.t('Pushed {0} as {1}', image, digest));
      this.onPushed(plan.repository.arn);
      if (!plan.redeploy) return undefined;
      const start = await deploy(connection, plan, plan.redeploy, digest, listener, signal);
      progress.report(stepText('watch', plan));
      return this.follow(
        connection,
        start,
        { ...plan.redeploy, image: shortName(plan), startedAt },
        { progress, output, signal },
      );
    });
  }

  /** Replaces every task of a service by a new one of the same revision, and watches. */
  async redeploy(
    connection: Connection,
    cluster: string,
    service: Service,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<RolloutResult> {
    const begin = (): Promise<RolloutStart> => forceDeployment(connection, cluster, service, signal);
    return this.rollOut(connection, service, vscode.l10n.t('the same revision'), begin, progress, signal);
  }

  /**
   * Starts a deployment and watches it.
   * @param image what runs then, in a few words
   */
  async rollOut(
    connection: Connection,
    service: Service,
    image: string,
    begin: () => Promise<RolloutStart>,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<RolloutResult> {
    const startedAt = this.clock.now();
    return this.exclusively(service.arn, async () => {
      const followed = { service, container: undefined, image, startedAt };
      return this.follow(connection, await begin(), followed, { progress, output: undefined, signal });
    });
  }

  private async follow(
    connection: Connection,
    start: RolloutStart,
    { service, container, image, startedAt }: Followed,
    { progress, output, signal }: { progress: Progress; output: OutputTerminal | undefined; signal: AbortSignal },
  ): Promise<RolloutResult> {
    this.log.info(vscode.l10n.t('Deployment {0} of “{1}” has started', start.deploymentId, start.service));
    const minutes = vscode.workspace.getConfiguration('gantry').get<number>(Setting.rolloutTimeout) ?? 30;
    const listener = this.listener(connection, progress);
    const watch = new RolloutWatch(connection.ecs, this.clock, start, listener, investigatorFor(connection));
    const result = await watch.run(Math.max(1, minutes) * 60_000, signal);
    void this.kept.add(service.arn, start.deploymentId, result.findings);
    const duration = this.clock.now() - startedAt;
    const address =
      result.verdict.kind === 'healthy'
        ? await this.address(connection, result.service ?? service, container)
        : undefined;
    const facts = { service: service.name, image, result, duration, address };
    this.log.info(verdictText(facts), address ?? '');
    output?.heading(verdictText(facts));
    void showVerdict(facts);
    return result;
  }

  private listener(connection: Connection, progress: Progress): RolloutListener {
    let cause = '';
    return {
      onState: ({ service, desired, running, pending, failed, rollingBack, failureThreshold }) => {
        // The row in the tree moves with the rollout, unless the tree shows other connections by now.
        this.connections.sessions.find(({ spec }) => sameSpec(spec, connection.spec))?.ecs.put(service);
        const counts = vscode.l10n.t('{0}/{1} running, {2} pending', running, desired, pending);
        const failures =
          failed > 0 ? vscode.l10n.t('{0} failed', failureThreshold ? `${failed}/${failureThreshold}` : failed) : '';
        const head = rollingBack ? vscode.l10n.t('Rolling back') : vscode.l10n.t('Rolling out');
        progress.report([`${head}: ${counts}`, failures, cause].filter(Boolean).join(' · '));
      },
      onEvents: (events) => {
        for (const { text } of events) this.log.info(text);
      },
      onFindings: (findings) => {
        for (const finding of findings) this.log.warn(sayFinding(finding), '\n', evidenceText(finding));
        cause = findings[0] ? sayFinding({ ...findings[0], fix: undefined }) : '';
      },
    };
  }

  /** The way in is worth a look, never a failed ship. */
  private async address(
    connection: Connection,
    service: Service,
    container: string | undefined,
  ): Promise<string | undefined> {
    const { ecs, network } = connection;
    try {
      return await serviceAddress({ ecs, network }, service, container, AbortSignal.timeout(addressLimit));
    } catch (error) {
      this.log.debug(String(error));
      return undefined;
    }
  }

  private async exclusively<T>(key: string, action: () => Promise<T>): Promise<T> {
    if (this.busy.has(key)) {
      throw new GantryError('busy', message('A ship to the same place is still going on; wait for it or cancel it.'));
    }
    this.busy.add(key);
    try {
      return await action();
    } finally {
      this.busy.delete(key);
    }
  }
}

/** What the engine is asked to build for a target. */
export function buildRequest(
  target: Target,
  folder: vscode.WorkspaceFolder,
  tag: string,
  platform: string | undefined,
): BuildRequest {
  return {
    dockerfile: path.join(folder.uri.fsPath, target.dockerfile),
    context: path.join(folder.uri.fsPath, target.context),
    tag,
    platform: platform ?? target.platform,
    stage: target.stage,
    buildArguments: target.buildArguments ?? {},
  };
}

function stepText(step: ShipStep, { image, redeploy, target }: Plan): string {
  switch (step) {
    case 'build':
      return vscode.l10n.t('Building {0}', target.dockerfile);
    case 'push':
      return vscode.l10n.t('Pushing {0}', `${image.repository}:${image.tag ?? ''}`);
    case 'register':
      return vscode.l10n.t('Registering the new revision');
    case 'update':
      return vscode.l10n.t('Updating “{0}”', redeploy?.service.name ?? '');
    case 'watch':
      return vscode.l10n.t('Rolling out “{0}”', redeploy?.service.name ?? '');
  }
}

function shortName({ image }: Plan): string {
  return `${image.repository}:${image.tag ?? ''}`;
}

function keyOf({ redeploy, repository }: Plan): string {
  return redeploy?.service.arn ?? repository.arn;
}

function present(engine: ContainerEngine | undefined): ContainerEngine {
  if (engine) return engine;
  throw new GantryError('engineMissing', message('No container engine was found.'));
}
