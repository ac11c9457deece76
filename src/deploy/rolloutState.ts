import type { Deployment, Service } from '../ecs/model';
import type { DeploymentAlarms, HookRun, RevisionShare, ServiceDeployment } from '../ecs/serviceDeployment';
import { isRollingBack } from './verdict';

/** The tasks of one side of a rollout: what is new, or what it replaces. */
export interface Side {
  /** ARN of the task definition. */
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Percent of the production traffic, where the deployment shifts it. */
  readonly production: number | undefined;
}

/** Where a rollout is after a look: plain data, so that it can be kept and shown again. */
export interface RolloutState {
  /** ROLLING, BLUE_GREEN, LINEAR or CANARY. */
  readonly strategy: string;
  /** What is being brought; undefined once ECS does not list it any more. */
  readonly target: Side | undefined;
  /** What it replaces. */
  readonly sources: readonly Side[];
  readonly failed: number;
  readonly rollingBack: boolean;
  /** How many failed tasks make the circuit breaker trip, where AWS says so. */
  readonly failureThreshold: number | undefined;
  /** The stage of a deployment that shifts traffic. */
  readonly stage: string | undefined;
  readonly bakeMinutes: number | undefined;
  readonly alarms: DeploymentAlarms | undefined;
  /** The hook that waits for a person. */
  readonly hook: HookRun | undefined;
  /** ARN of the service deployment, once it is known. */
  readonly record: string | undefined;
}

/** Puts together what the two records of one deployment say. */
export function stateOf(service: Service, deploymentId: string, record: ServiceDeployment | undefined): RolloutState {
  const ours = service.deployments.find(({ id }) => id === deploymentId);
  const others = service.deployments.filter(({ id }) => id !== deploymentId);
  return {
    strategy: service.strategy,
    target: ours && sideOf(ours, record?.target),
    // With several older revisions nothing says which share is whose.
    sources: others.map((each) => sideOf(each, others.length === 1 ? record?.sources[0] : undefined)),
    failed: Math.max(ours?.failed ?? 0, record?.failureCount ?? 0),
    rollingBack: isRollingBack(record),
    failureThreshold: record?.failureThreshold,
    stage: record?.lifecycleStage,
    bakeMinutes: record?.bakeMinutes,
    alarms: record?.alarms,
    hook: record?.hooks.find(({ status }) => status === 'AWAITING_ACTION'),
    record: record?.arn,
  };
}

function sideOf({ taskDefinition, desired, running, pending }: Deployment, share: RevisionShare | undefined): Side {
  return { taskDefinition, desired, running, pending, production: share?.production };
}

/** The stages of a deployment that shifts traffic, in order (ECS developer guide, "Blue/green deployments"). */
const stages = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

/**
 * Whether a rollout waits because somebody planned it so: at a hook, in its bake time, or, with all of the traffic moved,
 * for the end of the old tasks. Such a wait may take hours and is no sign of trouble.
 */
export function waitsByPlan({ hook, stage, target, rollingBack }: RolloutState): boolean {
  return !rollingBack && (hook !== undefined || stage === 'BAKE_TIME' || target?.production === 100);
}

/** How far a rollout has come, from 0 to 1. Only a verdict makes it whole: running tasks may still turn unhealthy. */
export function fractionOf(state: RolloutState): number {
  const almost = 0.95;
  const at = state.stage === undefined ? -1 : stages.indexOf(state.stage);
  if (at < 0) return almost * upOf(state.target);
  const within = state.stage === 'PRODUCTION_TRAFFIC_SHIFT' ? (state.target?.production ?? 0) / 100 : 0;
  const scaling = state.stage === 'SCALE_UP' ? upOf(state.target) : 0;
  return (almost * (at + Math.max(within, scaling))) / stages.length;
}

function upOf(side: Side | undefined): number {
  if (!side || side.desired === 0) return 0;
  return Math.min(1, side.running / side.desired);
}
