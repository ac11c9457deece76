import { english } from '../../core/message';
import { oneLine } from '../../core/plainText';
import { stateOf, type Hop, type HopState } from '../hop';
import type { Way } from '../ways';

/** A hop that is drawn once, however many ways lead through it. */
export interface GraphNode {
  /** The same as long as the same ways lead through the same things, whatever their states become. */
  readonly key: string;
  readonly direction: Way['direction'];
  readonly hop: Hop;
  /** Indexes of the ways that lead through it. */
  readonly ways: readonly number[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Whether anything gets so far: open where one way is open up to here. */
  readonly state: HopState;
}

/** The ways of one direction, with what they share. It has no circles. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

interface Building {
  readonly node: GraphNode & { readonly ways: number[] };
  readonly base: string;
  readonly said: string;
  readonly next: Map<string, HopState>;
}

/**
 * Joins ways: what is the same thing with the same verdict becomes one node, unless that would lead in a circle. A
 * security group that lets one listener's port in and not that of another is two nodes, because it is two answers.
 */
export function graphOf(ways: readonly Way[], direction: Way['direction']): Graph {
  const built = new Map<string, Building>();
  for (const [index, way] of ways.entries()) if (way.direction === direction) addWay(built, way, index);
  const all = [...built.values()];
  return {
    nodes: all.map(({ node }) => node),
    edges: all.flatMap(({ node, next }) => [...next].map(([to, state]) => ({ from: node.key, to, state }))),
  };
}

function addWay(built: Map<string, Building>, { direction, hops }: Way, index: number): void {
  let before: Building | undefined;
  for (const [at, hop] of hops.entries()) {
    const current = joined(built, direction, hop, index, before) ?? added(built, direction, hop);
    current.node.ways.push(index);
    if (before) {
      const state = stateOf(hops.slice(0, at));
      const known = before.next.get(current.node.key);
      before.next.set(current.node.key, known === undefined ? state : better(known, state));
    }
    before = current;
  }
}

function joined(
  built: ReadonlyMap<string, Building>,
  direction: Way['direction'],
  hop: Hop,
  way: number,
  before: Building | undefined,
): Building | undefined {
  const [base, said] = [baseOf(direction, hop), saidBy(hop)];
  return [...built.values()].find(
    (each) =>
      each.base === base &&
      each.said === said &&
      !each.node.ways.includes(way) &&
      !(before && leadsTo(built, each, before.node.key)),
  );
}

function added(built: Map<string, Building>, direction: Way['direction'], hop: Hop): Building {
  const base = baseOf(direction, hop);
  const same = [...built.values()].filter((each) => each.base === base).length;
  const key = same === 0 ? base : `${base}#${same + 1}`;
  const building = { node: { key, direction, hop, ways: [] }, base, said: saidBy(hop), next: new Map() };
  built.set(key, building);
  return building;
}

const baseOf = (direction: Way['direction'], { kind, id }: Hop): string => `${direction}/${kind}/${oneLine(id)}`;

const saidBy = ({ state, reason, permission = '' }: Hop): string => `${state} ${permission} ${english(reason)}`;

function leadsTo(built: ReadonlyMap<string, Building>, from: Building, key: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let each = open.pop(); each; each = open.pop()) {
    if (each.node.key === key) return true;
    if (seen.has(each.node.key)) continue;
    seen.add(each.node.key);
    open.push(...[...each.next.keys()].flatMap((next) => built.get(next) ?? []));
  }
  return false;
}

function better(a: HopState, b: HopState): HopState {
  const order: readonly HopState[] = ['open', 'unknown', 'blocked'];
  return order.indexOf(a) <= order.indexOf(b) ? a : b;
}
