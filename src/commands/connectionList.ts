import * as vscode from 'vscode';
import { keyOf, type ConnectionSpec } from '../core/connection';
import { markColors, marksOf, saveMarks, type ConnectionMarks, type MarkColor } from '../ui/connectionMarks';
import { nameOfSpec, type Connections, type Session } from '../ui/connections';
import { ask, pick } from '../ui/pick';
import { askConnection } from './switchConnection';

/** Shows another connection beside those that are open. */
export async function addConnection(connections: Connections): Promise<void> {
  const spec = await askConnection(connections, vscode.l10n.t('Add Connection'));
  if (spec) await connections.add(spec);
}

/** Stops showing a connection. Nothing in AWS changes. */
export async function removeConnection(connections: Connections, given: Session | undefined): Promise<void> {
  const title = vscode.l10n.t('Remove Connection');
  const spec = given?.spec ?? (await askOpen(connections, title));
  if (connections.specs.length < 2) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('This is the only connection. “Switch Connection” replaces it by another one.'),
    );
    return;
  }
  await connections.remove(spec);
}

type Edit = 'name' | 'color' | 'production' | 'readOnly';

/** Names and marks a connection. */
export async function editConnection(connections: Connections, given: Session | undefined): Promise<void> {
  const title = vscode.l10n.t('Edit Connection');
  const spec = given?.spec ?? (await askOpen(connections, title));
  const marks = marksOf(spec);
  const on = (value: boolean | undefined): string => (value ? vscode.l10n.t('on') : vscode.l10n.t('off'));
  const edit = await pick<Edit>(title, nameOfSpec(spec), [
    { label: vscode.l10n.t('Name…'), description: marks.name ?? '', value: 'name' },
    { label: vscode.l10n.t('Colour…'), description: marks.color ? markColors[marks.color] : '', value: 'color' },
    {
      label: vscode.l10n.t('Production'),
      description: on(marks.production),
      detail: vscode.l10n.t('Everything that changes something asks first'),
      value: 'production',
    },
    {
      label: vscode.l10n.t('Read-only'),
      description: on(marks.readOnly),
      detail: vscode.l10n.t('Nothing can be changed over this connection'),
      value: 'readOnly',
    },
  ]);
  await saveMarks(spec, await edited(marks, edit, title));
}

async function edited(marks: ConnectionMarks, edit: Edit, title: string): Promise<ConnectionMarks> {
  const { name: oldName, color: oldColor, production, readOnly } = marks;
  const name = edit === 'name' ? await ask({ title, prompt: vscode.l10n.t('Name'), value: oldName ?? '' }) : oldName;
  const color = edit === 'color' ? await askColor(title) : oldColor;
  const isProduction = edit === 'production' ? !production : production;
  const isReadOnly = edit === 'readOnly' ? !readOnly : readOnly;
  return {
    ...(name ? { name } : {}),
    ...(color ? { color } : {}),
    ...(isProduction ? { production: true } : {}),
    ...(isReadOnly ? { readOnly: true } : {}),
  };
}

function askColor(title: string): Promise<MarkColor | undefined> {
  const names: Record<MarkColor, string> = {
    red: vscode.l10n.t('Red'),
    orange: vscode.l10n.t('Orange'),
    yellow: vscode.l10n.t('Yellow'),
    green: vscode.l10n.t('Green'),
    blue: vscode.l10n.t('Blue'),
    purple: vscode.l10n.t('Purple'),
  };
  const colors = (Object.keys(markColors) as MarkColor[]).map((value) => ({
    ...{ label: `${markColors[value]} ${names[value]}`, value },
  }));
  return pick<MarkColor | undefined>(title, vscode.l10n.t('Colour'), [
    ...colors,
    { label: vscode.l10n.t('None'), value: undefined },
  ]);
}

async function askOpen(connections: Connections, title: string): Promise<ConnectionSpec> {
  const [only, ...others] = connections.specs;
  if (only && others.length === 0) return only;
  const choices = connections.specs.map((spec) => ({ label: nameOfSpec(spec), value: keyOf(spec) }));
  const key = await pick(title, vscode.l10n.t('Connection'), choices);
  return connections.specs.find((spec) => keyOf(spec) === key) ?? connections.spec;
}
