import { message, type Message } from '../../core/message';
import type { HopState } from '../hop';
import type { Way } from '../ways';
import { graphOf, type Graph, type GraphEdge, type GraphNode } from './graph';

/** Sizes in pixels at the natural size of the picture. */
export const sizes = {
  ...{ node: 204, nodeHeight: 44, gapX: 14, gapY: 24 },
  ...{ margin: 20, heading: 32, betweenDirections: 44 },
} as const;

/** A node with its place: the upper left corner of its box. */
export interface PictureNode extends GraphNode {
  readonly x: number;
  readonly y: number;
  /** How far from the beginning of its ways, from 0. */
  readonly layer: number;
  /** What follows and what comes before, from left to right. */
  readonly next: readonly string[];
  readonly previous: readonly string[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line from the bottom of one box to the top of another, past the boxes between them. */
export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly state: HopState;
  readonly points: readonly Point[];
}

export interface Heading {
  readonly text: Message;
  /** The middle of the text. */
  readonly x: number;
  readonly y: number;
}

/** Everything that is drawn, with positions. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  readonly headings: readonly Heading[];
}

/** The ways in on the left, the ways out on the right; each leads from top to bottom. */
export function pictureOf(ways: readonly Way[]): Picture {
  const { margin, heading, betweenDirections } = sizes;
  const parts = [
    { graph: graphOf(ways, 'in'), text: message('The way in') },
    { graph: graphOf(ways, 'out'), text: message('The way out') },
  ].filter(({ graph }) => graph.nodes.length > 0);
  const nodes: PictureNode[] = [];
  const edges: PictureEdge[] = [];
  const headings: Heading[] = [];
  let left: number = margin;
  for (const { graph, text } of parts) {
    const placed = place(graph, { x: left, y: margin + heading });
    headings.push({ text, x: left + placed.width / 2, y: margin + 12 });
    nodes.push(...placed.nodes);
    edges.push(...placed.edges);
    left += placed.width + betweenDirections;
  }
  const bottom = Math.max(margin + heading, ...nodes.map(({ y }) => y + sizes.nodeHeight));
  return {
    width: Math.max(2 * margin, left - betweenDirections + margin),
    height: bottom + margin,
    ...{ nodes, edges, headings },
  };
}

/** A place in a layer: for a node, or for a line that passes by. */
interface Slot {
  readonly key: string;
  readonly node: GraphNode | undefined;
  readonly above: readonly string[];
}

/** Pixels that a line takes between boxes. */
const laneWidth = 24;

const widthOf = ({ node }: Slot): number => (node ? sizes.node : laneWidth);

function place(
  graph: Graph,
  { x: left, y: top }: Point,
): { readonly nodes: PictureNode[]; readonly edges: PictureEdge[]; readonly width: number } {
  const layers = layersOf(graph);
  const rows = inOrder(rowsOf(graph, layers));
  const lengthOf = (row: readonly Slot[]): number =>
    row.reduce((sum, slot) => sum + widthOf(slot), 0) + (row.length - 1) * sizes.gapX;
  const width = Math.max(...rows.map(lengthOf));
  const at = new Map<string, Point>();
  const nodes: PictureNode[] = [];
  for (const [layer, row] of rows.entries()) {
    const y = top + layer * (sizes.nodeHeight + sizes.gapY);
    let x = left + (width - lengthOf(row)) / 2;
    for (const slot of row) {
      at.set(slot.key, { x: x + widthOf(slot) / 2, y });
      const { node, key } = slot;
      if (node) nodes.push({ ...node, x, y, layer, ...neighbours(graph, key, rows) });
      x += widthOf(slot) + sizes.gapX;
    }
  }
  return { nodes, edges: graph.edges.map((edge) => ({ ...edge, points: pointsOf(edge, layers, at) })), width };
}

function neighbours(
  { edges }: Graph,
  key: string,
  rows: readonly (readonly Slot[])[],
): Pick<PictureNode, 'next' | 'previous'> {
  const order = new Map(rows.flat().map((slot, index) => [slot.key, index]));
  const sorted = (keys: string[]): string[] => keys.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return {
    next: sorted(edges.flatMap(({ from, to }) => (from === key ? to : []))),
    previous: sorted(edges.flatMap(({ from, to }) => (to === key ? from : []))),
  };
}

/** Each node one below the lowest that leads to it. */
function layersOf({ nodes, edges }: Graph): Map<string, number> {
  const layers = new Map<string, number>();
  const layerOf = (key: string): number => {
    const known = layers.get(key);
    if (known !== undefined) return known;
    const before = edges.flatMap(({ from, to }) => (to === key ? from : []));
    const layer = before.length === 0 ? 0 : 1 + Math.max(...before.map(layerOf));
    layers.set(key, layer);
    return layer;
  };
  for (const { key } of nodes) layerOf(key);
  return layers;
}

const laneKey = ({ from, to }: Pick<GraphEdge, 'from' | 'to'>, layer: number): string => `${from} ${to} ${layer}`;

/** The layers a line passes between its ends. */
function passed({ from, to }: GraphEdge, layers: ReadonlyMap<string, number>): number[] {
  const [first, last] = [(layers.get(from) ?? 0) + 1, layers.get(to) ?? 0];
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
}

/** The slots of each layer, with the slots right above that lead to them. */
function rowsOf({ nodes, edges }: Graph, layers: ReadonlyMap<string, number>): Slot[][] {
  const rows: Slot[][] = [];
  const add = (layer: number, slot: Slot): void => void (rows[layer] ??= []).push(slot);
  for (const node of nodes) {
    const above = edges.filter(({ to }) => to === node.key).map((edge) => lastBefore(edge, layers));
    add(layers.get(node.key) ?? 0, { key: node.key, node, above });
  }
  for (const edge of edges) {
    let above = edge.from;
    for (const layer of passed(edge, layers)) {
      const key = laneKey(edge, layer);
      add(layer, { key, node: undefined, above: [above] });
      above = key;
    }
  }
  return rows;
}

function lastBefore(edge: GraphEdge, layers: ReadonlyMap<string, number>): string {
  const last = passed(edge, layers).at(-1);
  return last === undefined ? edge.from : laneKey(edge, last);
}

/** From left to right: near what is above, so that few lines cross. */
function inOrder(rows: readonly (readonly Slot[])[]): Slot[][] {
  const columns = new Map<string, number>();
  return rows.map((row) => {
    const middle = new Map(
      row.map(({ key, above }, index) => {
        const known = above.flatMap((each) => columns.get(each) ?? []);
        return [key, known.length === 0 ? index : known.reduce((sum, each) => sum + each, 0) / known.length] as const;
      }),
    );
    const sorted = [...row].sort((a, b) => (middle.get(a.key) ?? 0) - (middle.get(b.key) ?? 0));
    // Columns are counted from the middle of the row, as they are drawn.
    for (const [index, { key }] of sorted.entries()) columns.set(key, index - (sorted.length - 1) / 2);
    return sorted;
  });
}

function pointsOf(edge: GraphEdge, layers: ReadonlyMap<string, number>, at: ReadonlyMap<string, Point>): Point[] {
  const [start, end] = [at.get(edge.from), at.get(edge.to)];
  if (!start || !end) return [];
  const lanes = passed(edge, layers).flatMap((layer) => {
    const lane = at.get(laneKey(edge, layer));
    return lane ? [lane, { x: lane.x, y: lane.y + sizes.nodeHeight }] : [];
  });
  return [{ x: start.x, y: start.y + sizes.nodeHeight }, ...lanes, end];
}
