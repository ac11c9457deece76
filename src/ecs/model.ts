import type { RuntimePlatform } from '../core/platform';

/** An ECS cluster, with the totals that DescribeClusters gives for nothing. */
export interface Cluster {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly runningTasks: number;
  readonly pendingTasks: number;
  readonly activeServices: number;
  readonly containerInstances: number;
  readonly capacityProviders: readonly string[];
  /** Container Insights: `enabled`, `enhanced`, `disabled`, or undefined when ECS did not say. */
  readonly insights: string | undefined;
}

/** One entry of a service's `deployments[]`, or a task set of a controller other than ECS (its id is `ecs-svc/…` too). Times are milliseconds since the epoch. */
export interface Deployment {
  readonly id: string;
  /** PRIMARY is the newest, ACTIVE ones are being replaced, INACTIVE ones are gone. */
  readonly status: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failed: number;
  /** IN_PROGRESS, COMPLETED or FAILED; undefined for controllers other than ECS. */
  readonly rolloutState: string | undefined;
  readonly rolloutReason: string | undefined;
  readonly createdAt: number;
  /** What the controller calls a task set: CodeDeploy the id of its own deployment. */
  readonly externalId?: string | undefined;
}

export interface ServiceEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

/** How ECS replaces the tasks of a service (`deploymentConfiguration`). */
export interface DeploymentRules {
  /** Percent of the desired count. */
  readonly minimumPercent: number;
  readonly maximumPercent: number;
  readonly breaker: { readonly enabled: boolean; readonly rollback: boolean };
  /** How a canary or linear deployment moves the traffic: percent at a time, and minutes between. */
  readonly shift?: { readonly percent: number; readonly minutes: number } | undefined;
  /** Minutes for which the old tasks stay after the traffic has moved. */
  readonly bakeMinutes: number;
}

/** Where ECS puts the tasks of a service in awsvpc mode. */
export interface TaskPlacement {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly publicAddress: boolean;
}

export interface Service {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly taskDefinition: string | undefined;
  readonly launchType: string | undefined;
  /** REPLICA or DAEMON. */
  readonly scheduling: string;
  /** Whether ECS Exec is switched on for its new tasks. */
  readonly execEnabled: boolean;
  /** ROLLING, BLUE_GREEN, LINEAR or CANARY. */
  readonly strategy: string;
  readonly rules: DeploymentRules;
  readonly placement: TaskPlacement | undefined;
  /** Seconds for which the health checks of a load balancer do not count against a new task. */
  readonly gracePeriod: number | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** ECS, CODE_DEPLOY or EXTERNAL. */
  readonly controller: string;
  /** True for an Express Mode service, which ECS manages through operations of its own. */
  readonly express: boolean;
  readonly deployments: readonly Deployment[];
  /** ARNs of the service revisions that run at this moment. */
  readonly revisions: readonly string[];
  readonly targetGroups: readonly {
    readonly arn: string;
    readonly container: string | undefined;
    readonly containerPort: number | undefined;
  }[];
  /** The newest 100. They dominate the size of the answer, so caches keep the newest one only. */
  readonly events: readonly ServiceEvent[];
}

export interface NetworkBinding {
  readonly bindIp: string;
  readonly containerPort: number | undefined;
  readonly hostPort: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imageDigest: string | undefined;
  readonly status: string;
  readonly health: string | undefined;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
  readonly networkBindings: readonly NetworkBinding[];
}

export interface Task {
  readonly arn: string;
  readonly id: string;
  readonly clusterArn: string;
  readonly group: string | undefined;
  /** `ecs-svc/…`, the deployment's id, for a task that a service started. */
  readonly startedBy: string | undefined;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly health: string | undefined;
  readonly taskDefinition: string;
  readonly launchType: string | undefined;
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number | undefined;
  readonly createdAt: number | undefined;
  readonly stoppedAt: number | undefined;
  readonly containerInstance: string | undefined;
  readonly execEnabled: boolean;
  /** CPU units and MiB, as ECS writes them. */
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly zone: string | undefined;
  /** The id of the task's network interface (awsvpc mode). */
  readonly networkInterface: string | undefined;
  readonly subnet: string | undefined;
  readonly privateAddress: string | undefined;
  readonly containers: readonly Container[];
}

/** One container of a task definition, as far as Gantry reads it. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  /** TCP ports that the container listens on, by its port mappings. */
  readonly ports: readonly number[];
}

/** An EC2 instance, a Managed Instance or an external machine that is registered in a cluster. */
export interface ContainerInstance {
  readonly arn: string;
  readonly id: string;
  readonly ec2Instance: string | undefined;
  /** ACTIVE, DRAINING, REGISTERING … */
  readonly status: string;
  readonly agentConnected: boolean;
  readonly agentVersion: string | undefined;
  readonly runningTasks: number;
  readonly pendingTasks: number;
  readonly capacityProvider: string | undefined;
  /** CPU units: left over and in all. */
  readonly cpu: { readonly remaining: number; readonly registered: number };
  /** MiB: left over and in all. */
  readonly memory: { readonly remaining: number; readonly registered: number };
  readonly zone: string | undefined;
  readonly instanceType: string | undefined;
  readonly registeredAt: number | undefined;
}

/** A daemon: one task on every Managed Instance of some capacity providers. */
export interface Daemon {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
}

/** What a task definition says about where its image must run. */
export interface TaskDefinitionSummary {
  readonly arn: string;
  readonly containers: readonly ContainerDefinition[];
  readonly runtimePlatform: RuntimePlatform | undefined;
}
