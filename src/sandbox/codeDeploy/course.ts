import { randomInt } from 'node:crypto';
import { findService, usableTaskDefinition } from '../ecsService/context';
import type { Behind } from '../ecsService/taskBalancing';
import { newTaskSet } from '../ecsService/taskSets';
import type { Cluster, Service, ServiceSettings, TaskSet } from '../ecsService/types';
import { shiftsOf } from './configs';
import { deploymentsOf, isGoingOn } from './lookUp';
import { routeTraffic } from './traffic';
import type { AppSpec, CodeDeployContext, CodeDeployment, DeploymentGroup, LifecycleEvent, Step } from './types';

/** Minutes after which CodeDeploy gives up on new tasks. An hour on AWS; nobody waits for that long in a sandbox. */
const installMinutes = 2;

/** What a deployment is made from. */
interface Wanted {
  readonly revision: string;
  readonly appSpec: AppSpec;
  readonly config: string;
  readonly description: string | undefined;
  readonly rollbackOn: readonly string[];
}

/** Carries deployments out: a second task set, the traffic, then the end of the first one; or all of it back. */
export class Course {
  readonly #context: CodeDeployContext;

  constructor(context: CodeDeployContext) {
    this.#context = context;
  }

  /** Starts a deployment. */
  begin(group: DeploymentGroup, { revision, appSpec, config, description, rollbackOn }: Wanted): CodeDeployment {
    const { state, ecs } = this.#context;
    const steps = plan(group, config, ecs.pace.second);
    const events = new Set(steps.flatMap((step) => ('event' in step ? [step.event] : [])));
    const now = ecs.clock.now();
    const deployment: CodeDeployment = {
      ...{ id: newId(), application: group.application, group: group.name, config, createdAt: now, creator: 'user' },
      ...{ description, revision, appSpec, rollbackOn, previous: this.#lastGood(group)?.revision },
      ...{ steps, events: [...events].map((name) => ({ name, status: 'Pending' })) },
      ...{ status: 'Created', at: 0, since: now, traffic: 0, continued: new Set<string>(), terminating: false },
    };
    state.deployments.set(deployment.id, deployment);
    this.#soon(deployment);
    return deployment;
  }

  /** Goes on with everything that a saved state left going on. */
  resume(): void {
    for (const deployment of this.#context.state.deployments.values()) {
      if (isGoingOn(deployment)) this.#soon(deployment);
    }
  }

  /** Somebody says that a deployment need not wait any longer. */
  goOn(deployment: CodeDeployment, wait: string): void {
    deployment.continued.add(wait);
    this.#move(deployment);
  }

  /** Ends a deployment before its time. @param event what AWS calls the occasion, for the automatic rollback */
  fail(deployment: CodeDeployment, status: 'Failed' | 'Stopped', code: string, message: string, event?: string): void {
    this.#end(deployment, status);
    deployment.error = { code, message };
    const found = this.#placeOf(deployment);
    if (!found) return;
    if (event !== undefined && deployment.rollbackOn.includes(event)) this.#rollBack(deployment, found.group);
    // Without a rollback the traffic stays where it is.
    else if (deployment.traffic === 0) this.#drain(found.cluster, found.service, deployment.green);
  }

  #soon(deployment: CodeDeployment): void {
    const { clock, pace } = this.#context.ecs;
    clock.after(pace.rollback, () => this.#move(deployment));
  }

  /** Does what can be done now, and looks again soon. */
  #move(deployment: CodeDeployment): void {
    const now = this.#context.ecs.clock.now();
    const found = this.#placeOf(deployment);
    if (isGoingOn(deployment) && !found) {
      this.fail(deployment, 'Failed', 'INVALID_ECS_SERVICE', 'The Amazon ECS service was not found.');
    }
    if (!isGoingOn(deployment) || !found) return;
    const off = found.group.alarms.find((name) => this.#context.ecs.alarms.get(name) === 'ALARM');
    if (off !== undefined) {
      const text = `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected: ${off}`;
      return this.fail(deployment, 'Stopped', 'ALARM_ACTIVE', text, 'DEPLOYMENT_STOP_ON_ALARM');
    }
    if (deployment.status === 'Created') deployment.status = 'InProgress';
    const step = deployment.steps[deployment.at];
    if (!step) return this.#end(deployment, 'Succeeded');
    const event = 'event' in step ? deployment.events.find(({ name }) => name === step.event) : undefined;
    if (event && event.start === undefined) Object.assign(event, { status: 'InProgress', start: now });
    const done = this.#perform(deployment, step, found);
    if (!isGoingOn(deployment)) return;
    if (done) this.#next(deployment, step, event, now);
    this.#soon(deployment);
  }

  #next(deployment: CodeDeployment, step: Step, event: LifecycleEvent | undefined, now: number): void {
    deployment.at += 1;
    deployment.since = now;
    deployment.status = 'InProgress';
    const following = deployment.steps[deployment.at];
    const goesOn = 'event' in step && following && 'event' in following && following.event === step.event;
    if (event && !goesOn) Object.assign(event, { status: 'Succeeded', end: now });
  }

  /** @returns whether the step is done. */
  #perform(deployment: CodeDeployment, step: Step, place: Found): boolean {
    const { clock, pace } = this.#context.ecs;
    const passed = (minutes: number): boolean => clock.now() >= deployment.since + minutes * 60 * pace.second;
    switch (step.do) {
      case 'nothing':
        return true;
      case 'install':
        return this.#install(deployment, place, passed(installMinutes));
      case 'test':
        this.#route(deployment, place.group.test, place.group, 100);
        return true;
      case 'ready':
        return this.#wait(deployment, passed(step.minutes));
      case 'traffic':
        if (deployment.traffic !== step.percent) {
          deployment.traffic = step.percent;
          this.#route(deployment, place.group.production, place.group, step.percent);
        }
        return clock.now() >= deployment.since + step.bake;
      case 'promote':
        this.#promote(place, deployment.green);
        return true;
      case 'terminate':
        return this.#terminate(deployment, place, passed(step.minutes));
    }
  }

  #install(deployment: CodeDeployment, place: Found, isLate: boolean): boolean {
    if (deployment.green === undefined && !this.#startGreen(deployment, place)) return false;
    const green = place.service.taskSets?.find(({ id }) => id === deployment.green);
    if (green?.stable) return true;
    if (!isLate) return false;
    const text =
      'The deployment timed out while waiting for the replacement task set to become healthy. ' +
      'This time out period is 60 minutes.';
    this.#failEvent(deployment);
    this.fail(deployment, 'Failed', 'ECS_UPDATE_ERROR', text, 'DEPLOYMENT_FAILURE');
    return false;
  }

  /** @returns false when ECS refuses the task set. */
  #startGreen(deployment: CodeDeployment, { cluster, service, group }: Found): boolean {
    const { ecs, scheduler } = this.#context;
    const blue = primarySet(service);
    for (const other of service.taskSets ?? []) if (other !== blue) this.#drain(cluster, service, other.id);
    const { taskDefinition, container: containerName, port: containerPort, settings } = deployment.appSpec;
    try {
      const used = blue && groupOf(blue);
      const targetGroupArn = group.targetGroups.find((arn) => arn !== used) ?? group.targetGroups[1];
      const wanted: ServiceSettings = {
        ...service.settings,
        ...settings,
        taskDefinition: usableTaskDefinition(ecs, taskDefinition),
        loadBalancers: [{ targetGroupArn, containerName, containerPort }],
      };
      // Behind the listeners from the beginning, so that the new tasks are checked before they get traffic.
      const others = group.targetGroups.find((arn) => arn !== targetGroupArn) ?? targetGroupArn;
      routeTraffic(this.#context.elb, group.production, [targetGroupArn, others], 0);
      ecs.balancing.check(wanted);
      const request = { externalId: deployment.id };
      const green = newTaskSet(ecs, service, wanted, { status: 'ACTIVE', scale: all, request });
      deployment.green = green.id;
      if (blue) deployment.blue = blue.id;
      scheduler.reconcile(cluster, service);
      return true;
    } catch (error) {
      this.#failEvent(deployment);
      const text = error instanceof Error ? error.message : String(error);
      this.fail(deployment, 'Failed', 'ECS_UPDATE_ERROR', text, 'DEPLOYMENT_FAILURE');
      return false;
    }
  }

  #wait(deployment: CodeDeployment, isLate: boolean): boolean {
    if (deployment.continued.has('READY_WAIT')) return true;
    deployment.status = 'Ready';
    if (isLate) {
      const text = 'The deployment was stopped because traffic rerouting was not started within the wait time.';
      this.fail(deployment, 'Stopped', 'TIMEOUT', text, 'DEPLOYMENT_FAILURE');
    }
    return false;
  }

  #terminate(deployment: CodeDeployment, { cluster, service }: Found, isLate: boolean): boolean {
    deployment.terminating = true;
    if (!isLate && !deployment.continued.has('TERMINATION_WAIT')) return false;
    this.#drain(cluster, service, deployment.blue);
    return true;
  }

  /** What runs becomes what the service has. */
  #promote({ cluster, service }: Found, id: string | undefined): void {
    const promoted = service.taskSets?.find((taskSet) => taskSet.id === id);
    if (!promoted) return;
    for (const taskSet of service.taskSets ?? []) if (taskSet.status === 'PRIMARY') taskSet.status = 'ACTIVE';
    promoted.status = 'PRIMARY';
    promoted.updatedAt = this.#context.ecs.clock.now();
    service.settings = promoted.revision.settings;
    this.#context.scheduler.reconcile(cluster, service);
  }

  #drain(cluster: Cluster, service: Service, id: string | undefined): void {
    const taskSet = service.taskSets?.find((each) => each.id === id);
    if (!taskSet) return;
    taskSet.status = 'DRAINING';
    taskSet.scale = { value: 0, unit: 'PERCENT' };
    taskSet.updatedAt = this.#context.ecs.clock.now();
    this.#context.scheduler.reconcile(cluster, service);
  }

  /** A rollback is a deployment of its own: the traffic goes back to the tasks that are still there. */
  #rollBack(failed: CodeDeployment, group: DeploymentGroup): void {
    const { clock } = this.#context.ecs;
    const { id: of, appSpec, config, blue, green } = failed;
    const revision = failed.previous ?? failed.revision;
    const deployment: CodeDeployment = {
      ...{ id: newId(), application: group.application, group: group.name, config, creator: 'codeDeployRollback' },
      ...{ revision, previous: failed.revision, appSpec, rollbackOn: [], description: undefined },
      ...{ createdAt: clock.now(), steps: backSteps, events: [{ name: 'AllowTraffic', status: 'Pending' }] },
      ...{ status: 'Created', at: 0, since: clock.now(), traffic: 100, continued: new Set<string>() },
      ...{ terminating: false, rollback: { of, message: `Deployment ${of} was rolled back.` } },
      // What was new goes, and what was there before stays.
      ...(green === undefined ? {} : { blue: green }),
      ...(blue === undefined ? {} : { green: blue }),
    };
    failed.rollback = { by: deployment.id, message: `Deployment ${of} failed. Rolling back with ${deployment.id}.` };
    this.#context.state.deployments.set(deployment.id, deployment);
    this.#soon(deployment);
  }

  #route(deployment: CodeDeployment, listeners: readonly string[], group: DeploymentGroup, percent: number): void {
    const { service } = this.#placeOf(deployment) ?? {};
    const green = service?.taskSets?.find(({ id }) => id === deployment.green);
    const ahead = green && groupOf(green);
    if (ahead === undefined) return;
    const behind = group.targetGroups.find((arn) => arn !== ahead) ?? ahead;
    routeTraffic(this.#context.elb, listeners, [ahead, behind], percent);
  }

  #failEvent({ events }: CodeDeployment): void {
    const now = this.#context.ecs.clock.now();
    for (const event of events) {
      if (event.status === 'InProgress') Object.assign(event, { status: 'Failed', end: now });
      if (event.status === 'Pending') event.status = 'Skipped';
    }
  }

  #end(deployment: CodeDeployment, status: CodeDeployment['status']): void {
    deployment.status = status;
    deployment.completedAt = this.#context.ecs.clock.now();
    if (status !== 'Succeeded') this.#failEvent(deployment);
  }

  #lastGood({ application, name }: DeploymentGroup): CodeDeployment | undefined {
    return deploymentsOf(this.#context, application, name).find(({ status }) => status === 'Succeeded');
  }

  #placeOf({ application, group: name }: CodeDeployment): Found | undefined {
    const group = this.#context.state.applications.get(application)?.groups.get(name);
    const cluster = this.#context.ecs.state.clusters.get(group?.service.cluster ?? '');
    if (!group || !cluster) return undefined;
    const service = findService(cluster, group.service.name);
    return service?.status === 'ACTIVE' ? { group, cluster, service } : undefined;
  }
}

/** Where a deployment takes place. */
interface Found {
  readonly group: DeploymentGroup;
  readonly cluster: Cluster;
  readonly service: Service;
}

const all = { value: 100, unit: 'PERCENT' } as const;

const backSteps: readonly Step[] = [
  { event: 'AllowTraffic', do: 'traffic', percent: 100, bake: 0 },
  { do: 'promote' },
  { do: 'terminate', minutes: 0 },
];

/** CodeDeploy's lifecycle of an ECS deployment (CodeDeploy user guide, "AppSpec hooks section"). Hooks are not run. */
function plan(group: DeploymentGroup, config: string, second: number): Step[] {
  const test = group.test.length > 0;
  return [
    { event: 'BeforeInstall', do: 'nothing' },
    { event: 'Install', do: 'install' },
    { event: 'AfterInstall', do: 'nothing' },
    ...(test
      ? ([
          { event: 'AllowTestTraffic', do: 'test' },
          { event: 'AfterAllowTestTraffic', do: 'nothing' },
        ] as const)
      : []),
    ...(group.readyMinutes === undefined ? [] : [{ do: 'ready', minutes: group.readyMinutes } as const]),
    { event: 'BeforeAllowTraffic', do: 'nothing' },
    ...shiftsOf(config).map(({ percent, minutes }): Step => {
      return { event: 'AllowTraffic', do: 'traffic', percent, bake: minutes * 60 * second };
    }),
    { event: 'AfterAllowTraffic', do: 'nothing' },
    { do: 'promote' },
    { do: 'terminate', minutes: group.terminationMinutes },
  ];
}

export function primarySet({ taskSets = [] }: Service): TaskSet | undefined {
  return taskSets.find(({ status }) => status === 'PRIMARY');
}

/** ARN of the target group that the tasks of a task set are in. */
export function groupOf({ revision }: TaskSet): string | undefined {
  return (revision.settings.loadBalancers as readonly Behind[])[0]?.targetGroupArn;
}

function newId(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return `d-${Array.from({ length: 9 }, () => letters.charAt(randomInt(letters.length))).join('')}`;
}
