import * as vscode from 'vscode';
import type { ConnectionSpec } from '../core/connection';
import { Setting } from '../core/contributions';

/** Colours that every theme has (`charts.red` …), with a sign for places that know no colour. */
export const markColors = {
  red: '🔴',
  orange: '🟠',
  yellow: '🟡',
  green: '🟢',
  blue: '🔵',
  purple: '🟣',
} as const;
export type MarkColor = keyof typeof markColors;

/** What a person says about a connection, so that it is not mistaken for another one. */
export interface ConnectionMarks {
  readonly name?: string;
  readonly color?: MarkColor;
  /** Everything that changes something asks first, with the account's name. */
  readonly production?: boolean;
  /** Nothing is changed over it. */
  readonly readOnly?: boolean;
}

/** One entry of the setting `gantry.connections`. */
interface Entry extends ConnectionMarks {
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

/**
 * The marks of a connection, from the user's own settings. An entry is for every connection that has all of what it
 * names; the setting cannot come from a workspace, which might take a mark away.
 */
export function marksOf(spec: ConnectionSpec): ConnectionMarks {
  const fits = entries().filter((entry) => matches(entry, spec));
  const marks: ConnectionMarks = Object.assign({}, ...fits.map(marksIn)) as ConnectionMarks;
  const everywhere = vscode.workspace.getConfiguration('gantry').get<boolean>(Setting.readOnly) === true;
  return everywhere && !spec.sandbox ? { ...marks, readOnly: true } : marks;
}

/** Saves the marks of one connection. */
export async function saveMarks(spec: ConnectionSpec, marks: ConnectionMarks): Promise<void> {
  const { profile, region, endpoint } = spec;
  const key = { ...(profile ? { profile } : {}), ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) };
  const others = entries().filter((entry) => !sameKey(entry, key));
  const next = Object.keys(marks).length > 0 ? [...others, { ...key, ...marks }] : others;
  const configuration = vscode.workspace.getConfiguration('gantry');
  await configuration.update(Setting.connections, next, vscode.ConfigurationTarget.Global);
}

function entries(): Entry[] {
  const value = vscode.workspace.getConfiguration('gantry').get<unknown>(Setting.connections);
  if (!Array.isArray(value)) return [];
  return value.filter((entry): entry is Entry => typeof entry === 'object' && entry !== null);
}

/** A connection without a profile is meant by an entry without one only. */
function matches(entry: Entry, spec: ConnectionSpec): boolean {
  if (spec.sandbox) return false;
  if ((entry.profile ?? '') !== (spec.profile ?? '')) return false;
  return (
    (entry.region === undefined || entry.region === spec.region) &&
    (entry.endpoint === undefined || entry.endpoint === spec.endpoint)
  );
}

function sameKey(a: Entry, b: Entry): boolean {
  return a.profile === b.profile && a.region === b.region && a.endpoint === b.endpoint;
}

/** A malformed member is no mark, and says nothing about the others. */
function marksIn({ name, color, production, readOnly }: Entry): ConnectionMarks {
  return {
    ...(typeof name === 'string' && name ? { name } : {}),
    ...(typeof color === 'string' && color in markColors ? { color } : {}),
    ...(production === true ? { production } : {}),
    ...(readOnly === true ? { readOnly } : {}),
  };
}
