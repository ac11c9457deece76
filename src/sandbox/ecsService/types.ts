/** Parts of ECS's requests that the sandbox keeps as they came. */
export type Json = Readonly<Record<string, unknown>>;

export interface Tag {
  readonly key?: string;
  readonly value?: string;
}

export type LaunchType = 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES';

export interface PortMapping {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly protocol?: 'tcp' | 'udp';
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly essential?: boolean;
  readonly portMappings?: readonly PortMapping[];
  readonly environment?: readonly { readonly name?: string; readonly value?: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  /** Seconds. */
  readonly startTimeout?: number;
  readonly command?: readonly string[];
  readonly entryPoint?: readonly string[];
  readonly workingDirectory?: string;
  readonly user?: string;
  readonly hostname?: string;
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly stopTimeout?: number;
  readonly linuxParameters?: { readonly initProcessEnabled?: boolean };
  readonly dockerLabels?: Readonly<Record<string, string>>;
  readonly dependsOn?: readonly {
    readonly containerName: string;
    readonly condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';
  }[];
  readonly healthCheck?: {
    readonly command: readonly string[];
    readonly interval?: number;
    readonly timeout?: number;
    readonly retries?: number;
    readonly startPeriod?: number;
  };
  readonly logConfiguration?: { readonly logDriver: string; readonly options?: Readonly<Record<string, string>> };
}

/** A revision. `registered` holds exactly what RegisterTaskDefinition was given, tags apart. */
export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  readonly registered: Json & {
    readonly containerDefinitions: readonly ContainerDefinition[];
    readonly networkMode?: string;
    readonly cpu?: string;
    readonly memory?: string;
    readonly requiresCompatibilities?: readonly string[];
    readonly runtimePlatform?: { readonly cpuArchitecture?: string; readonly operatingSystemFamily?: string };
  };
  readonly compatibilities: readonly string[];
  readonly registeredAt: number;
  readonly registeredBy: string;
  deregisteredAt?: number;
  deleteRequestedAt?: number;
  readonly tags: Map<string, string>;
}

export interface NetworkBinding {
  readonly bindIP: string;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface ContainerState {
  readonly id: string;
  readonly name: string;
  image: string;
  imageDigest?: string;
  runtimeId?: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  exitCode?: number;
  reason?: string;
  bindings: readonly NetworkBinding[];
  health?: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
}

export type TaskStatus =
  'PROVISIONING' | 'PENDING' | 'ACTIVATING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';

export interface Eni {
  readonly id: string;
  readonly eniId: string;
  readonly subnet: string;
  readonly ip: string;
  readonly mac: string;
  /** Security groups. */
  readonly groups?: readonly string[];
  status: 'PRECREATED' | 'ATTACHING' | 'ATTACHED' | 'DETACHING' | 'DELETED';
}

export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  readonly taskDefinition: TaskDefinition;
  readonly launchType: LaunchType;
  readonly platformVersion?: string;
  readonly containerInstance?: string;
  /** Name of the daemon that it belongs to. */
  readonly daemon?: string;
  /** Name of the capacity provider that it was started through. */
  readonly capacityProvider?: string;
  /** The service's name, for a task that a service started. */
  readonly service?: string;
  readonly startedBy?: string;
  readonly group: string;
  readonly overrides: Json;
  readonly enableExecuteCommand: boolean;
  readonly containers: ContainerState[];
  readonly eni?: Eni;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  version: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  executionStoppedAt?: number;
  stoppedAt?: number;
  stopCode?: string;
  stoppedReason?: string;
  /** Where it is registered: target groups' ARNs and the keys of its targets there. */
  targets?: readonly { readonly group: string; readonly key: string }[];
  /** The scheduler leaves it alone until then; milliseconds since the Unix epoch. */
  protectedUntil?: number | undefined;
  /** True once it has run for the settling time and, with a health check, is healthy. */
  settled: boolean;
}

export interface ContainerInstance {
  readonly id: string;
  readonly arn: string;
  readonly ec2InstanceId: string;
  status: 'ACTIVE' | 'DRAINING';
  readonly cpu: number;
  /** MiB */
  readonly memory: number;
  readonly architecture: 'X86_64' | 'ARM64';
  readonly registeredAt: number;
  readonly tags: Map<string, string>;
  /** Name of the capacity provider that it belongs to. */
  capacityProvider?: string;
  /** What PutAttributes has set. */
  attributes?: Map<string, string>;
}

/** What a service revision freezes: a change to any of these makes a new deployment. */
export interface ServiceSettings {
  readonly taskDefinition: TaskDefinition;
  readonly launchType: LaunchType | undefined;
  readonly capacityProviderStrategy: readonly Json[] | undefined;
  readonly platformVersion: string | undefined;
  readonly networkConfiguration: Json | undefined;
  readonly loadBalancers: readonly Json[];
  readonly serviceRegistries: readonly Json[];
  readonly serviceConnectConfiguration: Json | undefined;
  readonly volumeConfigurations: readonly Json[] | undefined;
}

/** Where an external controller deploys, only the task sets have task definitions. */
export type OwnSettings = Omit<ServiceSettings, 'taskDefinition'> & {
  readonly taskDefinition: TaskDefinition | undefined;
};

export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

export interface ServiceRevision {
  readonly arn: string;
  readonly createdAt: number;
  readonly settings: ServiceSettings;
  /** Container name → digest, resolved once when the deployment's first task starts. */
  readonly digests: Map<string, string>;
  /** True when its tasks are behind the alternate target groups: blue and green take turns. */
  readonly alternate?: boolean;
}

export type LifecycleStage =
  | 'RECONCILE_SERVICE'
  | 'PRE_SCALE_UP'
  | 'SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'BAKE_TIME'
  | 'CLEAN_UP';

/** Where a hook can stand. AWS shows the one before the shift of production as part of that shift. */
export type HookStage = Exclude<LifecycleStage, 'SCALE_UP' | 'BAKE_TIME' | 'CLEAN_UP'> | 'PRE_PRODUCTION_TRAFFIC_SHIFT';

/** One step of a deployment that shifts traffic. */
export type PlanStep = { readonly stage: LifecycleStage } &
  /** Until nothing is left of deployments that were superseded. */
  (
    | { readonly do: 'reconcile' }
    /** Milliseconds. */
    | { readonly do: 'wait'; readonly ms: number }
    | { readonly do: 'hooks'; readonly at: HookStage }
    /** Until every task of the new revision is up. */
    | { readonly do: 'scale' }
    /** Percent of the traffic that the new revision gets. */
    | { readonly do: 'test' | 'production'; readonly percent: number }
    /** Until the other revision's tasks are gone. */
    | { readonly do: 'clean' }
  );

export interface HookRun {
  readonly hookId: string;
  readonly targetType: 'AWS_LAMBDA' | 'PAUSE';
  readonly targetArn?: string;
  /** Which step of the plan it belongs to. */
  readonly step: number;
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly timeoutAction: 'ROLLBACK' | 'CONTINUE';
  status: 'AWAITING_ACTION' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
}

/** How far a blue/green, linear or canary deployment is. */
export interface Shift {
  plan: readonly PlanStep[];
  /** The step that is going on. */
  at: number;
  /** Since when, in milliseconds since the Unix epoch. */
  since: number;
  /** True while it goes back to where it came from. */
  back: boolean;
  /** Percent of the traffic that the new revision gets. */
  production: number;
  test: number;
  readonly hooks: HookRun[];
}

export interface DeploymentLifecycleHook {
  readonly targetType?: 'AWS_LAMBDA' | 'PAUSE';
  readonly hookTargetArn?: string;
  readonly roleArn?: string;
  readonly lifecycleStages?: readonly HookStage[];
  readonly timeoutConfiguration?: { readonly timeoutInMinutes?: number; readonly action?: 'ROLLBACK' | 'CONTINUE' };
}

/** What ListServiceDeployments tells: the history of one deployment, its rollback included. */
export interface ServiceDeployment {
  readonly arn: string;
  readonly createdAt: number;
  readonly target: ServiceRevision;
  readonly sources: readonly ServiceRevision[];
  readonly configuration: DeploymentConfiguration;
  startedAt?: number;
  finishedAt?: number;
  stoppedAt?: number;
  updatedAt: number;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  rollback?: { readonly reason: string; readonly startedAt: number; readonly serviceRevisionArn: string };
  breaker: {
    status: 'TRIGGERED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'DISABLED';
    failures: number;
    threshold: number;
  };
  alarms?: {
    status: 'TRIGGERED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'DISABLED';
    readonly names: readonly string[];
    triggered: readonly string[];
  };
  /** Present unless it is a rolling deployment. */
  shift?: Shift;
}

export interface DeploymentConfiguration extends Json {
  readonly maximumPercent?: number;
  readonly minimumHealthyPercent?: number;
  readonly deploymentCircuitBreaker?: { readonly enable: boolean; readonly rollback: boolean };
  readonly alarms?: { readonly alarmNames: readonly string[]; readonly enable: boolean; readonly rollback: boolean };
  readonly strategy?: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';
  readonly bakeTimeInMinutes?: number;
  readonly lifecycleHooks?: readonly DeploymentLifecycleHook[];
  readonly linearConfiguration?: { readonly stepPercent?: number; readonly stepBakeTimeInMinutes?: number };
  readonly canaryConfiguration?: { readonly canaryPercent?: number; readonly canaryBakeTimeInMinutes?: number };
}

export interface Deployment {
  readonly id: string;
  readonly createdAt: number;
  readonly revision: ServiceRevision;
  /** Its entry in the service's history. */
  readonly record: ServiceDeployment;
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  updatedAt: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  failedTasks: number;
  /** Tasks of this deployment that failed in a row; decides how long the next start waits. */
  failuresInARow: number;
  /** No start before this time, in milliseconds since the epoch. */
  notBefore: number;
  /** Not completed before this time, in milliseconds since the epoch: a rollback takes a while to be believed. */
  openUntil: number;
}

/** What an Express service is made from, with AWS's defaults filled in. */
export interface ExpressConfiguration {
  readonly executionRoleArn: string;
  readonly taskRoleArn: string | undefined;
  readonly cpu: string;
  readonly memory: string;
  readonly healthCheckPath: string;
  readonly networkConfiguration: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };
  readonly primaryContainer: {
    readonly image: string;
    readonly containerPort: number;
    readonly awsLogsConfiguration: { readonly logGroup: string; readonly logStreamPrefix: string };
    readonly repositoryCredentials?: Json;
    readonly command?: readonly string[];
    readonly environment?: readonly { readonly name?: string; readonly value?: string }[];
    readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  };
  readonly scalingTarget: {
    readonly minTaskCount: number;
    readonly maxTaskCount: number;
    readonly autoScalingMetric: string;
    readonly autoScalingTargetValue: number;
  };
  readonly createdAt: number;
}

/** What Express Mode has made around a service: ARNs, except where it says otherwise. */
export interface ExpressGateway {
  readonly balancer: string;
  readonly scheme: string;
  readonly listener: string;
  readonly rule: string;
  readonly groups: readonly [string, string];
  /** A name. */
  readonly logGroup: string;
  /** The host name that the rule listens for, and the listener's port. */
  readonly host: string;
  readonly port: number;
  /** The name of the alarm that rolls deployments back. */
  readonly alarm: string;
}

export interface ExpressService {
  readonly infrastructureRoleArn: string;
  readonly gateway: ExpressGateway;
  /** By service revision. */
  readonly configurations: Map<string, ExpressConfiguration>;
  updatedAt: number;
}

export interface Scale {
  readonly value?: number;
  readonly unit?: 'PERCENT';
}

/** What tasks are started for: a deployment or a task set. Their `startedBy` is its id. */
export type TaskSource = Pick<Deployment, 'id' | 'revision' | 'rolloutState' | 'notBefore'>;

/** A set of tasks of a service that CodeDeploy or an external controller deploys. */
export interface TaskSet {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly revision: ServiceRevision;
  readonly externalId?: string;
  readonly clientToken?: string;
  readonly tags: Map<string, string>;
  readonly rolloutState: 'IN_PROGRESS';
  updatedAt: number;
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING';
  scale: Scale;
  notBefore: number;
  failuresInARow: number;
  stable: boolean;
  /** Since when it is stable, or not. */
  stableAt: number;
}

export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

export interface Service {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  readonly createdAt: number;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly deploymentController: string;
  readonly createdBy: string;
  readonly clientToken?: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  settings: OwnSettings;
  /** Present for a service that Express Mode has made. */
  express?: ExpressService;
  /** Oldest first; only with CodeDeploy or an external controller. */
  taskSets?: TaskSet[];
  desiredCount: number;
  configuration: DeploymentConfiguration;
  healthCheckGracePeriodSeconds: number | undefined;
  enableExecuteCommand: boolean;
  enableECSManagedTags: boolean;
  propagateTags: string;
  placementConstraints: readonly Json[];
  placementStrategy: readonly Json[];
  availabilityZoneRebalancing: string;
  readonly tags: Map<string, string>;
  /** Newest first. */
  readonly deployments: Deployment[];
  /** Newest first. */
  readonly history: ServiceDeployment[];
  readonly revisions: Map<string, ServiceRevision>;
  /** Newest first, 100 at most. */
  readonly events: ServiceEvent[];
  /** True while the tasks are wanted but must not start yet: the seed's images are still being made. */
  held: boolean;
  steady: boolean;
  /** The entry of the history that is still going on, or the last one. */
  current: ServiceDeployment | undefined;
  inactiveAt?: number;
}

export interface DaemonRevision {
  readonly arn: string;
  readonly createdAt: number;
  readonly definition: TaskDefinition;
  readonly digests: Map<string, string>;
  readonly propagateTags: string;
  readonly enableECSManagedTags: boolean;
  readonly enableExecuteCommand: boolean;
}

export interface DaemonDeployment {
  readonly arn: string;
  readonly target: DaemonRevision;
  readonly sources: readonly DaemonRevision[];
  readonly createdAt: number;
  readonly configuration: Json;
  status: 'IN_PROGRESS' | 'SUCCESSFUL' | 'STOPPED';
  stoppedAt?: number;
  finishedAt?: number;
}

/** A task on every managed instance of some capacity providers. */
export interface Daemon {
  readonly name: string;
  readonly arn: string;
  readonly clientToken?: string;
  readonly createdAt: number;
  updatedAt: number;
  status: 'ACTIVE' | 'DELETE_IN_PROGRESS';
  /** Names. */
  providers: readonly string[];
  configuration: Json;
  revision: DaemonRevision;
  /** Oldest first. */
  readonly revisions: DaemonRevision[];
  /** Newest first. */
  readonly deployments: DaemonDeployment[];
  readonly tags: Map<string, string>;
  /** No start before this time, in milliseconds since the epoch. */
  notBefore: number;
}

export interface Cluster {
  readonly name: string;
  readonly arn: string;
  readonly createdAt?: number;
  status: 'ACTIVE' | 'INACTIVE';
  settings: readonly Json[];
  configuration: Json | undefined;
  capacityProviders: readonly string[];
  defaultCapacityProviderStrategy: readonly Json[];
  readonly tags: Map<string, string>;
  readonly services: Map<string, Service>;
  /** By id. */
  readonly tasks: Map<string, Task>;
  readonly instances: Map<string, ContainerInstance>;
  /** By name. */
  daemons?: Map<string, Daemon>;
}
