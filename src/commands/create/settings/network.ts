import * as vscode from 'vscode';
import { message } from '../../../core/message';
import { contains } from '../../../network/cidr';
import type { FrontChoice, NetworkChoice, ServiceChoices } from '../../../provision/choices';
import { frontFor, placeTasks } from '../../../provision/defaults';
import { readVpcs, type KnownNetwork } from '../../../provision/facts';
import type { Rule } from '../../../provision/rules';
import { onePerZone, type KnownSubnet, type SubnetKind } from '../../../provision/subnets';
import { pick, type Choice } from '../../../ui/pick';
import { askHealthPath, pickSeveral } from './common';
import { askBy, type ServiceSetting, type SettingContext } from './setting';

/** Where tasks are placed, and how clients reach them. */
export function networkSettings(choices: ServiceChoices): ServiceSetting[] {
  const { network, front } = choices;
  return [
    {
      label: vscode.l10n.t('Reached by'),
      value: frontText(front),
      change: (context) => askFront(context, choices),
    },
    ...(front.kind === 'loadBalancer' ? balancerSettings(choices, front) : []),
    ...(front.kind === 'none' ? [] : [allowedFrom(choices, front)]),
    {
      label: 'VPC',
      value: network.vpc,
      change: (context) => askVpc(context, choices),
    },
    {
      label: vscode.l10n.t('Subnets of the tasks'),
      value: network.subnets.join(', '),
      change: async (context) => ({ ...choices, network: await askTaskSubnets(context, network) }),
    },
    {
      label: vscode.l10n.t('Public address of each task'),
      value: network.publicAddress ? vscode.l10n.t('yes') : vscode.l10n.t('no'),
      change: () => Promise.resolve({ ...choices, network: { ...network, publicAddress: !network.publicAddress } }),
    },
    {
      label: vscode.l10n.t('Security groups of the tasks'),
      value: network.securityGroups?.join(', ') ?? vscode.l10n.t('a new one with the rules that are needed'),
      change: async (context) => {
        const securityGroups = await askGroups(context, network.vpc);
        return { ...choices, network: { ...network, securityGroups } };
      },
    },
  ];
}

/** How a subnet reaches the outside, in words. */
export function subnetText(kind: SubnetKind): string {
  switch (kind) {
    case 'public':
      return vscode.l10n.t('public: a way to the internet');
    case 'nat':
      return vscode.l10n.t('private: out by a NAT gateway');
    case 'endpoints':
      return vscode.l10n.t('private: ECR and logs by endpoints');
    case 'isolated':
      return vscode.l10n.t('no way to ECR');
  }
}

function frontText(front: FrontChoice): string {
  switch (front.kind) {
    case 'loadBalancer':
      return front.scheme === 'internal'
        ? vscode.l10n.t('internal load balancer')
        : vscode.l10n.t('load balancer on the internet');
    case 'publicAddress':
      return vscode.l10n.t('public address of the task');
    case 'none':
      return vscode.l10n.t('nobody');
  }
}

async function askFront(context: SettingContext, choices: ServiceChoices): Promise<ServiceChoices> {
  const known = await context.network(choices.network.vpc);
  const balancer = { kind: 'loadBalancer', healthCheckPath: '/', allowedFrom: '0.0.0.0/0' } as const;
  const zones = (kinds: readonly SubnetKind[]): string[] =>
    onePerZone(known.subnets.filter(({ kind }) => kinds.includes(kind))).map(({ id }) => id);
  const options: Choice<FrontChoice>[] = [
    {
      label: vscode.l10n.t('Load balancer on the internet'),
      value: { ...balancer, scheme: 'internet-facing', subnets: zones(['public']) },
    },
    {
      label: vscode.l10n.t('Internal load balancer'),
      description: vscode.l10n.t('reached from the VPC only'),
      value: { ...balancer, scheme: 'internal', subnets: zones(['nat', 'endpoints', 'isolated', 'public']) },
    },
    { label: vscode.l10n.t('Public address of the task'), value: { kind: 'publicAddress', allowedFrom: '0.0.0.0/0' } },
    {
      ...{ label: vscode.l10n.t('Nobody'), description: vscode.l10n.t('a worker that takes no requests') },
      value: { kind: 'none' },
    },
  ];
  const front = await pick(context.title, vscode.l10n.t('How clients reach the service'), options);
  const deployment = front.kind === 'loadBalancer' ? choices.deployment : 'rolling';
  return { ...choices, front, deployment };
}

function balancerSettings(
  choices: ServiceChoices,
  front: Extract<FrontChoice, { kind: 'loadBalancer' }>,
): ServiceSetting[] {
  const wanted: readonly SubnetKind[] =
    front.scheme === 'internet-facing' ? ['public'] : ['public', 'nat', 'endpoints', 'isolated'];
  return [
    {
      label: vscode.l10n.t('Subnets of the load balancer'),
      value: front.subnets.join(', '),
      change: async (context) => ({
        ...choices,
        front: { ...front, subnets: await askSubnets(context, choices.network.vpc, front.subnets, wanted) },
      }),
    },
    {
      label: vscode.l10n.t('Health check path'),
      value: front.healthCheckPath,
      change: async ({ title }) => ({
        ...choices,
        front: { ...front, healthCheckPath: await askHealthPath(title, front.healthCheckPath) },
      }),
    },
    {
      label: vscode.l10n.t('Certificate'),
      value: front.certificate ?? vscode.l10n.t('none: HTTP'),
      change: async (context) => ({ ...choices, front: { ...front, certificate: await askCertificate(context) } }),
    },
  ];
}

function allowedFrom(choices: ServiceChoices, front: Exclude<FrontChoice, { kind: 'none' }>): ServiceSetting {
  return {
    label: vscode.l10n.t('Clients may come from'),
    value: front.allowedFrom === '0.0.0.0/0' ? vscode.l10n.t('anywhere') : front.allowedFrom,
    change: async ({ title }) => ({
      ...choices,
      front: {
        ...front,
        allowedFrom: await askBy(
          title,
          vscode.l10n.t('Range of addresses; 0.0.0.0/0 is everybody'),
          front.allowedFrom,
          rangeRule,
        ),
      },
    }),
  };
}

async function askVpc(context: SettingContext, choices: ServiceChoices): Promise<ServiceChoices> {
  const known = await askNetwork(context);
  const network = placeTasks(known);
  return { ...choices, network, front: frontFor(known, network, choices.containers[0].ports[0]) };
}

/** Asks for a VPC. */
export async function askNetwork(context: SettingContext): Promise<KnownNetwork> {
  const { connection, signal, title } = context;
  const load = async (): Promise<Choice<string>[]> =>
    (await readVpcs(connection, signal)).map(({ id, name, cidr, isDefault }) => ({
      label: id,
      description: [name, cidr, isDefault ? vscode.l10n.t('default') : ''].filter(Boolean).join(' · '),
      value: id,
    }));
  return context.network(await pick(title, 'VPC', load()));
}

/** Asks for the subnets of tasks, which have public addresses where one of them is public. */
export async function askTaskSubnets(context: SettingContext, network: NetworkChoice): Promise<NetworkChoice> {
  const { vpc, subnets: before } = network;
  const subnets = await askSubnets(context, vpc, before, ['public', 'nat', 'endpoints', 'isolated']);
  const known = (await context.network(vpc)).subnets.filter(({ id }) => subnets.includes(id));
  return { ...network, subnets, publicAddress: known.some(({ kind }) => kind === 'public') };
}

/** Asks for subnets of a VPC; leaving the question leaves them as they are. */
async function askSubnets(
  context: SettingContext,
  vpc: string,
  chosen: readonly string[],
  kinds: readonly SubnetKind[],
): Promise<readonly string[]> {
  const { subnets } = await context.network(vpc);
  const choices = subnets
    .filter(({ kind }) => kinds.includes(kind))
    .map((subnet: KnownSubnet) => ({
      label: subnet.name ? `${subnet.name} (${subnet.id})` : subnet.id,
      description: `${subnet.zone} · ${subnet.cidr ?? ''} · ${subnetText(subnet.kind)}`,
      picked: chosen.includes(subnet.id),
      value: subnet.id,
    }));
  return (await pickSeveral(context.title, vscode.l10n.t('Subnets, with their way to the outside'), choices)) ?? chosen;
}

/**
 * Asks for security groups of a VPC.
 * @returns undefined for none
 */
export async function askGroups(
  { connection, signal, title }: SettingContext,
  vpc: string,
  placeHolder = vscode.l10n.t('Security groups; none: a new one is made with the rules that are needed'),
): Promise<string[] | undefined> {
  const groups = await connection.vpc.describeSecurityGroupsOf(vpc, signal);
  const chosen = await pickSeveral(
    title,
    placeHolder,
    groups.map(({ id, name }) => ({ label: name, description: id, value: id })),
  );
  return chosen && chosen.length > 0 ? chosen : undefined;
}

async function askCertificate({ connection, signal, title }: SettingContext): Promise<string | undefined> {
  const load = async (): Promise<Choice<string | undefined>[]> => [
    { label: vscode.l10n.t('None: HTTP'), value: undefined },
    ...(await connection.certificates.listCertificates(signal)).map(({ domain, arn }) => ({
      ...{ label: domain, description: arn, value: arn },
    })),
  ];
  return pick(title, vscode.l10n.t('Certificate in ACM'), load());
}

const rangeRule: Rule = (text) =>
  text.includes('/') && contains(text, text) ? undefined : message('A range such as 203.0.113.0/24.');
