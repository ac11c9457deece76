import type { Page } from '../core/paging';

/** What CodeDeploy deploys a service with. AWS lets a service be in one deployment group only. */
export interface DeploymentGroup {
  readonly application: string;
  readonly name: string;
  readonly services: readonly { readonly cluster: string; readonly service: string }[];
  /** The AppSpec that was deployed last, as text; undefined where CodeDeploy does not show it. */
  readonly appSpec: string | undefined;
  /** Whether that AppSpec is a file in S3. */
  readonly appSpecInS3?: boolean;
}

/** A deployment of CodeDeploy (GetDeployment). Times are milliseconds since the epoch. */
export interface CodeDeployment {
  /** `d-…` */
  readonly id: string;
  readonly application: string;
  readonly group: string;
  /** Created, Queued, InProgress, Baking, Ready, Succeeded, Failed or Stopped. */
  readonly status: string;
  readonly createdAt: number;
  readonly error: { readonly code: string; readonly text: string } | undefined;
  /** The deployment that takes this one back. */
  readonly rollback: string | undefined;
  /** Whether the tasks from before wait for their end. */
  readonly waitsToTerminate: boolean;
  readonly appSpec: string | undefined;
}

/** How far a deployment has come with its service (GetDeploymentTarget). */
export interface DeploymentTarget {
  readonly events: readonly { readonly name: string; readonly status: string }[];
  readonly taskSets: readonly {
    /** `ecs-svc/…` */
    readonly id: string;
    /** Percent of the production traffic. */
    readonly traffic: number;
    readonly isNew: boolean;
  }[];
}

/** For what a deployment waits: to move the traffic, or to stop the tasks from before. */
export type CodeDeployWait = 'READY_WAIT' | 'TERMINATION_WAIT';

/** CodeDeploy as Gantry asks it: one call per method. Every method throws `GantryError`. */
export interface CodeDeployGateway {
  /** ListApplications. */
  listApplications(token: string | undefined, signal: AbortSignal): Promise<Page<string>>;
  /** ListDeploymentGroups. */
  listGroups(application: string, token: string | undefined, signal: AbortSignal): Promise<Page<string>>;
  /** BatchGetDeploymentGroups, at most 100. */
  describeGroups(
    application: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly DeploymentGroup[]>;
  /** CreateDeployment with an AppSpec; returns the id of the deployment. */
  createDeployment(
    group: Pick<DeploymentGroup, 'application' | 'name'>,
    appSpec: string,
    signal: AbortSignal,
  ): Promise<string>;
  /** GetDeployment. */
  describeDeployment(id: string, signal: AbortSignal): Promise<CodeDeployment>;
  /** BatchGetDeployments, at most 25. */
  describeDeployments(ids: readonly string[], signal: AbortSignal): Promise<readonly CodeDeployment[]>;
  /** ListDeployments of a group, newest first: the first page. */
  listDeployments(
    group: Pick<DeploymentGroup, 'application' | 'name'>,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** GetDeploymentTarget. @param target `cluster:service` */
  describeTarget(id: string, target: string, signal: AbortSignal): Promise<DeploymentTarget>;
  /** StopDeployment with a rollback. */
  rollBack(id: string, signal: AbortSignal): Promise<void>;
  /** ContinueDeployment. */
  continueDeployment(id: string, wait: CodeDeployWait, signal: AbortSignal): Promise<void>;
}
