import { clientException, invalidParameter } from '../http/apiError';
import type { EcsContext } from './context';
import type { Pace } from './pace';
import type {
  DeploymentConfiguration,
  HookStage,
  Json,
  LifecycleStage,
  PlanStep,
  Service,
  ServiceSettings,
  Shift,
} from './types';

/** True for blue/green, linear and canary deployments. */
export function shiftsTraffic({ strategy = 'ROLLING' }: DeploymentConfiguration): boolean {
  return strategy !== 'ROLLING';
}

/** Where a deployment that shifts traffic begins. */
export function newShift(context: EcsContext, service: Service, now: number): Shift {
  const inProduction = service.deployments.some(({ rolloutState }) => rolloutState === 'COMPLETED');
  const leftOver = service.deployments.some(({ rolloutState }) => rolloutState !== 'COMPLETED');
  const plan = forward(context.pace, service.configuration, { inProduction, leftOver });
  return { plan, at: 0, since: now, back: false, production: 0, test: 0, hooks: [] };
}

const minute = ({ second }: Pace): number => 60 * second;

/**
 * AWS's lifecycle stages as a list of steps. Every stage lasts a moment, in which it can be seen. A service's first
 * deployment has nobody to share traffic with: it gets all of it at once, and nothing is kept through a bake time.
 */
function forward(
  pace: Pace,
  configuration: DeploymentConfiguration,
  { inProduction, leftOver }: { inProduction: boolean; leftOver: boolean },
): PlanStep[] {
  const at = (stage: HookStage & LifecycleStage, ...work: PlanStep[]): PlanStep[] => [
    ...work,
    { stage, do: 'hooks', at: stage },
    { stage, do: 'wait', ms: pace.rollback },
  ];
  const shifts = inProduction ? productionSteps(pace, configuration) : [{ percent: 100, bake: 0 }];
  const stage = 'PRODUCTION_TRAFFIC_SHIFT';
  return [
    ...(leftOver ? at('RECONCILE_SERVICE', { stage: 'RECONCILE_SERVICE', do: 'reconcile' }) : []),
    ...at('PRE_SCALE_UP'),
    { stage: 'SCALE_UP', do: 'scale' },
    ...at('POST_SCALE_UP'),
    ...at('TEST_TRAFFIC_SHIFT', { stage: 'TEST_TRAFFIC_SHIFT', do: 'test', percent: 100 }),
    ...at('POST_TEST_TRAFFIC_SHIFT'),
    ...shifts.flatMap(({ percent, bake }): PlanStep[] => [
      { stage, do: 'hooks', at: 'PRE_PRODUCTION_TRAFFIC_SHIFT' },
      ...at(stage, { stage, do: 'production', percent }),
      { stage, do: 'wait', ms: bake },
    ]),
    ...at('POST_PRODUCTION_TRAFFIC_SHIFT'),
    { stage: 'BAKE_TIME', do: 'wait', ms: inProduction ? (configuration.bakeTimeInMinutes ?? 0) * minute(pace) : 0 },
    { stage: 'CLEAN_UP', do: 'clean' },
  ];
}

/** How production traffic gets over: percent, and how long it stays at that, in milliseconds. */
function productionSteps(
  pace: Pace,
  { strategy, canaryConfiguration, linearConfiguration }: DeploymentConfiguration,
): { percent: number; bake: number }[] {
  const all = { percent: 100, bake: 0 };
  if (strategy === 'CANARY') {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = canaryConfiguration ?? {};
    return [{ percent: canaryPercent, bake: canaryBakeTimeInMinutes * minute(pace) }, all];
  }
  if (strategy !== 'LINEAR') return [all];
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = linearConfiguration ?? {};
  const steps: { percent: number; bake: number }[] = [];
  for (let step = 1; step * stepPercent < 99.95; step += 1) {
    // Percents have one digit behind the point at most.
    steps.push({ percent: Math.round(step * stepPercent * 10) / 10, bake: stepBakeTimeInMinutes * minute(pace) });
  }
  return [...steps, all];
}

/** Turns a deployment round: its traffic goes back, then its tasks go. */
export function turnBack(shift: Shift, pace: Pace, now: number): void {
  shift.plan = [
    { stage: 'SCALE_UP', do: 'scale' },
    { stage: 'PRODUCTION_TRAFFIC_SHIFT', do: 'production', percent: 0 },
    { stage: 'TEST_TRAFFIC_SHIFT', do: 'test', percent: 0 },
    { stage: 'PRODUCTION_TRAFFIC_SHIFT', do: 'wait', ms: pace.rollback },
    { stage: 'CLEAN_UP', do: 'clean' },
  ];
  shift.at = 0;
  shift.since = now;
  shift.back = true;
}

/** The lifecycle stage that is going on. */
export function stageOf({ plan, at }: Shift): LifecycleStage | undefined {
  return plan[Math.min(at, plan.length - 1)]?.stage;
}

const words = { BLUE_GREEN: 'blue/green', LINEAR: 'linear', CANARY: 'canary' } as const;

/** What ECS asks of a service's deployment strategy. @throws ApiError */
export function checkStrategy(
  configuration: DeploymentConfiguration,
  settings: ServiceSettings,
  { controller, daemon }: { controller: string; daemon: boolean },
): void {
  const { strategy = 'ROLLING', bakeTimeInMinutes: bake } = configuration;
  checkRange('bakeTimeInMinutes', bake, 0, 1440);
  checkHooks(configuration);
  const advanced = (settings.loadBalancers as readonly Json[]).map((balancer) => balancer['advancedConfiguration']);
  if (strategy === 'ROLLING') {
    if (configuration.linearConfiguration || configuration.canaryConfiguration) {
      throw clientException('linearConfiguration and canaryConfiguration are not valid for the rolling strategy');
    }
    return;
  }
  const word = words[strategy];
  if (controller !== 'ECS') {
    throw invalidParameter(`The ${word} deployment strategy needs the ECS deployment controller.`);
  }
  if (daemon)
    throw invalidParameter(`The daemon scheduling strategy does not support the ${word} deployment strategy.`);
  if (advanced.some((value) => value === undefined)) {
    throw clientException(
      `advancedConfiguration field is required for all loadBalancers when using the ${word} deployment strategy`,
    );
  }
  if (strategy !== 'BLUE_GREEN' && advanced.length === 0 && !settings.serviceConnectConfiguration) {
    throw clientException(`A load balancer or Service Connect is required when using the ${word} deployment strategy`);
  }
  const { linearConfiguration: linear, canaryConfiguration: canary } = configuration;
  checkRange('stepPercent', linear?.stepPercent, 3, 100);
  checkRange('stepBakeTimeInMinutes', linear?.stepBakeTimeInMinutes, 0, 1440);
  checkRange('canaryPercent', canary?.canaryPercent, 0.1, 100);
  checkRange('canaryBakeTimeInMinutes', canary?.canaryBakeTimeInMinutes, 0, 1440);
}

function checkHooks({ lifecycleHooks = [] }: DeploymentConfiguration): void {
  for (const { targetType = 'AWS_LAMBDA', hookTargetArn, roleArn, lifecycleStages = [] } of lifecycleHooks) {
    if (lifecycleStages.length === 0) throw invalidParameter('lifecycleStages of a lifecycle hook cannot be empty.');
    if (targetType === 'PAUSE') {
      if (hookTargetArn === undefined && roleArn === undefined) continue;
      throw invalidParameter('hookTargetArn and roleArn are not valid for PAUSE lifecycle hooks.');
    }
    if (hookTargetArn === undefined || roleArn === undefined) {
      throw invalidParameter('hookTargetArn and roleArn are required for AWS_LAMBDA lifecycle hooks.');
    }
  }
}

function checkRange(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw invalidParameter(`${name} must be between ${min} and ${max}.`);
}
