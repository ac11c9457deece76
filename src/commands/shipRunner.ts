import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../aws/api';
import type { Clock } from '../core/clock';
import { GantryError } from '../core/errors';
import { formatImageReference } from '../core/imageRef';
import { english, message } from '../core/message';
import { switchRollbackOn } from '../deploy/beginning';
import { describePlan, type Plan } from '../deploy/plan';
import type { RolloutResult, RolloutStart } from '../deploy/rollout';
import { buildAndPush, deploy, forceDeployment, type ShipListener, type ShipStep } from '../deploy/ship';
import type { Target } from '../deploy/target';
import type { Service } from '../ecs/model';
import type { ContainerEngine } from '../engine/containerEngine';
import type { BuildRequest } from '../engine/engine';
import { learned } from '../ui/learned';
import type { OutputTerminal } from '../ui/outputTerminal';
import type { Progress } from '../ui/progress';
import type { RolloutFiles } from '../ui/rolloutFiles';
import type { Following } from './rollouts/following';

/** Where a ship takes place. */
export interface ShipSurroundings {
  readonly progress: Progress;
  readonly output: OutputTerminal;
  readonly signal: AbortSignal;
  /** Waited for when the image is pushed and nothing is deployed yet. */
  readonly beforeDeploy: () => Promise<unknown>;
  /** Told the image with its digest. */
  readonly onPushed?: ((image: string) => void) | undefined;
}

/** Carries out plans: the part of a ship that asks nothing. */
export class ShipRunner {
  /** What is being changed at this moment: two ships to one place would overtake each other. */
  private readonly busy = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly log: vscode.LogOutputChannel,
    private readonly onPushed: (repository: string) => void,
    private readonly following: Following,
    private readonly files: RolloutFiles,
  ) {}

  /** Builds, pushes and, if the plan says so, redeploys and watches. Returns how the rollout ended. */
  async ship(
    connection: Connection,
    engine: ContainerEngine | undefined,
    plan: Plan,
    existingDigest: string | undefined,
    folder: vscode.WorkspaceFolder,
    { progress, output, signal, beforeDeploy, onPushed }: ShipSurroundings,
  ): Promise<RolloutResult | undefined> {
    const startedAt = this.clock.now();
    const image = formatImageReference(plan.image);
    for (const { label, value } of describePlan(plan)) {
      this.log.info(`${english(label)}: ${typeof value === 'string' ? value : english(value)}`);
    }
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
      learned('built', 'pushed');
      onPushed?.(formatImageReference({ ...plan.image, tag: undefined, digest }));
      if (!plan.redeploy) return undefined;
      await beforeDeploy();
      const start = await deploy(connection, plan, plan.redeploy, digest, listener, signal);
      progress.report(stepText('watch', plan));
      const { service, container } = plan.redeploy;
      const brought = { image: shortName(plan), container, startedAt };
      const result = await this.following.follow(connection, start, service, brought, { progress, output, signal });
      if (plan.redeploy.beginning?.lacksRollback && result.verdict.kind === 'healthy') {
        await switchRollbackOn(connection, plan.redeploy.cluster, service, signal);
        output.write(`${vscode.l10n.t('From now on, a deployment that fails is taken back to this version.')}\n`);
      }
      return result;
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
      const brought = { image, startedAt };
      return this.following.follow(connection, await begin(), service, brought, { progress, signal });
    });
  }

  /** Two ships to one place would overtake each other, also from two windows. */
  private async exclusively<T>(key: string, action: () => Promise<T>): Promise<T> {
    const busy = new GantryError(
      'busy',
      message('A ship to the same place is still going on; wait for it or cancel it.'),
    );
    if (this.busy.has(key)) throw busy;
    this.busy.add(key);
    try {
      if (await this.files.elsewhere(key)) throw busy;
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
