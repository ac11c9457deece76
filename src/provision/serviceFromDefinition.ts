import { message, type Message } from '../core/message';
import type { TargetGroup } from '../network/model';
import { placementProblems, type ContainerPort, type DefinitionFacts, type PlacedChoices } from './placement';
import { serviceNameRule } from './rules';

/** How clients reach a service that is made from a task definition. */
export type ReachChoice =
  /** By a load balancer that is there: it sends requests to this port. */
  | (ContainerPort & {
      readonly kind: 'targetGroup';
      readonly arn: string;
      readonly name: string;
      readonly targetType: string;
      readonly vpc: string | undefined;
      /** Security groups of its load balancers, or the range of their network. */
      readonly sources: readonly string[];
    })
  | (ContainerPort & { readonly kind: 'publicAddress'; readonly allowedFrom: string })
  | { readonly kind: 'none' };

/** A service of an existing cluster, made from a task definition that is registered. */
export interface DefinitionServiceChoices extends PlacedChoices {
  readonly name: string;
  readonly desiredCount: number;
  readonly exec: boolean;
  readonly reach: ReachChoice;
}

/**
 * The name of the stack that holds a service, by which it is found again (CloudFormation CreateStack, `StackName`).
 */
export function stackNameOf(cluster: string, service: string): string {
  const name = `${cluster}-${service}`.replace(/[^A-Za-z0-9-]/g, '-');
  return (/^[A-Za-z]/.test(name) ? name : `service-${name}`).slice(0, 128);
}

/** The kind of targets that tasks of a network mode are (ECS CreateService, `loadBalancers`); undefined for none. */
export function targetTypeFor({ networkMode }: DefinitionFacts): string | undefined {
  if (networkMode === 'awsvpc') return 'ip';
  return networkMode === 'none' ? undefined : 'instance';
}

/** Target groups that can send requests to tasks of a definition: of their type, and behind a load balancer. */
export function usableGroups(definition: DefinitionFacts, groups: readonly TargetGroup[]): TargetGroup[] {
  const type = definition.ports.length > 0 ? targetTypeFor(definition) : undefined;
  return groups.filter(({ targetType, loadBalancers }) => targetType === type && loadBalancers.length > 0);
}

/** Everything about the choices together that AWS would refuse, or that could never work. */
export function serviceProblems(choices: DefinitionServiceChoices): Message[] {
  const { name, reach, network, definition, exec } = choices;
  const wanted = targetTypeFor(definition);
  return [
    serviceNameRule(name),
    ...placementProblems(choices),
    reach.kind === 'publicAddress' && !network?.publicAddress
      ? message('A service without a load balancer is reached at a public address only where tasks get one.')
      : undefined,
    reach.kind === 'targetGroup' && reach.targetType !== wanted
      ? message('The target group “{0}” takes {1}, but tasks in {2} mode are {3}.', ...typesOf(choices, reach))
      : undefined,
    reach.kind === 'targetGroup' && network && reach.vpc !== undefined && reach.vpc !== network.vpc
      ? message('The target group “{0}” is in {1}, but the tasks are in {2}.', reach.name, reach.vpc, network.vpc)
      : undefined,
    // ECS CreateService, `enableExecuteCommand`.
    exec && !definition.hasTaskRole
      ? message('ECS Exec needs a task role, which the task definition does not name.')
      : undefined,
  ].filter((problem) => problem !== undefined);
}

function typesOf(
  { definition }: DefinitionServiceChoices,
  { name, targetType }: Extract<ReachChoice, { kind: 'targetGroup' }>,
): [string, string, string, string] {
  return [name, targetType, definition.networkMode, targetTypeFor(definition) ?? '–'];
}
