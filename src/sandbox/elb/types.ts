/** Parts of ELBv2's requests that are kept as they came. */
export type Json = Readonly<Record<string, unknown>>;

/** Where a target really is. */
export type Backend =
  /** A port of 127.0.0.1. */
  | {
      readonly kind: 'port';
      readonly port: number;
      /** The ports of 127.0.0.1 on which a task's other ports are, for health checks that ask there. */
      readonly others?: ReadonlyMap<number, number>;
    }
  /** A simulated task: the status code that its health check would give, or none in time. */
  | { readonly kind: 'scripted'; readonly task: string; readonly code: number | 'timeout' }
  /** An address that is not on this machine; the sandbox sends nothing there. */
  | { readonly kind: 'elsewhere' };

export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';

export interface Target {
  /** IP address or instance id. */
  readonly id: string;
  readonly port: number;
  readonly zone?: string;
  readonly backend: Backend;
  /** Id of the ECS task that registered it. */
  readonly task?: string;
  state: TargetState;
  reason?: string;
  description?: string;
  /** Health checks of the same outcome in a row. */
  inARow: number;
  lastPassed?: boolean;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly protocolVersion?: string;
  readonly port: number;
  readonly vpc: string;
  readonly targetType: 'instance' | 'ip';
  health: {
    readonly protocol: string;
    /** `traffic-port` or a number. */
    readonly port: string;
    readonly path?: string;
    /** Seconds. */
    readonly interval: number;
    /** Seconds. */
    readonly timeout: number;
    readonly healthy: number;
    readonly unhealthy: number;
    /** Status codes that pass: `200`, `200,202` or `200-299`. */
    readonly matcher?: string;
  };
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  /** By `id:port`. */
  readonly targets: Map<string, Target>;
}

export interface Rule {
  readonly arn: string;
  priority: number;
  conditions: readonly Json[];
  actions: readonly Json[];
  tags?: Map<string, string>;
}

export interface Listener {
  readonly arn: string;
  readonly balancer: string;
  protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'TLS';
  /** What was asked for. */
  wantedPort: number;
  /** The port of 127.0.0.1 on which it really listens; this is what DescribeListeners shows. */
  port: number;
  actions: readonly Json[];
  readonly rules: Rule[];
  /** ARNs, the default one first. */
  certificates?: readonly string[];
  sslPolicy?: string;
  alpnPolicy?: readonly string[];
  attributes?: Map<string, string>;
  tags?: Map<string, string>;
}

export interface LoadBalancer {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly scheme: string;
  readonly vpc: string;
  subnets: readonly { readonly id: string; readonly zone: string }[];
  securityGroups: readonly string[];
  attributes?: Map<string, string>;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
}

/** All by ARN. */
export interface ElbState {
  readonly groups: Map<string, TargetGroup>;
  readonly balancers: Map<string, LoadBalancer>;
  readonly listeners: Map<string, Listener>;
}

export function emptyElb(): ElbState {
  return { groups: new Map(), balancers: new Map(), listeners: new Map() };
}
