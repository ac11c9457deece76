import { oneLine } from '../../core/plainText';
import { xmlText } from '../../core/xmlText';
import type { Message } from '../../core/message';
import type { HopState } from '../hop';
import { kindName, stateName } from '../hopNames';
import { sizes, type Picture, type PictureEdge, type PictureNode, type Point } from './layout';

/** Colours of a picture that stands alone, as CSS writes them. */
export interface Palette {
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly box: string;
  readonly open: string;
  readonly blocked: string;
  readonly unknown: string;
}

export const paletteNames = ['background', 'foreground', 'muted', 'box', 'open', 'blocked', 'unknown'] as const;

/** How a picture is written. */
export interface SvgOptions {
  readonly title: string;
  readonly say: (sentence: Message) => string;
  /** With colours of its own, to be a file; without them, for a page whose style sheet has the theme's. */
  readonly palette?: Palette;
}

/** Characters of the two lines in a box. */
const most = { kind: 23, id: 21 };

/** A picture as SVG. Text of the cloud is text in it and nothing else. */
export function svgOf(picture: Picture, { title, say, palette }: SvgOptions): string {
  const { width, height, nodes, edges, headings } = picture;
  const alone = palette !== undefined;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="${alone ? 'img' : 'group'}" aria-label="${xmlText(oneLine(title))}">`,
    ...(alone
      ? [`<title>${xmlText(oneLine(title))}</title>`, style(palette), `<rect class="ground" ${whole(picture)}/>`]
      : []),
    ...headings.map(
      ({ text, x, y }) => `<text class="heading" text-anchor="middle" x="${x}" y="${y}">${xmlText(say(text))}</text>`,
    ),
    ...edges.map(edge),
    ...nodes.map((node) => box(node, say, alone)),
    '</svg>',
  ].join('\n');
}

/** What a screen reader says of a hop: what it is, its state, and why. */
export function spokenHop({ hop }: Pick<PictureNode, 'hop'>, say: (sentence: Message) => string): string {
  const { kind, id, state, reason } = hop;
  return oneLine(`${say(kindName(kind))} ${id}, ${say(stateName(state))}: ${say(reason)}`);
}

const whole = ({ width, height }: Picture): string => `width="${width}" height="${height}"`;

function box(node: PictureNode, say: (sentence: Message) => string, alone: boolean): string {
  const { key, x, y, hop } = node;
  const { kind, id, state } = hop;
  const spoken = xmlText(spokenHop(node, say));
  const role = alone ? `role="img"` : `role="button" tabindex="0" aria-pressed="false" data-key="${xmlText(key)}"`;
  return [
    `<g class="hop ${state}" transform="translate(${x} ${y})" ${role} aria-label="${spoken}">`,
    `<title>${spoken}</title>`,
    `<rect class="box" width="${sizes.node}" height="${sizes.nodeHeight}" rx="6"/>`,
    sign(state),
    `<text class="kind" x="38" y="17">${xmlText(shorten(say(kindName(kind)), most.kind))}</text>`,
    `<text class="id" x="38" y="33">${xmlText(shorten(shortId(id), most.id))}</text>`,
    '</g>',
  ].join('');
}

/** Each state has a shape of its own: colour is never all that tells them apart. */
function sign(state: HopState): string {
  const at = `transform="translate(20 ${sizes.nodeHeight / 2})"`;
  switch (state) {
    case 'open':
      return `<g class="sign" ${at}><circle r="9"/><path d="M-4 0.5 L-1 3.5 L4.5 -3"/></g>`;
    case 'blocked':
      return `<g class="sign" ${at}><path class="shape" d="M-4 -9.5 H4 L9.5 -4 V4 L4 9.5 H-4 L-9.5 4 V-4 Z"/><path d="M-3.5 -3.5 L3.5 3.5 M3.5 -3.5 L-3.5 3.5"/></g>`;
    case 'unknown':
      return `<g class="sign" ${at}><path class="shape" d="M0 -10.5 L10.5 0 L0 10.5 L-10.5 0 Z"/><text text-anchor="middle" y="4">?</text></g>`;
  }
}

function edge({ points, state }: PictureEdge): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let before = first;
  const parts = rest.map((point) => {
    const part = curve(before, point);
    before = point;
    return part;
  });
  const { x, y } = before;
  const head = `M${x - 4} ${y - 6} L${x} ${y - 1} L${x + 4} ${y - 6}`;
  return `<path class="edge ${state}" d="M${first.x} ${first.y} ${parts.join(' ')}"/><path class="head ${state}" d="${head}"/>`;
}

function curve(from: Point, to: Point): string {
  if (from.x === to.x) return `V${to.y}`;
  const middle = (from.y + to.y) / 2;
  return `C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
}

function style(palette: Palette): string {
  const { background, foreground, muted, box: fill } = palette;
  const states = (['open', 'blocked', 'unknown'] as const).map((state) => {
    const colour = palette[state];
    return (
      `.${state} .sign circle,.${state} .sign .shape{fill:${colour}}` +
      `.edge.${state},.head.${state}{stroke:${colour}}`
    );
  });
  const rules = [
    `text{font-family:system-ui,"Segoe UI",Ubuntu,sans-serif;font-size:12px;fill:${foreground}}`,
    `.ground{fill:${background}}.heading{font-size:13px;font-weight:600}.kind{font-size:11px;fill:${muted}}`,
    `.box{fill:${fill};stroke:${muted};stroke-opacity:.55}.blocked .box,.unknown .box{stroke-opacity:1}`,
    `.blocked .box{stroke:${palette.blocked};stroke-width:2.5}`,
    `.unknown .box{stroke:${palette.unknown};stroke-width:1.5;stroke-dasharray:5 3}`,
    `.sign path{fill:none;stroke:${background};stroke-width:2;stroke-linecap:round;stroke-linejoin:round}`,
    `.sign .shape{stroke:none}.sign text{fill:${background};font-weight:700}`,
    `.edge,.head{fill:none;stroke-width:1.5}.edge.blocked{stroke-dasharray:2 4}.edge.unknown{stroke-dasharray:6 4}`,
    ...states,
  ];
  return `<style>${rules.join('')}</style>`;
}

/** Of several ids the first, and how many more there are. */
function shortId(id: string): string {
  const [first = '', ...more] = id.split(', ');
  return more.length > 0 ? `${shorten(first, most.id - 4)} +${more.length}` : first;
}

/** The beginning and the end of a text: the end of an id tells it from others as well as its beginning. */
function shorten(text: string, length: number): string {
  const line = oneLine(text);
  if (line.length <= length) return line;
  const tail = Math.floor((length - 1) / 3);
  return `${line.slice(0, length - 1 - tail)}…${line.slice(line.length - tail)}`;
}
