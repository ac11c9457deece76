import { nameOf } from '../core/arn';
import type { Clock } from '../core/clock';
import { isCancelled } from '../core/errors';
import type { CodeDeployGateway, CodeDeployment, DeploymentTarget } from '../ecs/codeDeploy';
import type { EcsGateway } from '../ecs/gateway';
import type { Deployment, Service } from '../ecs/model';
import type { HookRun } from '../ecs/serviceDeployment';
import { judgeCodeDeploy } from './codeDeployVerdict';
import { stoppedTasksOf } from './evidence';
import type { RolloutStart } from './rollout';
import type { Look, RolloutObserver } from './rolloutObserver';
import type { RolloutState, Side } from './rolloutState';
import { isBenign } from './taskTexts';
import { isTransient } from './transient';

/** Whom a deployment of CodeDeploy is asked for. */
export interface CodeDeploySources {
  readonly ecs: EcsGateway;
  readonly codeDeploy: CodeDeployGateway;
}

/** Looks at a deployment of CodeDeploy, and at the one that takes it back. */
export class CodeDeployObserver implements RolloutObserver {
  private tasksBy: string | undefined;
  private endedAt: number | undefined;

  constructor(
    private readonly sources: CodeDeploySources,
    private readonly clock: Clock,
    private readonly start: RolloutStart,
  ) {}

  async look(signal: AbortSignal): Promise<Look> {
    const { cluster, service: name, deploymentId } = this.start;
    const { ecs, codeDeploy } = this.sources;
    const [described, deployment, target] = await Promise.all([
      ecs.describeServices(cluster, [name], signal),
      codeDeploy.describeDeployment(deploymentId, signal),
      this.target(signal),
    ]);
    const rollback = deployment.rollback ? await codeDeploy.describeDeployment(deployment.rollback, signal) : undefined;
    const service = described.found[0];
    const ours = service?.deployments.find(({ externalId }) => externalId === deploymentId);
    this.tasksBy = ours?.id ?? target?.taskSets.find(({ isNew }) => isNew)?.id ?? this.tasksBy;
    const failed = await this.failed(ours, signal);
    if (/^(Failed|Stopped)$/.test(deployment.status)) this.endedAt ??= this.clock.now();
    const endedFor = this.endedAt === undefined ? 0 : this.clock.now() - this.endedAt;
    return {
      service,
      state: service && stateOfCodeDeploy({ service, ours, deployment, rollback, target, failed }),
      verdict: judgeCodeDeploy({ deployment, rollback, service, endedFor }),
      tasksBy: this.tasksBy,
      failed,
      said: deployment.error
        ? [{ kind: 'deployment', text: `${deployment.error.code}: ${deployment.error.text}` }]
        : [],
    };
  }

  /** Stages and traffic; a deployment that has not begun has none, and not everybody may ask for them. */
  private async target(signal: AbortSignal): Promise<DeploymentTarget | undefined> {
    const { cluster, service, deploymentId } = this.start;
    try {
      return await this.sources.codeDeploy.describeTarget(deploymentId, `${nameOf(cluster)}:${service}`, signal);
    } catch (error) {
      if (isCancelled(error) || isTransient(error)) throw error;
      return undefined;
    }
  }

  /** ECS counts the failed tasks of its own deployments only. */
  private async failed(ours: Deployment | undefined, signal: AbortSignal): Promise<number> {
    if (!ours || ours.running >= ours.desired) return 0;
    const { cluster, service } = this.start;
    try {
      const stopped = await stoppedTasksOf(this.sources.ecs, cluster, service, ours.id, signal);
      return stopped.filter((task) => !isBenign(task)).length;
    } catch (error) {
      if (isCancelled(error) || isTransient(error)) throw error;
      return 0;
    }
  }
}

interface Seen {
  readonly service: Service;
  readonly ours: Deployment | undefined;
  readonly deployment: CodeDeployment;
  readonly rollback: CodeDeployment | undefined;
  readonly target: DeploymentTarget | undefined;
  readonly failed: number;
}

function stateOfCodeDeploy({ service, ours, deployment, rollback, target, failed }: Seen): RolloutState {
  const sideOf = ({ id, taskDefinition, desired, running, pending }: Deployment): Side => {
    const production = target?.taskSets.find((each) => each.id === id)?.traffic;
    return { taskDefinition, desired, running, pending, production };
  };
  return {
    strategy: 'BLUE_GREEN',
    target: ours && sideOf(ours),
    sources: service.deployments.filter((each) => each !== ours).map(sideOf),
    failed,
    rollingBack: rollback !== undefined || deployment.rollback !== undefined,
    failureThreshold: undefined,
    stage: target?.events.find(({ status }) => status === 'InProgress')?.name,
    bakeMinutes: undefined,
    alarms: undefined,
    hook: deployment.status === 'Ready' ? readyWait : undefined,
    record: undefined,
  };
}

/** CodeDeploy does not say until when it waits. */
const readyWait: HookRun = {
  id: 'READY_WAIT',
  kind: 'PAUSE',
  status: 'AWAITING_ACTION',
  expiresAt: undefined,
  onTimeout: 'ROLLBACK',
};
