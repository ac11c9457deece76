/*
 * What is chosen for a new service: plain data, from which the template is written. Units as in the APIs: CPU units,
 * MiB, seconds, days.
 */

export type RepositoryChoice =
  | {
      readonly kind: 'new';
      readonly name: string;
      readonly scanOnPush: boolean;
      readonly immutableTags: boolean;
    }
  | { readonly kind: 'existing'; readonly name: string; readonly arn: string; readonly uri: string };

/** What tasks run on. */
export type CapacityChoice =
  | { readonly kind: 'fargate' }
  | { readonly kind: 'fargateSpot' }
  /** Instances of an Auto Scaling group, which a new capacity provider starts and stops. */
  | { readonly kind: 'autoScalingGroup'; readonly arn: string }
  /** Instances that ECS starts, patches and stops. */
  | { readonly kind: 'managedInstances' }
  /** A capacity provider that an existing cluster has. */
  | { readonly kind: 'provider'; readonly name: string }
  /** Instances that are registered with an existing cluster. */
  | { readonly kind: 'registeredInstances' };

export type ClusterChoice =
  | { readonly kind: 'new'; readonly name: string; readonly insights: boolean }
  | { readonly kind: 'existing'; readonly name: string };

export interface SecretChoice {
  /** Name of the environment variable. */
  readonly name: string;
  /** ARN of a secret or parameter, a JSON key of a secret included. */
  readonly valueFrom: string;
}

export interface HealthCheckChoice {
  /** Run by the shell in the container; it is healthy when it ends with 0. */
  readonly command: string;
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod: number;
}

export interface ContainerChoice {
  readonly name: string;
  /** Undefined: the image that is built from the Dockerfile. */
  readonly image?: string | undefined;
  readonly ports: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretChoice[];
  readonly healthCheck?: HealthCheckChoice | undefined;
  readonly essential: boolean;
}

export interface NetworkChoice {
  readonly vpc: string;
  /** Of the tasks. */
  readonly subnets: readonly string[];
  /** Tasks in public subnets reach ECR by an address of their own. */
  readonly publicAddress: boolean;
  /** Undefined: one is made with the rules that are needed. */
  readonly securityGroups?: readonly string[] | undefined;
}

/** How clients reach the service. */
export type FrontChoice =
  | {
      readonly kind: 'loadBalancer';
      readonly scheme: 'internet-facing' | 'internal';
      readonly subnets: readonly string[];
      /** ARN in ACM: HTTPS, and HTTP leads there. Undefined: HTTP. */
      readonly certificate?: string | undefined;
      readonly healthCheckPath: string;
      /** Range that may connect. */
      readonly allowedFrom: string;
    }
  | { readonly kind: 'publicAddress'; readonly allowedFrom: string }
  | { readonly kind: 'none' };

export interface ScalingChoice {
  readonly minimum: number;
  readonly maximum: number;
  /** Percent of CPU that it aims at. */
  readonly cpuTarget: number;
}

/** An ordinary service of ECS. */
export interface ServiceChoices {
  readonly kind: 'service';
  readonly name: string;
  readonly repository: RepositoryChoice;
  readonly cluster: ClusterChoice;
  readonly capacity: CapacityChoice;
  readonly cpu: number;
  readonly memory: number;
  /** In Docker's words: `linux/amd64`, `linux/arm64`. */
  readonly platform: string;
  /** The first one runs the image of the Dockerfile, and the load balancer sends it what comes in. */
  readonly containers: readonly [ContainerChoice, ...ContainerChoice[]];
  readonly network: NetworkChoice;
  readonly front: FrontChoice;
  readonly desiredCount: number;
  readonly deployment: 'rolling' | 'blueGreen';
  readonly exec: boolean;
  readonly logRetention: number;
  readonly scaling?: ScalingChoice | undefined;
}

/** A service of Express Mode, for which ECS makes load balancer, certificate, address and scaling itself. */
export interface ExpressChoices {
  readonly kind: 'express';
  readonly name: string;
  readonly repository: RepositoryChoice;
  readonly cluster: ClusterChoice;
  readonly cpu: number;
  readonly memory: number;
  readonly container: ContainerChoice;
  readonly healthCheckPath: string;
  readonly logRetention: number;
  readonly scaling?: ScalingChoice | undefined;
}

export type Choices = ServiceChoices | ExpressChoices;
