import type * as sdk from '@aws-sdk/client-ecs';
import type {
  DeploymentAlarms,
  HookRun,
  RevisionShare,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
} from '../ecs/serviceDeployment';

/* From the SDK's shapes of service deployments, in which every member is optional, to Gantry's words. */

export function toServiceDeployment(from: sdk.ServiceDeployment): ServiceDeployment {
  const { deploymentCircuitBreaker: breaker, targetServiceRevision, deploymentConfiguration } = from;
  return {
    arn: from.serviceDeploymentArn ?? '',
    status: from.status ?? '',
    reason: from.statusReason,
    lifecycleStage: from.lifecycleStage,
    createdAt: from.createdAt?.getTime() ?? 0,
    finishedAt: from.finishedAt?.getTime(),
    target: targetServiceRevision && toShare(targetServiceRevision),
    sources: (from.sourceServiceRevisions ?? []).map(toShare),
    failureCount: breaker?.failureCount,
    failureThreshold: breaker?.threshold,
    alarms: toAlarms(from.alarms),
    hooks: (from.lifecycleHookDetails ?? []).map(toHook),
    bakeMinutes: deploymentConfiguration?.bakeTimeInMinutes,
  };
}

export function toBrief(from: sdk.ServiceDeploymentBrief): ServiceDeploymentBrief {
  return {
    arn: from.serviceDeploymentArn ?? '',
    status: from.status ?? '',
    createdAt: from.createdAt?.getTime() ?? 0,
    revision: from.targetServiceRevisionArn,
  };
}

function toShare(from: sdk.ServiceRevisionSummary): RevisionShare {
  return {
    arn: from.arn ?? '',
    requested: from.requestedTaskCount ?? 0,
    running: from.runningTaskCount ?? 0,
    pending: from.pendingTaskCount ?? 0,
    production: from.requestedProductionTrafficWeight,
    test: from.requestedTestTrafficWeight,
  };
}

function toHook(from: sdk.DeploymentLifecycleHookDetail): HookRun {
  return {
    id: from.hookId ?? '',
    kind: from.targetType ?? '',
    status: from.status ?? '',
    expiresAt: from.expiresAt?.getTime(),
    onTimeout: from.timeoutAction,
  };
}

function toAlarms(from: sdk.ServiceDeploymentAlarms | undefined): DeploymentAlarms | undefined {
  if (!from?.alarmNames?.length) return undefined;
  return { names: from.alarmNames, triggered: from.triggeredAlarmNames ?? [] };
}

/** The members of a service revision that UpdateService takes as they are. */
const settingsOfRevision = [
  'networkConfiguration',
  'loadBalancers',
  'serviceRegistries',
  'platformVersion',
  'capacityProviderStrategy',
  'serviceConnectConfiguration',
  'volumeConfigurations',
] as const;

export function toServiceRevision(from: sdk.ServiceRevision): ServiceRevision {
  const settings = settingsOfRevision.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]] as const]));
  return {
    arn: from.serviceRevisionArn ?? '',
    taskDefinition: from.taskDefinition ?? '',
    images: (from.containerImages ?? []).map(({ containerName = '', image = '', imageDigest: digest }) => ({
      ...{ container: containerName, image, digest },
    })),
    settings: Object.fromEntries(settings),
  };
}
