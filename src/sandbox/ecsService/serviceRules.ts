import { invalidParameter } from '../http/apiError';
import type { DeploymentConfiguration, Json, LaunchType, ServiceSettings, Tag, TaskDefinition } from './types';

/** What CreateService and UpdateService have in common. */
export interface ServiceRequest {
  readonly taskDefinition?: string;
  readonly desiredCount?: number;
  readonly clientToken?: string;
  readonly launchType?: LaunchType;
  readonly capacityProviderStrategy?: readonly Json[];
  readonly platformVersion?: string;
  readonly deploymentConfiguration?: DeploymentConfiguration;
  readonly placementConstraints?: readonly Json[];
  readonly placementStrategy?: readonly Json[];
  readonly networkConfiguration?: Json;
  readonly loadBalancers?: readonly Json[];
  readonly serviceRegistries?: readonly Json[];
  readonly serviceConnectConfiguration?: Json;
  readonly volumeConfigurations?: readonly Json[];
  readonly healthCheckGracePeriodSeconds?: number;
  readonly schedulingStrategy?: 'REPLICA' | 'DAEMON';
  readonly deploymentController?: { readonly type: string };
  readonly tags?: readonly Tag[];
  readonly enableECSManagedTags?: boolean;
  readonly propagateTags?: string;
  readonly enableExecuteCommand?: boolean;
  readonly availabilityZoneRebalancing?: string;
}

/** The cross-field rules of CreateService and UpdateService. @throws ApiError with AWS's words. */
export function checkService(request: ServiceRequest, settings: ServiceSettings): void {
  const { capacityProviderStrategy, launchType, deploymentConfiguration: configuration } = request;
  if (launchType !== undefined && capacityProviderStrategy !== undefined) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  checkLaunch(settings.taskDefinition, settings.launchType, settings.networkConfiguration);
  const daemon = request.schedulingStrategy === 'DAEMON';
  if (daemon && settings.launchType === 'FARGATE') {
    throw invalidParameter('The daemon scheduling strategy is not supported for tasks using the Fargate launch type.');
  }
  checkLoadBalancers(settings);
  if (request.healthCheckGracePeriodSeconds !== undefined && settings.loadBalancers.length === 0) {
    throw invalidParameter('Health check grace period is only valid for services configured to use load balancers');
  }
  const { minimumHealthyPercent: min, maximumPercent: max } = configuration ?? {};
  if (min !== undefined && (min < 0 || min > 100)) {
    throw invalidParameter('minimumHealthyPercent must be between 0 and 100.');
  }
  if (max !== undefined && (max < 100 || max > 200) && !daemon) {
    throw invalidParameter('maximumPercent must be between 100 and 200.');
  }
}

/** The network that a task definition asks for must be given, and only then. Also for RunTask. */
export function checkLaunch(
  { registered, compatibilities }: TaskDefinition,
  launchType: LaunchType | undefined,
  networkConfiguration: Json | undefined,
): void {
  const awsvpc = registered.networkMode === 'awsvpc';
  if (awsvpc && !networkConfiguration?.['awsvpcConfiguration']) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (!awsvpc && networkConfiguration) {
    throw invalidParameter('Network Configuration is not valid for the given networkMode of this task definition.');
  }
  const vpc = networkConfiguration?.['awsvpcConfiguration'] as { subnets?: readonly unknown[] } | undefined;
  if (vpc && (vpc.subnets ?? []).length === 0) throw invalidParameter('subnets can not be empty.');
  if (vpc && (vpc.subnets ?? []).length > 16) throw invalidParameter('subnets can have at most 16 items.');
  if (launchType === 'FARGATE' && !compatibilities.includes('FARGATE')) {
    throw invalidParameter('Task definition does not support launch_type FARGATE.');
  }
}

function checkLoadBalancers({ taskDefinition, loadBalancers }: ServiceSettings): void {
  for (const { containerName, containerPort } of loadBalancers) {
    const container = taskDefinition.registered.containerDefinitions.find(({ name }) => name === containerName);
    if (!container)
      throw invalidParameter(`The container ${String(containerName)} does not exist in the task definition.`);
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
      throw invalidParameter(
        `The container ${String(containerName)} did not have a container port ${String(containerPort)} defined.`,
      );
    }
  }
}
