import * as vscode from 'vscode';
import { fargateUnits, memoriesFor } from '../../../ecs/fargateSizes';
import { pick, type Choice, type Title } from '../../../ui/pick';

/** CPU units and MiB of a task. */
export interface Size {
  readonly cpu: number;
  readonly memory: number;
}

/** What most services start with. */
const usual: readonly Size[] = [
  { cpu: 256, memory: 512 },
  { cpu: 256, memory: 1024 },
  { cpu: 512, memory: 1024 },
  { cpu: 512, memory: 2048 },
  { cpu: 1024, memory: 2048 },
  { cpu: 1024, memory: 4096 },
  { cpu: 2048, memory: 4096 },
];

/** Asks for a size that Fargate has. */
export async function askSize(title: Title): Promise<Size> {
  const choices: Choice<Size | undefined>[] = usual.map((value) => ({ label: sizeText(value), value }));
  const other = { label: vscode.l10n.t('Other Size…'), iconPath: new vscode.ThemeIcon('ellipsis'), value: undefined };
  return (await pick(title, vscode.l10n.t('Size of a task'), [...choices, other])) ?? (await askAnySize(title));
}

/** `0.25 vCPU · 0.5 GiB` */
export function sizeText({ cpu, memory }: Size): string {
  return vscode.l10n.t('{0} vCPU · {1} GiB', cpu / 1024, memory / 1024);
}

async function askAnySize(title: Title): Promise<Size> {
  const cpu = await pick(
    title,
    vscode.l10n.t('CPU of a task'),
    fargateUnits.map((value) => ({ label: vscode.l10n.t('{0} vCPU', value / 1024), value })),
  );
  const memory = await pick(
    title,
    vscode.l10n.t('Memory of a task'),
    memoriesFor(cpu).map((value) => ({ label: vscode.l10n.t('{0} GiB', value / 1024), value })),
  );
  return { cpu, memory };
}
