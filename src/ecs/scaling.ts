/** How far Application Auto Scaling may move a service's desired count, and what makes it do so. */
export interface Scaling {
  readonly minimum: number;
  readonly maximum: number;
  /** Scaling in or out is switched off. */
  readonly suspended: boolean;
  readonly policies: readonly ScalingPolicy[];
}

export interface ScalingPolicy {
  readonly arn: string;
  readonly name: string;
  /** TargetTrackingScaling, StepScaling or PredictiveScaling. */
  readonly type: string;
  /** What it tracks: `ECSServiceAverageCPUUtilization`. */
  readonly metric: string | undefined;
  readonly target: number | undefined;
}

/** Application Auto Scaling, as Gantry asks it. */
export interface ScalingGateway {
  /** DescribeScalableTargets and DescribeScalingPolicies of one service; undefined when it does not scale by itself. */
  scalingOf(cluster: string, service: string, signal: AbortSignal): Promise<Scaling | undefined>;
}
