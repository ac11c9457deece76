import * as vscode from 'vscode';
import { parseImageReference } from '../../../core/imageRef';
import type { ContainerChoice, ServiceChoices } from '../../../provision/choices';
import {
  containerNameRule,
  imageRule,
  numberRule,
  portRule,
  variableNameRule,
  type Rule,
} from '../../../provision/rules';
import { ask, pick, type Title } from '../../../ui/pick';
import { askBy, type SettingContext } from './setting';
import { askSecret } from './secrets';

/** A row that changes one container. */
export interface ContainerSetting {
  readonly label: string;
  readonly value: string;
  change(context: SettingContext): Promise<ContainerChoice>;
}

/** What one container is given. */
export function containerSettings(container: ContainerChoice): ContainerSetting[] {
  const { ports, environment, secrets, healthCheck } = container;
  const variables = Object.keys(environment);
  return [
    {
      label: vscode.l10n.t('Port'),
      value: ports.join(', ') || vscode.l10n.t('none'),
      change: async ({ title }) => ({ ...container, ports: await askPorts(title, ports) }),
    },
    {
      label: vscode.l10n.t('Environment'),
      value: variables.join(', ') || vscode.l10n.t('none'),
      change: async ({ title }) => ({ ...container, environment: await askEnvironment(title, environment) }),
    },
    {
      label: vscode.l10n.t('Secrets'),
      value: secrets.map(({ name }) => name).join(', ') || vscode.l10n.t('none'),
      change: async (context) => ({ ...container, secrets: await changeSecrets(context, container) }),
    },
    {
      label: vscode.l10n.t('Health check'),
      value: healthCheck?.command ?? vscode.l10n.t('none'),
      change: async ({ title }) => ({ ...container, healthCheck: await askHealthCheck(title, container) }),
    },
  ];
}

/** Asks for one more container, or which of the further ones goes. */
export async function changeSidecars({ title }: SettingContext, choices: ServiceChoices): Promise<ServiceChoices> {
  const [main, ...others] = choices.containers;
  const chosen = await pick<string | undefined>(title, vscode.l10n.t('Further containers of the task'), [
    { label: vscode.l10n.t('Add a Container…'), iconPath: new vscode.ThemeIcon('add'), value: undefined },
    ...others.map(({ name, image = '' }) => ({
      ...{ label: vscode.l10n.t('Remove {0}', name), description: image, value: name },
      iconPath: new vscode.ThemeIcon('trash'),
    })),
  ]);
  if (chosen !== undefined) {
    return { ...choices, containers: [main, ...others.filter(({ name }) => name !== chosen)] };
  }
  const image = await askBy(title, vscode.l10n.t('Image of the container'), '', imageRule);
  const likely = parseImageReference(image)?.repository.split('/').at(-1) ?? 'sidecar';
  const name = await askBy(title, vscode.l10n.t('Name of the container'), likely, containerNameRule);
  const ports = await askPorts(title, []);
  const added: ContainerChoice = { ...{ name, image, ports }, environment: {}, secrets: [], essential: false };
  return { ...choices, containers: [main, ...others, added] };
}

async function askPorts(title: string, ports: readonly number[]): Promise<number[]> {
  const split = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
  const rule: Rule = (text) => split(text).map(portRule).find(Boolean);
  const prompt = vscode.l10n.t('Ports on which the container listens, separated by commas; empty for none');
  return split(await askBy(title, prompt, ports.join(', '), rule)).map(Number);
}

/** Asks for the one port that the Dockerfile does not say. */
export async function askPort(title: string): Promise<number | undefined> {
  const prompt = vscode.l10n.t('Port on which the container listens (the Dockerfile has no EXPOSE); empty for none');
  const text = await askBy(title, prompt, '', (value) => (value === '' ? undefined : portRule(value)));
  return text === '' ? undefined : Number(text);
}

async function askEnvironment(
  title: string,
  environment: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  return (await changeEnvironment(title, environment)) ?? environment;
}

/**
 * Asks for a variable and its value.
 * @param end a row that ends it
 * @returns undefined when that was chosen
 */
export async function changeEnvironment(
  title: Title,
  environment: Readonly<Record<string, string>>,
  end?: { readonly label: string; readonly description: string },
): Promise<Readonly<Record<string, string>> | undefined> {
  const known = Object.entries(environment).map(([key, value]) => ({ label: key, description: value, value: key }));
  const add = { label: vscode.l10n.t('Add a Variable…'), iconPath: new vscode.ThemeIcon('add'), value: 'add' as const };
  const done = end ? [{ ...end, iconPath: new vscode.ThemeIcon('check'), value: 'done' as const }] : [];
  const name = await pick<{ readonly key: string } | 'add' | 'done'>(
    title,
    vscode.l10n.t('Environment variables; secrets belong elsewhere'),
    [...done, add, ...known.map((row) => ({ ...row, value: { key: row.value } }))],
  );
  if (name === 'done') return undefined;
  const key =
    name === 'add' ? await askBy(title, vscode.l10n.t('Name of the variable'), '', variableNameRule) : name.key;
  const value = await ask({
    title,
    prompt: vscode.l10n.t('Value of {0}; empty removes it', key),
    value: environment[key] ?? '',
  });
  const others = Object.fromEntries(Object.entries(environment).filter(([other]) => other !== key));
  return value === '' ? others : { ...others, [key]: value };
}

async function changeSecrets(
  context: SettingContext,
  { secrets }: ContainerChoice,
): Promise<ContainerChoice['secrets']> {
  const { title } = context;
  const chosen = await pick<string | undefined>(title, vscode.l10n.t('Secrets, as environment variables'), [
    { label: vscode.l10n.t('Add a Secret…'), iconPath: new vscode.ThemeIcon('add'), value: undefined },
    ...secrets.map(({ name, valueFrom }) => ({
      ...{ label: vscode.l10n.t('Remove {0}', name), description: valueFrom, value: name },
      iconPath: new vscode.ThemeIcon('trash'),
    })),
  ]);
  if (chosen !== undefined) return secrets.filter(({ name }) => name !== chosen);
  const valueFrom = await askSecret(context);
  const name = await askBy(title, vscode.l10n.t('Name of the environment variable'), '', variableNameRule);
  return [...secrets.filter((each) => each.name !== name), { name, valueFrom }];
}

async function askHealthCheck(title: string, { healthCheck, ports }: ContainerChoice) {
  const likely = ports[0] === undefined ? '' : `curl -f http://localhost:${ports[0]}/ || exit 1`;
  const command = await ask({
    title,
    prompt: vscode.l10n.t('Shell command that ends with 0 when the container is well; empty for none'),
    value: healthCheck?.command ?? likely,
  });
  if (command === '') return undefined;
  const number = async (prompt: string, value: number, from: number, to: number): Promise<number> =>
    Number(await askBy(title, prompt, String(value), numberRule(from, to)));
  // The bounds are those of ECS: HealthCheck of RegisterTaskDefinition.
  return {
    command,
    interval: await number(vscode.l10n.t('Seconds between two checks'), healthCheck?.interval ?? 10, 5, 300),
    timeout: await number(vscode.l10n.t('Seconds that a check may take'), healthCheck?.timeout ?? 5, 2, 60),
    retries: await number(
      vscode.l10n.t('Failed checks in a row that make it unhealthy'),
      healthCheck?.retries ?? 3,
      1,
      10,
    ),
    startPeriod: await number(vscode.l10n.t('Seconds to start in'), healthCheck?.startPeriod ?? 10, 0, 300),
  };
}
