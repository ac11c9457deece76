import type { FromPage, PageHop, ToPage } from '../network/picture/pageMessages';
import type { Palette } from '../network/picture/svg';

/** What VS Code keeps of the page while it is hidden and over a reload of the window. */
interface Kept {
  readonly place?: unknown;
  readonly selected?: string | undefined;
  readonly left?: number;
  readonly top?: number;
  /** 1: the natural size. */
  readonly zoom?: number;
}

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

const vscode = acquireVsCodeApi();
const picture = element('picture');
let hops = new Map<string, PageHop>();
let shown = '';

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}`);
  return found;
}

const state = (): Kept => vscode.getState() ?? {};
const keep = (changed: Kept): void => vscode.setState({ ...state(), ...changed });

function nodes(): SVGGElement[] {
  return [...picture.querySelectorAll<SVGGElement>('g.hop')];
}

const nodeOf = (key: string | undefined): SVGGElement | undefined =>
  nodes().find(({ dataset }) => dataset['key'] === key);

function show(svg: string): void {
  if (svg === shown) return;
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
  if (parsed.querySelector('parsererror')) throw new Error('The picture is no SVG');
  const focused = document.activeElement instanceof SVGGElement ? document.activeElement.dataset['key'] : undefined;
  const { scrollLeft, scrollTop } = picture;
  picture.replaceChildren(document.importNode(parsed.documentElement, true));
  const first = shown === '';
  shown = svg;
  // What is a little too wide is made a little smaller; smaller text would be hard to read.
  zoom(state().zoom ?? Math.min(1, Math.max(0.8, fitting())));
  const { left = 0, top = 0 } = state();
  picture.scrollTo(first ? left : scrollLeft, first ? top : scrollTop);
  nodeOf(focused)?.focus({ preventScroll: true });
}

/** The smallest and the largest scale. */
const bounds = { least: 0.4, most: 2 };

function zoom(wanted: number): void {
  const scale = Math.min(bounds.most, Math.max(bounds.least, wanted));
  keep({ zoom: scale });
  const svg = picture.querySelector('svg');
  if (!svg) return;
  const { width, height } = svg.viewBox.baseVal;
  svg.setAttribute('width', String(width * scale));
  svg.setAttribute('height', String(height * scale));
}

/** As large as it can be with all of its width in sight, and not larger than natural. */
function fit(): void {
  zoom(Math.min(1, fitting()));
}

/** The scale at which all of its width is in sight. */
function fitting(): number {
  const svg = picture.querySelector('svg');
  return svg ? picture.clientWidth / svg.viewBox.baseVal.width : 1;
}

/** Shows what there is to say about a hop; without one, the overview. */
function select(key: string | undefined): void {
  const hop = key === undefined ? undefined : hops.get(key);
  keep({ selected: hop?.key });
  for (const node of nodes()) node.setAttribute('aria-pressed', String(node.dataset['key'] === hop?.key));
  element('overview').hidden = hop !== undefined;
  element('hop').hidden = hop === undefined;
  if (!hop) return;
  element('hop-kind').textContent = hop.kind;
  element('hop-id').textContent = hop.id;
  element('hop-state').textContent = hop.stateName;
  element('hop-state').className = hop.state;
  element('hop-reason').textContent = hop.reason;
  const permission = element('hop-permission');
  permission.hidden = hop.permission === undefined;
  const code = permission.querySelector('code');
  if (code) code.textContent = hop.permission ?? '';
  element('console').hidden = !hop.hasConsole;
}

function showProblems(): void {
  const list = element('problems');
  const rank = ({ state: each }: PageHop): number => (each === 'blocked' ? 0 : 1);
  const problems = [...hops.values()].filter((hop) => hop.state !== 'open').sort((a, b) => rank(a) - rank(b));
  list.replaceChildren(
    ...problems.map((hop) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.className = `problem ${hop.state}`;
      const name = document.createElement('strong');
      name.textContent = `${hop.kind} · ${hop.stateName}`;
      const why = document.createElement('span');
      why.textContent = hop.reason;
      button.append(name, why);
      button.addEventListener('click', () => goTo(hop.key));
      item.append(button);
      return item;
    }),
  );
}

function goTo(key: string | undefined): void {
  const node = nodeOf(key);
  if (!node) return;
  node.focus();
  node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  select(key);
}

function status(text: string, kind: 'problem' | 'busy' | 'still'): void {
  const line = element('status');
  // What a screen reader reads out is what changes; that somebody looks again is not worth it.
  if (kind !== 'busy' || shown === '') line.textContent = text;
  line.className = kind;
  document.body.classList.toggle('busy', kind === 'busy');
}

const keys: Readonly<Record<string, (hop: PageHop) => string | undefined>> = {
  ArrowDown: ({ next }) => next[0],
  ArrowUp: ({ previous }) => previous[0],
  ArrowLeft: ({ left }) => left,
  ArrowRight: ({ right }) => right,
  Home: () => nodes()[0]?.dataset['key'],
};

function press(event: KeyboardEvent): void {
  if (event.key === 'Escape') return select(undefined);
  const target = event.target instanceof Element ? event.target.closest<SVGGElement>('g.hop') : null;
  const hop = hops.get(target?.dataset['key'] ?? '');
  if (!hop || event.ctrlKey || event.metaKey || event.altKey) return;
  const isChosen = event.key === 'Enter' || event.key === ' ';
  const follow = keys[event.key];
  if (!isChosen && !follow) return;
  event.preventDefault();
  if (isChosen) select(hop.key);
  else goTo(follow?.(hop));
}

/** The theme's colours as every program writes them. */
function palette(): Palette {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const style = getComputedStyle(document.body);
  const colour = (name: string): string => {
    if (!context) return '#808080';
    context.fillStyle = '#808080';
    context.fillStyle = style.getPropertyValue(`--picture-${name}`).trim();
    return String(context.fillStyle);
  };
  return {
    background: colour('background'),
    foreground: colour('foreground'),
    muted: colour('muted'),
    box: colour('box'),
    open: colour('open'),
    blocked: colour('blocked'),
    unknown: colour('unknown'),
  };
}

/** The browsers' own limit of a canvas’s sides, in pixels. */
const longestSide = 16_000;

async function raster(svg: string, wanted: number): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(wanted, longestSide / Math.max(image.width, image.height, 1));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

function receive(message: ToPage): void {
  switch (message.type) {
    case 'picture':
      hops = new Map(message.hops.map((hop) => [hop.key, hop]));
      show(message.svg);
      element('summary').textContent = message.summary;
      showProblems();
      status(message.when, 'still');
      return select(state().selected);
    case 'status':
      return status(message.text, message.isProblem ? 'problem' : message.isBusy ? 'busy' : 'still');
    case 'select':
      return goTo(message.key);
    case 'keep':
      return keep({ place: message.place });
    case 'palette':
      return vscode.postMessage({ type: 'palette', id: message.id, palette: palette() });
    case 'raster':
      return void raster(message.svg, message.scale).then((data) =>
        vscode.postMessage({ type: 'png', id: message.id, data }),
      );
  }
}

const send = (type: 'refresh' | 'text' | 'export'): void =>
  element(type).addEventListener('click', () => vscode.postMessage({ type }));
send('refresh');
send('text');
send('export');
const zoomBy = (factor: number): void => zoom((state().zoom ?? 1) * factor);
element('smaller').addEventListener('click', () => zoomBy(1 / 1.2));
element('larger').addEventListener('click', () => zoomBy(1.2));
element('fit').addEventListener('click', fit);
for (const type of ['copy', 'console'] as const) {
  element(type).addEventListener('click', () => {
    const { selected } = state();
    if (selected !== undefined) vscode.postMessage({ type, key: selected });
  });
}
element('close').addEventListener('click', () => {
  const { selected } = state();
  select(undefined);
  nodeOf(selected)?.focus();
});
picture.addEventListener('click', ({ target }) => {
  const node = target instanceof Element ? target.closest<SVGGElement>('g.hop') : null;
  select(node?.dataset['key']);
});
picture.addEventListener('scroll', () => keep({ left: picture.scrollLeft, top: picture.scrollTop }));
document.addEventListener('keydown', press);
window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => receive(data));
vscode.postMessage({ type: 'ready' });
