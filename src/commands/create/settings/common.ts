import * as vscode from 'vscode';
import type { Choices, ClusterChoice, ScalingChoice } from '../../../provision/choices';
import { findRepository } from '../../../provision/facts';
import { clusterNameRule, numberRule, pathRule, repositoryNameRule, retentionDays } from '../../../provision/rules';
import { pick, type Choice } from '../../../ui/pick';
import { askCluster } from '../askCluster';
import { askBy, type Setting } from './setting';
import { askSize, sizeText } from './size';

/** The rows that every kind of service has. */
export function commonSettings<C extends Choices>(choices: C): Setting<C>[] {
  const { repository, cluster, logRetention, scaling } = choices;
  const rows: Setting<C>[] = [
    {
      label: vscode.l10n.t('Repository'),
      value: repository.kind === 'new' ? vscode.l10n.t('{0} (new)', repository.name) : repository.name,
      change: async ({ title, connection, signal }) => {
        const name = await askBy(title, vscode.l10n.t('Name of the repository'), repository.name, repositoryNameRule);
        const found = await findRepository(connection, name, signal);
        const next = found
          ? { kind: 'existing' as const, name, arn: found.arn, uri: found.uri }
          : { kind: 'new' as const, name, scanOnPush: true, immutableTags: false };
        return { ...choices, repository: next };
      },
    },
    {
      label: vscode.l10n.t('Cluster'),
      value: clusterText(cluster),
      change: async ({ title, connection, signal }) => ({
        ...choices,
        cluster: await askCluster(connection, title, choices.name, signal),
      }),
    },
    {
      label: vscode.l10n.t('Size'),
      value: sizeText(choices),
      change: async ({ title }) => ({ ...choices, ...(await askSize(title)) }),
    },
    {
      label: vscode.l10n.t('Logs are kept'),
      value: vscode.l10n.t('{0} days', logRetention),
      change: async ({ title }) => {
        const days = retentionDays.map((value) => ({ label: vscode.l10n.t('{0} days', value), value }));
        const chosen: number = await pick<number>(title, vscode.l10n.t('How long logs are kept'), days);
        return { ...choices, logRetention: chosen };
      },
    },
    {
      label: vscode.l10n.t('Scaling'),
      value: scaling ? scalingText(scaling) : vscode.l10n.t('none'),
      change: async ({ title }) => ({ ...choices, scaling: await askScaling(title) }),
    },
  ];
  if (repository.kind === 'existing') return rows;
  const repositoryRow: Setting<C> = {
    label: vscode.l10n.t('Repository options'),
    value: [
      repository.scanOnPush ? vscode.l10n.t('scan on push') : '',
      repository.immutableTags ? vscode.l10n.t('immutable tags') : '',
    ]
      .filter(Boolean)
      .join(', '),
    change: async ({ title }) => {
      const options = [
        { label: vscode.l10n.t('Scan on push'), value: 'scan', picked: repository.scanOnPush },
        { label: vscode.l10n.t('Immutable tags'), value: 'immutable', picked: repository.immutableTags },
      ];
      const picked = await pickSeveral(title, vscode.l10n.t('What the repository should do'), options);
      if (!picked) return choices;
      const next = { ...repository, scanOnPush: picked.includes('scan'), immutableTags: picked.includes('immutable') };
      return { ...choices, repository: next };
    },
  };
  return [...rows.slice(0, 1), repositoryRow, ...rows.slice(1)];
}

/** Asks for any number of things; undefined when the person leaves. */
export async function pickSeveral<T>(
  title: string,
  placeHolder: string,
  choices: readonly Choice<T>[],
): Promise<T[] | undefined> {
  const options = { title, placeHolder, canPickMany: true as const, ignoreFocusOut: true, matchOnDescription: true };
  const picked = await vscode.window.showQuickPick(choices, options);
  return picked?.map(({ value }) => value);
}

/** A path of the application that says whether it is well. */
export function askHealthPath(title: string, value: string): Promise<string> {
  return askBy(title, vscode.l10n.t('Path that answers with 200 to 399 when the application is well'), value, pathRule);
}

function clusterText(cluster: ClusterChoice): string {
  return cluster.kind === 'new' ? vscode.l10n.t('{0} (new)', cluster.name) : cluster.name;
}

function scalingText({ minimum, maximum, cpuTarget }: ScalingChoice): string {
  return vscode.l10n.t('{0} to {1} tasks, at {2} % CPU', minimum, maximum, cpuTarget);
}

async function askScaling(title: string): Promise<ScalingChoice | undefined> {
  const wanted = await pick(title, vscode.l10n.t('Scaling'), [
    { label: vscode.l10n.t('No scaling'), value: false },
    { label: vscode.l10n.t('By CPU…'), description: vscode.l10n.t('target tracking'), value: true },
  ]);
  if (!wanted) return undefined;
  const number = async (prompt: string, value: number, from: number, to: number): Promise<number> =>
    Number(await askBy(title, prompt, String(value), numberRule(from, to)));
  const minimum = await number(vscode.l10n.t('Tasks at least'), 1, 1, 5000);
  const maximum = await number(vscode.l10n.t('Tasks at most'), Math.max(4, minimum), minimum, 5000);
  return { minimum, maximum, cpuTarget: await number(vscode.l10n.t('Percent of CPU that it aims at'), 60, 10, 90) };
}

/** A new cluster's name. */
export function askClusterName(title: string, value: string): Promise<string> {
  return askBy(title, vscode.l10n.t('Name of the new cluster'), value, clusterNameRule);
}
