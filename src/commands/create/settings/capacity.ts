import * as vscode from 'vscode';
import type { CapacityChoice, ServiceChoices } from '../../../provision/choices';
import { numberRule, type Rule } from '../../../provision/rules';
import { message } from '../../../core/message';
import { pick, type Choice } from '../../../ui/pick';
import { askBy, type ServiceSetting, type Setting, type SettingContext } from './setting';

/** What tasks run on, how many there are, and how they are replaced. */
export function capacitySettings(choices: ServiceChoices): ServiceSetting[] {
  const { capacity, platform, deployment, cluster } = choices;
  const rows: ServiceSetting[] = [
    {
      label: vscode.l10n.t('Runs on'),
      value: capacityText(capacity),
      change: async (context) => ({ ...choices, capacity: await askCapacity(context, choices) }),
    },
    {
      label: vscode.l10n.t('Platform'),
      value: platform,
      change: async ({ title }) => ({
        ...choices,
        platform: await pick(
          title,
          vscode.l10n.t('Platform'),
          ['linux/amd64', 'linux/arm64', 'windows/amd64'].map((value) => ({ label: value, value })),
        ),
      }),
    },
    tasksSetting(choices, 1),
    {
      label: vscode.l10n.t('Deployments'),
      value: deployment === 'rolling' ? vscode.l10n.t('rolling') : vscode.l10n.t('blue/green'),
      change: async ({ title }) => ({ ...choices, deployment: await askDeployment(title) }),
    },
    execSetting(choices),
  ];
  if (cluster.kind === 'existing') return rows;
  const insights: ServiceSetting = {
    label: vscode.l10n.t('Container Insights'),
    value: cluster.insights ? vscode.l10n.t('on') : vscode.l10n.t('off'),
    change: () => Promise.resolve({ ...choices, cluster: { ...cluster, insights: !cluster.insights } }),
  };
  return [...rows, insights];
}

/** How many tasks run. */
export function tasksSetting<C extends { readonly desiredCount: number }>(choices: C, least: 0 | 1): Setting<C> {
  const count = String(choices.desiredCount);
  const rule = numberRule(least, 5000);
  return {
    label: vscode.l10n.t('Tasks'),
    value: count,
    change: async ({ title }) => {
      const desiredCount = Number(await askBy(title, vscode.l10n.t('How many tasks run'), count, rule));
      return { ...choices, desiredCount };
    },
  };
}

/** Whether one can go into the containers. */
export function execSetting<C extends { readonly exec: boolean }>(choices: C): Setting<C> {
  return {
    label: vscode.l10n.t('ECS Exec'),
    value: choices.exec ? vscode.l10n.t('on') : vscode.l10n.t('off'),
    change: () => Promise.resolve({ ...choices, exec: !choices.exec }),
  };
}

/** What tasks run on, in words. */
export function capacityText(capacity: CapacityChoice): string {
  switch (capacity.kind) {
    case 'fargate':
      return 'Fargate';
    case 'fargateSpot':
      return 'Fargate Spot';
    case 'autoScalingGroup':
      return vscode.l10n.t('Auto Scaling group');
    case 'managedInstances':
      return 'Managed Instances';
    case 'provider':
      return capacity.name;
    case 'registeredInstances':
      return vscode.l10n.t('instances of the cluster');
  }
}

async function askCapacity(context: SettingContext, { cluster }: ServiceChoices): Promise<CapacityChoice> {
  const load = async (): Promise<Choice<CapacityChoice | 'group'>[]> => [
    { label: 'Fargate', description: vscode.l10n.t('no instances to look after'), value: { kind: 'fargate' } },
    {
      ...{ label: 'Fargate Spot', description: vscode.l10n.t('cheaper; AWS may stop tasks at two minutes’ notice') },
      value: { kind: 'fargateSpot' },
    },
    ...(cluster.kind === 'existing' ? await existingCapacity(context, cluster.name) : newCapacity()),
  ];
  const chosen = await pick(context.title, vscode.l10n.t('What tasks run on'), load());
  if (chosen !== 'group') return chosen;
  const prompt = vscode.l10n.t('ARN of the Auto Scaling group');
  return { kind: 'autoScalingGroup', arn: await askBy(context.title, prompt, '', groupRule) };
}

function newCapacity(): Choice<CapacityChoice | 'group'>[] {
  return [
    {
      ...{ label: 'Managed Instances', description: vscode.l10n.t('EC2 instances that ECS starts and patches') },
      value: { kind: 'managedInstances' },
    },
    {
      ...{ label: vscode.l10n.t('Auto Scaling group…'), description: vscode.l10n.t('EC2 instances of your own') },
      value: 'group',
    },
  ];
}

async function existingCapacity(
  { connection, signal }: SettingContext,
  cluster: string,
): Promise<Choice<CapacityChoice>[]> {
  const { found } = await connection.ecs.describeClusters([cluster], signal);
  const own = (found[0]?.capacityProviders ?? []).filter((name) => !name.startsWith('FARGATE'));
  const registered: Choice<CapacityChoice> = {
    ...{ label: vscode.l10n.t('Instances of the cluster'), description: vscode.l10n.t('launch type EC2') },
    value: { kind: 'registeredInstances' },
  };
  return [
    ...own.map((name): Choice<CapacityChoice> => ({
      ...{ label: name, description: vscode.l10n.t('capacity provider') },
      value: { kind: 'provider', name },
    })),
    ...((found[0]?.containerInstances ?? 0) > 0 ? [registered] : []),
  ];
}

/** Auto Scaling, DescribeAutoScalingGroups `AutoScalingGroupARN`. */
const groupRule: Rule = (text) =>
  /^arn:[\w-]+:autoscaling:[\w-]+:\d{12}:autoScalingGroup:[\w-]+:autoScalingGroupName\/.+$/.test(text)
    ? undefined
    : message('An ARN of the form arn:aws:autoscaling:REGION:ACCOUNT:autoScalingGroup:ID:autoScalingGroupName/NAME.');

function askDeployment(title: string): Promise<ServiceChoices['deployment']> {
  return pick(title, vscode.l10n.t('How tasks are replaced'), [
    {
      ...{ label: vscode.l10n.t('Rolling'), description: vscode.l10n.t('new tasks take the place of old ones') },
      value: 'rolling' as const,
    },
    {
      label: vscode.l10n.t('Blue/green'),
      description: vscode.l10n.t('all new tasks beside the old ones, then the traffic moves; needs a load balancer'),
      value: 'blueGreen' as const,
    },
  ]);
}
