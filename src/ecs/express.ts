/** Members of UpdateExpressGatewayService besides the service's ARN: only what changes. */
export type ExpressChange = Readonly<Record<string, unknown>>;

/** Between how many tasks Auto Scaling keeps an Express Mode service, and by what. */
export interface ExpressScaling {
  readonly minTaskCount: number;
  readonly maxTaskCount: number;
  readonly autoScalingMetric?: string | undefined;
  readonly autoScalingTargetValue?: number | undefined;
}

/** What the newest revision of an Express Mode service was made from (DescribeExpressGatewayService). */
export interface ExpressService {
  /** As JSON of the ECS API, so that members that are newer than the SDK survive an update. */
  readonly primaryContainer: Readonly<Record<string, unknown>>;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly taskRoleArn: string | undefined;
  readonly scaling: ExpressScaling;
  /** Where it answers, public addresses first. */
  readonly endpoints: readonly string[];
}
