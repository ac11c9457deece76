import { targetGroupName } from '../core/arn';
import { english } from '../core/message';
import type { RawTaskDefinition } from '../ecs/gateway';
import type { TaskPlacement } from '../ecs/model';
import { containersOf } from '../ecs/taskDefinition';
import { stateOf, type Hop } from '../network/hop';
import type { Network } from '../network/network';
import { readNetwork, type NetworkSources } from '../network/readNetwork';
import { waysIn, type Arrival } from '../network/wayIn';
import { wayOut } from '../network/wayOut';
import type { FixAction } from './finding';
import type { NetworkAnswer, NetworkQuestion, Sources } from './investigation';

/** What a task has to reach, by the catalogue's entry that says that it does not. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  registryUnreachable: ['ecr.api', 'ecr.dkr'],
  registryNameUnresolved: ['ecr.api'],
  layerDownloadUnreachable: ['s3'],
  environmentFileUnreachable: ['s3'],
  secretUnreachable: ['secretsmanager', 'ssm'],
  logUnreachable: ['logs'],
  resourceInitialization: ['ecr.api', 's3', 'logs'],
};

/** Health checks, whose way leads from the load balancer to the task. */
const inward = ['healthTimeout', 'healthRefused', 'loadBalancerHealth'];

/** Health checks that arrive: nothing is in their way, and the target group says what came back. */
const answered = ['healthPathMissing', 'healthNeedsLogin', 'healthRedirects', 'healthServerError', 'healthCode'];

/**
 * Looks into routes, ACLs and security groups for what blocks the way that a finding is about. Only services in awsvpc
 * mode say where they are.
 */
export function explainNetworkOver(sources: NetworkSources): NonNullable<Sources['explainNetwork']> {
  return async (question, signal) => {
    const { service, signature } = question;
    const services = wanted[signature];
    const isInward = inward.includes(signature);
    if (service && answered.includes(signature)) return atTargetGroup(question);
    if (!service || (!services && !isInward)) return undefined;
    const placed = service.placement;
    if (!placed?.subnets.length) return undefined;
    const targetGroups = isInward ? service.targetGroups.map(({ arn }) => arn) : [];
    const network = await readNetwork(sources, { ...placed, targetGroups }, signal);
    return isInward ? inwardAnswer(network, question, placed) : outwardAnswer(network, placed, services ?? []);
  };
}

function outwardAnswer(network: Network, placed: TaskPlacement, services: readonly string[]): NetworkAnswer {
  const hops = placed.subnets.flatMap((subnet) =>
    services.flatMap((service) => wayOut(network, { ...placed, subnet }, service)),
  );
  return answer(hops);
}

function inwardAnswer(
  network: Network,
  { service, taskDefinition }: NetworkQuestion,
  placed: TaskPlacement,
): NetworkAnswer {
  const hops: Hop[] = [];
  let action: FixAction | undefined;
  for (const { arn, container, containerPort } of service?.targetGroups ?? []) {
    if (!container || containerPort === undefined) continue;
    const arrival: Arrival = {
      ...{ targetGroup: arn, container, port: containerPort, networkMode: 'awsvpc' },
      ...{ containerPorts: portsOf(taskDefinition, container) ?? [containerPort] },
      ...{ subnets: placed.subnets, securityGroups: placed.securityGroups },
    };
    for (const { hops: way } of waysIn(network, arrival)) {
      hops.push(...behindBalancer(way));
      action ??= missingRule(network, way, arrival);
    }
  }
  return { ...answer(hops), ...(action ? { action } : {}) };
}

/** The hop that shows the health of the target group that the evidence names, or else of the first. */
function atTargetGroup({ service, texts }: NetworkQuestion): NetworkAnswer | undefined {
  const groups = service?.targetGroups ?? [];
  const named = groups.find(({ arn }) => texts.some((text) => text.includes(arn))) ?? groups[0];
  return named && { texts: [], hop: { kind: 'targetHealth', id: targetGroupName(named.arn) } };
}

/** Health checks come from the load balancer: how clients get there is not about them. */
function behindBalancer(way: readonly Hop[]): Hop[] {
  const at = way.findIndex(({ kind }) => kind === 'targetGroup');
  return way.slice(Math.max(0, at)).filter(({ kind }) => kind !== 'targetHealth');
}

function portsOf(taskDefinition: RawTaskDefinition | undefined, container: string): number[] | undefined {
  const own = taskDefinition && containersOf(taskDefinition).find(({ name }) => name === container);
  const mappings = own?.['portMappings'] as readonly { readonly containerPort?: number }[] | undefined;
  return own && (mappings ?? []).flatMap(({ containerPort }) => containerPort ?? []);
}

/** The rule that would let the load balancer in, where the task’s own groups are what blocks. */
function missingRule(
  network: Network,
  way: readonly Hop[],
  { securityGroups, port, targetGroup }: Arrival,
): FixAction | undefined {
  const [group] = securityGroups;
  const own = securityGroups.join(', ');
  const isBlocked = way.some(({ kind, id, state }) => kind === 'securityGroup' && id === own && state === 'blocked');
  if (!group || !isBlocked || !network.targetGroups.known || !network.loadBalancers.known) return undefined;
  const arns = network.targetGroups.value.find(({ arn }) => arn === targetGroup)?.loadBalancers ?? [];
  const balancer = network.loadBalancers.value.find(({ arn }) => arns.includes(arn));
  const source = balancer?.securityGroups[0];
  if (!source) return undefined;
  return { kind: 'addIngressRule', securityGroup: group, protocol: 'tcp', fromPort: port, toPort: port, source };
}

/** What blocks, or, where nothing is known to, what nobody knows; and which hop to look at. */
function answer(hops: readonly Hop[]): NetworkAnswer {
  const state = stateOf(hops);
  const shut = state === 'open' ? [] : hops.filter((hop) => hop.state === state);
  const [first] = shut;
  return {
    texts: [...new Set(shut.map(({ kind, reason }) => `${kind}: ${english(reason)}`))],
    ...(first ? { hop: { kind: first.kind, id: first.id } } : {}),
  };
}
