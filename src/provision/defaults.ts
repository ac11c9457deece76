import type { Repository } from '../ecr/model';
import type { Choices, ClusterChoice, ContainerChoice, FrontChoice, NetworkChoice, RepositoryChoice } from './choices';
import type { KnownNetwork } from './facts';
import { onePerZone } from './subnets';

/** What a person says in the short way, and what was read. */
export interface Basics {
  readonly name: string;
  readonly cluster: ClusterChoice;
  readonly cpu: number;
  readonly memory: number;
  readonly platform: string;
  readonly port: number | undefined;
  /** The repository of that name, where there is one already. */
  readonly repository: Repository | undefined;
  readonly network: KnownNetwork;
}

/** Days that logs are kept unless something else is chosen. */
const retention = 30;

/** Everything that is not asked in the short way. */
export function defaultChoices(kind: Choices['kind'], basics: Basics): Choices {
  const { name, cluster, cpu, memory, platform, port, network } = basics;
  const repository = repositoryOf(basics.repository, name);
  const container: ContainerChoice = {
    ...{ name, ports: port === undefined ? [] : [port], environment: {}, secrets: [], essential: true },
  };
  const common = { name, repository, cluster, cpu, memory, logRetention: retention };
  if (kind === 'express') return { kind, ...common, container, healthCheckPath: '/' };
  const placed = placeTasks(network);
  return {
    ...{ kind, ...common, platform, capacity: { kind: 'fargate' }, containers: [container], network: placed },
    ...{ front: frontFor(network, placed, port), desiredCount: 1, deployment: 'rolling', exec: true },
  };
}

function repositoryOf(existing: Repository | undefined, name: string): RepositoryChoice {
  return existing
    ? { kind: 'existing', name: existing.name, arn: existing.arn, uri: existing.uri }
    : { kind: 'new', name, scanOnPush: true, immutableTags: false };
}

/** Private subnets where there are some that reach ECR; else public ones, where every task gets an address. */
export function placeTasks({ vpc, subnets }: KnownNetwork): NetworkChoice {
  const ofKind = (...kinds: readonly string[]): string[] =>
    onePerZone(subnets.filter(({ kind }) => kinds.includes(kind))).map(({ id }) => id);
  const inside = ofKind('nat', 'endpoints');
  if (inside.length > 0) return { vpc: vpc.id, subnets: inside, publicAddress: false };
  const open = ofKind('public');
  return open.length > 0
    ? { vpc: vpc.id, subnets: open, publicAddress: true }
    : { vpc: vpc.id, subnets: ofKind('isolated'), publicAddress: false };
}

/** A load balancer on the internet where the network can have one; else the tasks' own address; else nothing. */
export function frontFor({ subnets }: KnownNetwork, tasks: NetworkChoice, port: number | undefined): FrontChoice {
  if (port === undefined) return { kind: 'none' };
  const open = onePerZone(subnets.filter(({ kind }) => kind === 'public')).map(({ id }) => id);
  if (open.length >= 2) {
    return {
      ...{ kind: 'loadBalancer', scheme: 'internet-facing', subnets: open },
      ...{ healthCheckPath: '/', allowedFrom: '0.0.0.0/0' },
    };
  }
  return tasks.publicAddress ? { kind: 'publicAddress', allowedFrom: '0.0.0.0/0' } : { kind: 'none' };
}
