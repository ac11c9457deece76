import * as vscode from 'vscode';
import { Command } from '../core/contributions';
import type { ConnectionSpec } from '../core/connection';
import { commonRegions, isRegionName } from '../core/regions';
import type { Connections } from '../ui/connections';
import { ask, pick, type Choice } from '../ui/pick';

type Answer = { readonly use: ConnectionSpec } | 'region' | 'endpoint' | 'startSandbox';

/** Lets a person choose profile, Region and endpoint. */
export async function switchConnection(connections: Connections): Promise<void> {
  const spec = await askConnection(connections, vscode.l10n.t('Switch Connection'));
  if (spec) await connections.use(spec);
}

/** Asks for a connection; undefined when starting the sandbox was the answer, which connects by itself. */
export async function askConnection(connections: Connections, title: string): Promise<ConnectionSpec | undefined> {
  const answer = await pick(title, vscode.l10n.t('Profile, Region or endpoint'), choices(connections));
  if (answer === 'startSandbox') return void (await vscode.commands.executeCommand(Command.startSandbox));
  if (answer === 'region') return withRegion(connections.spec);
  if (answer === 'endpoint') return withEndpoint(connections.spec);
  return answer.use;
}

async function choices(connections: Connections): Promise<Choice<Answer>[]> {
  const { spec, sandbox } = connections;
  const profiles = await connections.listProfiles();
  const separator = (label: string): Choice<Answer> => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
    value: 'region',
  });
  const current = (is: boolean): string => (is ? vscode.l10n.t('current') : '');
  return [
    separator(vscode.l10n.t('Sandbox')),
    sandbox
      ? {
          label: `$(beaker) ${vscode.l10n.t('Sandbox')}`,
          description: current(spec.sandbox === true),
          value: { use: sandbox },
        }
      : {
          label: `$(beaker) ${vscode.l10n.t('Start Sandbox')}`,
          description: vscode.l10n.t('no AWS account needed'),
          value: 'startSandbox',
        },
    separator(vscode.l10n.t('Profiles')),
    {
      label: `$(account) ${vscode.l10n.t('Default')}`,
      description: vscode.l10n.t('environment, then the default profile'),
      value: { use: {} },
    },
    ...profiles.map((profile): Choice<Answer> => ({
      label: `$(account) ${profile}`,
      description: current(spec.profile === profile),
      value: { use: { profile } },
    })),
    separator(vscode.l10n.t('Change')),
    { label: `$(globe) ${vscode.l10n.t('Region…')}`, description: spec.region ?? '', value: 'region' },
    {
      label: `$(link) ${vscode.l10n.t('Endpoint…')}`,
      description: spec.sandbox ? '' : (spec.endpoint ?? ''),
      value: 'endpoint',
    },
  ];
}

async function withRegion(spec: ConnectionSpec): Promise<ConnectionSpec> {
  const title = vscode.l10n.t('Region');
  const other = { label: vscode.l10n.t('Other…'), value: '' };
  const regions = commonRegions.map((value) => ({ label: value, value }));
  const chosen = await pick(title, vscode.l10n.t('AWS Region'), [...regions, other]);
  const region =
    chosen || (await ask({ title, prompt: vscode.l10n.t('Name of the Region'), validateInput: regionProblem }));
  // A sandbox's connection belongs to the sandbox; another Region means leaving it.
  return spec.sandbox ? { region } : { ...spec, region };
}

function regionProblem(text: string): string | undefined {
  return isRegionName(text.trim()) ? undefined : vscode.l10n.t('A Region looks like eu-central-1');
}

async function withEndpoint(spec: ConnectionSpec): Promise<ConnectionSpec> {
  const endpoint = await ask({
    title: vscode.l10n.t('Endpoint'),
    prompt: vscode.l10n.t('URL for every call instead of AWS’s own; empty for AWS’s own'),
    value: spec.sandbox ? '' : (spec.endpoint ?? ''),
    validateInput: (text) =>
      text.trim() === '' || /^https?:\/\/[^\s/]+/.test(text.trim()) ? undefined : vscode.l10n.t('An http or https URL'),
  });
  const { profile, region } = spec.sandbox ? {} : spec;
  return { ...(profile ? { profile } : {}), ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) };
}
