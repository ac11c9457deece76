import type { EcsContext } from '../ecsService/context';
import type { Scheduler } from '../ecsService/scheduler';
import type { Json } from '../ecsService/types';
import type { ElbContext } from '../elb/context';

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly groups: Map<string, DeploymentGroup>;
}

/** What CreateDeploymentGroup was told, with AWS's defaults. */
export interface DeploymentGroup {
  readonly id: string;
  readonly application: string;
  readonly name: string;
  readonly config: string;
  readonly roleArn: string;
  readonly service: { readonly cluster: string; readonly name: string };
  /** ARNs. */
  readonly targetGroups: readonly [string, string];
  readonly production: readonly string[];
  readonly test: readonly string[];
  /** As they came in, to be shown. */
  readonly shown: Json;
  /** Minutes for which a deployment waits before traffic moves; undefined where it does not wait. */
  readonly readyMinutes: number | undefined;
  /** Minutes for which the old tasks stay after the traffic has moved. */
  readonly terminationMinutes: number;
  readonly rollbackOn: readonly string[];
  readonly alarms: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
}

/** What an AppSpec says of the only resource of ECS. */
export interface AppSpec {
  readonly taskDefinition: string;
  readonly container: string;
  readonly port: number;
  readonly settings: Json;
}

/** One step of a deployment. Those with an event are shown as its lifecycle. */
export type Step =
  | { readonly event: string; readonly do: 'nothing' | 'install' | 'test' }
  | { readonly event: string; readonly do: 'traffic'; readonly percent: number; readonly bake: number }
  | { readonly do: 'ready'; readonly minutes: number }
  | { readonly do: 'promote' }
  | { readonly do: 'terminate'; readonly minutes: number };

export type Status = 'Created' | 'InProgress' | 'Ready' | 'Succeeded' | 'Failed' | 'Stopped';

export interface LifecycleEvent {
  readonly name: string;
  status: 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped';
  start?: number;
  end?: number;
}

/** A deployment: data, so that it outlives the process. */
export interface CodeDeployment {
  readonly id: string;
  readonly application: string;
  readonly group: string;
  readonly config: string;
  readonly createdAt: number;
  readonly creator: 'user' | 'codeDeployRollback';
  readonly description: string | undefined;
  /** The text of the AppSpec. */
  readonly revision: string;
  readonly previous: string | undefined;
  readonly appSpec: AppSpec;
  rollbackOn: readonly string[];
  readonly steps: readonly Step[];
  readonly events: readonly LifecycleEvent[];
  status: Status;
  at: number;
  /** Since when it is at its step. */
  since: number;
  completedAt?: number;
  /** Ids of the task sets. */
  blue?: string;
  green?: string;
  /** Percent of the traffic that the new tasks get. */
  traffic: number;
  /** What somebody has told it to go on with. */
  readonly continued: Set<string>;
  terminating: boolean;
  error?: { readonly code: string; readonly message: string };
  rollback?: { readonly by?: string; readonly of?: string; readonly message: string };
}

export interface CodeDeployState {
  readonly applications: Map<string, Application>;
  /** Oldest first. */
  readonly deployments: Map<string, CodeDeployment>;
}

export function emptyCodeDeploy(): CodeDeployState {
  return { applications: new Map(), deployments: new Map() };
}

/** What CodeDeploy's operations and its deployments work with. */
export interface CodeDeployContext {
  readonly ecs: EcsContext;
  readonly elb: ElbContext;
  readonly scheduler: Scheduler;
  readonly state: CodeDeployState;
}
