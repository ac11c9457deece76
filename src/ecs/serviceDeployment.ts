/** One service revision within a deployment: how many tasks it has, and how much of the traffic it gets. */
export interface RevisionShare {
  /** ARN of the service revision. */
  readonly arn: string;
  readonly requested: number;
  readonly running: number;
  readonly pending: number;
  /** Percent of the production traffic, for services that shift it. */
  readonly production: number | undefined;
  /** Percent of the test traffic, for services that have a test listener. */
  readonly test: number | undefined;
}

/** A lifecycle hook that has begun. */
export interface HookRun {
  readonly id: string;
  /** AWS_LAMBDA or PAUSE. */
  readonly kind: string;
  /** AWAITING_ACTION (a person has to say how it goes on), IN_PROGRESS, SUCCEEDED, FAILED or TIMED_OUT. */
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number | undefined;
  /** What ECS does when nobody has answered by then: CONTINUE or ROLLBACK. */
  readonly onTimeout: string | undefined;
}

/** What ECS watches during a deployment, and whether it has gone off. */
export interface DeploymentAlarms {
  readonly names: readonly string[];
  readonly triggered: readonly string[];
}

/** A service deployment in the list (ListServiceDeployments). Times are milliseconds since the epoch. */
export interface ServiceDeploymentBrief {
  readonly arn: string;
  /** PENDING, IN_PROGRESS, SUCCESSFUL, STOP_REQUESTED, STOPPED, ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS, … */
  readonly status: string;
  readonly createdAt: number;
  /** ARN of the service revision that it brought. */
  readonly revision: string | undefined;
}

/** The newer, richer record of one rollout (DescribeServiceDeployments). Times are milliseconds since the epoch. */
export interface ServiceDeployment {
  readonly arn: string;
  /** As in `ServiceDeploymentBrief`. */
  readonly status: string;
  readonly reason: string | undefined;
  /** Where a blue/green, linear or canary deployment is: `SCALE_UP`, `BAKE_TIME` … */
  readonly lifecycleStage: string | undefined;
  readonly createdAt: number;
  readonly finishedAt: number | undefined;
  readonly target: RevisionShare | undefined;
  readonly sources: readonly RevisionShare[];
  /** What the circuit breaker has counted, and at how many failed tasks it trips. */
  readonly failureCount: number | undefined;
  readonly failureThreshold: number | undefined;
  readonly alarms: DeploymentAlarms | undefined;
  readonly hooks: readonly HookRun[];
  /** Minutes for which both revisions stay after the traffic has moved. */
  readonly bakeMinutes: number | undefined;
}

/** What a service revision was made of (DescribeServiceRevisions). */
export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: string;
  /** What its containers really ran: the digests that ECS resolved. */
  readonly images: readonly {
    readonly container: string;
    readonly image: string;
    readonly digest: string | undefined;
  }[];
  /** Settings that UpdateService takes and that start a deployment, as ECS gave them. */
  readonly settings: Readonly<Record<string, unknown>>;
}
