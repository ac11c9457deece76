import type { TextKind } from '../finding';
import { refusals } from './api';
import { applicationLog } from './applicationLog';
import { codeDeploy } from './codeDeploy';
import { controllers } from './controllers';
import type { Entry, Match } from './entry';
import { exec } from './exec';
import { exitCodes } from './exit';
import { health } from './health';
import { host } from './host';
import { initialisation } from './initialisation';
import { logging } from './logging';
import { memory } from './memory';
import { network } from './network';
import { placement } from './placement';
import { pull } from './pull';
import { roles } from './roles';
import { secrets } from './secrets';
import { start } from './start';
import { volumes } from './volumes';

/**
 * Which cause wins when several show: what keeps a task from starting, then what keeps it from being placed or takes
 * its host away, then how its containers ended, then health checks. What a deployment says of itself comes last: it is
 * always a consequence.
 */
export type Rank = 'preparing' | 'placement' | 'exit' | 'health' | 'consequence';

/** The catalogue's sections in order of precedence; inside of a section the first entry that matches wins. */
const sections: readonly (readonly [Rank, readonly Entry[]])[] = [
  ['preparing', pull],
  ['preparing', secrets],
  ['preparing', logging],
  ['preparing', volumes],
  ['preparing', exec],
  ['preparing', network],
  ['preparing', roles],
  ['preparing', initialisation],
  ['placement', placement],
  ['placement', host],
  ['exit', memory],
  ['exit', start],
  ['exit', applicationLog],
  ['exit', exitCodes],
  ['health', health],
  ['consequence', codeDeploy],
  ['consequence', controllers],
  ['consequence', refusals],
];

/** An entry with its place in the order. */
export interface Ranked {
  readonly entry: Entry;
  readonly rank: Rank;
  readonly pattern: RegExp;
  /** Smaller wins. */
  readonly position: number;
}

/** The whole catalogue, compiled, in order of precedence. */
export const catalogue: readonly Ranked[] = sections
  .flatMap(([rank, entries]) => entries.map((entry) => ({ rank, entry })))
  .map(({ rank, entry }, position) => ({ entry, rank, position, pattern: new RegExp(entry.pattern.source, 'i') }));

const byKind = new Map<TextKind, Ranked[]>();
for (const ranked of catalogue) {
  for (const kind of ranked.entry.where) byKind.set(kind, [...(byKind.get(kind) ?? []), ranked]);
}

const byId = new Map(catalogue.map((ranked) => [ranked.entry.id, ranked]));

/** An entry by its id; undefined for one that an older version knew. */
export function entryOf(id: string): Ranked | undefined {
  return byId.get(id);
}

/** Characters of a text that are looked at: AWS cuts its reasons at 1024, and patterns must not run away. */
const longest = 3_000;

/** A text as the patterns expect it: white space is single spaces, quotes are straight. */
export function normalise(text: string): string {
  return text
    .slice(0, longest * 2)
    .replace(/[\u2018\u2019\u201a\u201b\u2032\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f\u2033]/g, '"')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longest);
}

/** A text with the kind of place where it stands. */
export interface KindOfText {
  readonly kind: TextKind;
  readonly text: string;
}

/** The entry that explains one text, with what its pattern found. */
export interface Found extends Match {
  readonly ranked: Ranked;
}

/** Which entry explains a text. */
export function matchText({ kind, text }: KindOfText, container = ''): Found | undefined {
  const plain = normalise(text);
  for (const ranked of byKind.get(kind) ?? []) {
    const match = ranked.pattern.exec(plain);
    if (match) return { ranked, groups: [...match], container };
  }
  return undefined;
}

/** Which of several texts explains most: the one whose entry comes first, and among equals the first text. */
export function matchTexts<T extends KindOfText>(
  texts: readonly T[],
  container = '',
): { readonly found: Found; readonly text: T } | undefined {
  let best: { readonly found: Found; readonly text: T } | undefined;
  for (const text of texts) {
    const found = matchText(text, container);
    if (found && (!best || found.ranked.position < best.found.ranked.position)) best = { found, text };
  }
  return best;
}
