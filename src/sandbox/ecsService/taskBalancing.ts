import type { Clock } from '../../core/clock';
import { balancersOf } from '../elb/context';
import { setWeights, weightsOf } from '../elb/weights';
import { type TargetHealth, targetKey } from '../elb/targetHealth';
import type { Backend, ElbState, Target, TargetGroup } from '../elb/types';
import { invalidParameter } from '../http/apiError';
import { balancerCode } from '../runtime/scenarios';
import type { EcsState } from './context';
import { addEvent } from './events';
import type { Pace } from './pace';
import type { Sides } from './stages';
import type { ContainerState, Json, Service, ServiceSettings, Task, TaskSource } from './types';

export interface TaskBalancingParts {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly ecs: EcsState;
  readonly elb: ElbState;
  readonly health: TargetHealth;
  readonly simulated: boolean;
}

export interface Behind {
  readonly advancedConfiguration?: {
    readonly alternateTargetGroupArn?: string;
    readonly productionListenerRule?: string;
    readonly testListenerRule?: string;
  };
  readonly targetGroupArn?: string;
  readonly containerName?: string;
  readonly containerPort?: number;
}

/** Brings tasks of services behind load balancers into their target groups, and takes them out again. */
export class TaskBalancing {
  readonly #parts: TaskBalancingParts;
  #onTarget: (task: Task, unhealthyIn: string | undefined) => void = () => undefined;

  constructor(parts: TaskBalancingParts) {
    this.#parts = parts;
    parts.health.listen((group, target) => this.#changed(group, target));
  }

  /** Who is told that a target of a task has changed; with the target group when the task has to go because of it. */
  listen(onTarget: (task: Task, unhealthyIn: string | undefined) => void): void {
    this.#onTarget = onTarget;
  }

  /** Registers a task whose containers have all started. */
  attach(task: Task): void {
    const { clock, elb, health } = this.#parts;
    const service = this.#serviceOf(task);
    const sources: readonly TaskSource[] = [...(service?.deployments ?? []), ...(service?.taskSets ?? [])];
    const revision = sources.find(({ id }) => id === task.startedBy)?.revision;
    const targets: { group: string; key: string }[] = [];
    for (const behind of (revision?.settings.loadBalancers ?? []) as readonly Behind[]) {
      const group = elb.groups.get(groupFor(behind, revision?.alternate ?? false) ?? '');
      const place = group && this.#placeOf(task, behind);
      if (!service || !group || !place) continue;
      health.register(group, { ...place, task: task.id });
      targets.push({ group: group.arn, key: targetKey(place) });
      addEvent(service, clock.now(), `registered 1 targets in (target-group ${group.arn})`);
    }
    task.targets = targets;
  }

  /** Deregisters a task. @returns how long its connections may take to end, in milliseconds; 0 without any. */
  detach(task: Task): number {
    const { clock, health } = this.#parts;
    const service = this.#serviceOf(task);
    let wait = 0;
    for (const { group, target } of this.#targetsOf(task)) {
      if (target.state === 'draining') continue;
      if (target.state === 'healthy') wait = Math.max(wait, health.drainTime(group));
      health.deregister(group, target);
      if (service) addEvent(service, clock.now(), `deregistered 1 targets in (target-group ${group.arn})`);
    }
    if (service && wait > 0) {
      const primary = service.deployments[0]?.id ?? '';
      addEvent(service, clock.now(), `(deployment ${primary}) has begun draining connections on 1 tasks.`);
    }
    return wait;
  }

  /** Every target of the task is healthy; also true for a task that has none. */
  isHealthy(task: Task): boolean {
    const targets = this.#targetsOf(task);
    return targets.length === (task.targets?.length ?? 0) && targets.every(({ target }) => target.state === 'healthy');
  }

  /** Sets the weights of the listener rules behind which the two sides of a deployment are, as ELB would show them. */
  shift({ record, source, shift }: Sides): void {
    const { elb, health } = this.#parts;
    const ahead = record.target.alternate ?? false;
    for (const behind of record.target.settings.loadBalancers as readonly Behind[]) {
      const { productionListenerRule: production, testListenerRule: test } = behind.advancedConfiguration ?? {};
      const groups = [groupFor(behind, ahead), groupFor(behind, !ahead)] as const;
      // Without anything in production there is nothing that traffic could be kept at.
      if (source || shift.production > 0) setWeights(elb, production, groups, shift.production);
      if (source || shift.test > 0) setWeights(elb, test, groups, shift.test);
    }
    health.refresh();
  }

  /** What ECS asks of the target groups that a service names. @throws ApiError */
  check({ loadBalancers, taskDefinition }: ServiceSettings): void {
    const awsvpc = taskDefinition.registered.networkMode === 'awsvpc';
    for (const { targetGroupArn, loadBalancerName, advancedConfiguration } of loadBalancers as readonly Json[]) {
      this.#checkAdvanced(advancedConfiguration as Behind['advancedConfiguration']);
      if (targetGroupArn === undefined) {
        if (loadBalancerName === undefined) throw invalidParameter('targetGroupArn cannot be empty.');
        throw invalidParameter(`Unable to find load balancer: ${String(loadBalancerName)}`);
      }
      const arn = String(targetGroupArn);
      const group = this.#parts.elb.groups.get(arn);
      if (!group) throw invalidParameter(`The specified target group does not exist. (target group: ${arn})`);
      if (balancersOf(this.#parts.elb, arn).length === 0) {
        throw invalidParameter(
          `The target group with targetGroupArn ${arn} does not have an associated load balancer.`,
        );
      }
      if (awsvpc === (group.targetType === 'ip')) continue;
      throw invalidParameter(
        `The provided target group ${arn} has target type ${group.targetType}, which is incompatible with the ` +
          `${taskDefinition.registered.networkMode ?? 'bridge'} network mode specified in the task definition.`,
      );
    }
  }

  #checkAdvanced(advanced: Behind['advancedConfiguration']): void {
    if (!advanced) return;
    const { elb } = this.#parts;
    const { alternateTargetGroupArn: alternate, productionListenerRule: production, testListenerRule: test } = advanced;
    if (alternate === undefined) throw invalidParameter('alternateTargetGroupArn cannot be empty.');
    if (!elb.groups.has(alternate)) {
      throw invalidParameter(`The specified target group does not exist. (target group: ${alternate})`);
    }
    if (production === undefined) throw invalidParameter('productionListenerRule cannot be empty.');
    for (const rule of [production, test]) {
      if (rule === undefined || weightsOf(elb, rule)) continue;
      throw invalidParameter(
        `The specified listener rule does not exist or does not forward. (listener rule: ${rule})`,
      );
    }
  }

  #placeOf(
    task: Task,
    { containerName, containerPort }: Behind,
  ): { id: string; port: number; backend: Backend } | undefined {
    const container = task.containers.find(({ name }) => name === containerName);
    const binding = container?.bindings.find((candidate) => candidate.containerPort === containerPort);
    if (!container || !binding) return undefined;
    const others = new Map(
      task.containers
        .flatMap(({ bindings }) => bindings)
        .map(({ containerPort: inside, hostPort }) => [task.eni ? inside : hostPort, hostPort]),
    );
    const backend = this.#backend(task, container, { kind: 'port', port: binding.hostPort, others });
    if (task.eni) return { id: task.eni.ip, port: binding.containerPort, backend };
    const instances = this.#parts.ecs.clusters.get(task.cluster)?.instances.values() ?? [];
    const instance = [...instances].find(({ arn }) => arn === task.containerInstance);
    return { id: instance?.ec2InstanceId ?? '127.0.0.1', port: binding.hostPort, backend };
  }

  #backend(task: Task, { name }: ContainerState, real: Backend): Backend {
    if (!this.#parts.simulated) return real;
    const definition = task.taskDefinition.registered.containerDefinitions.find((other) => other.name === name);
    return { kind: 'scripted', task: task.id, code: definition ? balancerCode(definition) : 200 };
  }

  #targetsOf(task: Task): { group: TargetGroup; target: Target }[] {
    return (task.targets ?? []).flatMap(({ group: arn, key }) => {
      const group = this.#parts.elb.groups.get(arn);
      const target = group?.targets.get(key);
      return group && target?.task === task.id ? [{ group, target }] : [];
    });
  }

  #serviceOf(task: Task): Service | undefined {
    return this.#parts.ecs.clusters.get(task.cluster)?.services.get(task.service ?? '');
  }

  #changed(group: TargetGroup, target: Target): void {
    if (target.task === undefined) return;
    for (const cluster of this.#parts.ecs.clusters.values()) {
      const task = cluster.tasks.get(target.task);
      if (!task) continue;
      if (target.state === 'unhealthy') this.#unhealthy(task, group, target);
      else this.#onTarget(task, undefined);
    }
  }

  /** During the grace period after its start a task may fail its checks; what it is at the end of it counts. */
  #unhealthy(task: Task, group: TargetGroup, target: Target): void {
    const { clock, pace } = this.#parts;
    const service = this.#serviceOf(task);
    if (!service || task.desiredStatus === 'STOPPED' || target.state !== 'unhealthy') return;
    const grace = (service.healthCheckGracePeriodSeconds ?? 0) * pace.second;
    const left = (task.startedAt ?? clock.now()) + grace - clock.now();
    if (left > 0) return void clock.after(left, () => this.#unhealthy(task, group, target));
    const where = task.eni ? '' : `(instance ${target.id}) `;
    const what = `${where}(port ${target.port}) is unhealthy in (target-group ${group.arn})`;
    addEvent(service, clock.now(), `${what} due to (reason ${target.description ?? 'Health checks failed'})`);
    this.#onTarget(task, group.arn);
  }
}

/** The target group that a revision's tasks are in: blue and green take turns. */
export function groupFor({ targetGroupArn, advancedConfiguration }: Behind, alternate: boolean): string | undefined {
  return alternate ? (advancedConfiguration?.alternateTargetGroupArn ?? targetGroupArn) : targetGroupArn;
}
