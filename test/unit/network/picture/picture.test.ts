import assert from 'node:assert/strict';
import { message } from '../../../../src/core/message';
import { blocked, hop, open, unknown, type Hop } from '../../../../src/network/hop';
import { graphOf } from '../../../../src/network/picture/graph';
import { pictureOf, sizes, type Picture } from '../../../../src/network/picture/layout';
import { nodeOf, pageHopsOf } from '../../../../src/network/picture/pageHops';
import type { Way } from '../../../../src/network/ways';
import { english } from '../../../../src/core/message';

/** `client sg-a!too strict acl-1?` – kind and id are the same word, `!` is blocked, `?` is unknown. */
const hops = (text: string): Hop[] =>
  text.split(' ').map((word) => {
    const [, id = '', sign = '', why = ''] = /^([^!?]+)([!?]?)(.*)$/.exec(word) ?? [];
    const verdict = sign === '!' ? blocked : sign === '?' ? unknown : open;
    return hop('securityGroup', id, verdict(message('{0}{1}', id, why)));
  });
const way = (text: string, direction: Way['direction'] = 'in'): Way => ({ direction, title: text, hops: hops(text) });
const edges = (...ways: Way[]): string[] =>
  graphOf(ways, 'in').edges.map(({ from, to, state }) => `${short(from)} ${state} ${short(to)}`);
const short = (key: string): string => key.replace(/^.*\//, '');

describe('the graph of ways', () => {
  it('draws once what several ways share', () => {
    assert.deepEqual(edges(way('lb 80 tg web'), way('lb 443 tg web')), [
      'lb open 80',
      'lb open 443',
      '80 open tg',
      'tg open web',
      '443 open tg',
    ]);
  });

  it('draws twice what gives two answers', () => {
    assert.deepEqual(edges(way('lb sg 80'), way('lb sg!strict 443')), [
      'lb open sg',
      'lb open sg#2',
      'sg open 80',
      'sg#2 blocked 443',
    ]);
  });

  it('has no circle where two ways pass the same things in another order', () => {
    const { nodes, edges: lines } = graphOf([way('a b c'), way('b a c')], 'in');
    const before = new Map(nodes.map(({ key }) => [key, lines.filter(({ to }) => to === key).map(({ from }) => from)]));
    const left = new Set(before.keys());
    for (let found = true; found;) {
      const free = [...left].filter((key) => !(before.get(key) ?? []).some((each) => left.has(each)));
      found = free.length > 0;
      for (const key of free) left.delete(key);
    }
    assert.equal(left.size, 0);
    assert.equal(nodes.length, 4);
  });

  it('draws twice what one way passes twice', () => {
    assert.deepEqual(edges(way('acl sg acl web')), ['acl open sg', 'sg open acl#2', 'acl#2 open web']);
  });

  it('lets nothing through behind what blocks, unless another way leads there', () => {
    assert.deepEqual(edges(way('lb 80! tg web'), way('lb 443 tg web')), [
      'lb open 80',
      'lb open 443',
      '80 blocked tg',
      'tg open web',
      '443 open tg',
    ]);
    assert.deepEqual(edges(way('lb a? tg b! web')), ['lb open a', 'a unknown tg', 'tg unknown b', 'b blocked web']);
  });

  it('keeps its keys when a state changes, so that what is selected stays selected', () => {
    const keys = (text: string): string[] => graphOf([way(text)], 'in').nodes.map(({ key }) => key);
    assert.deepEqual(keys('lb sg web'), keys('lb sg!shut web'));
  });
});

const overlapping = ({ nodes }: Picture): string[] =>
  nodes.flatMap((a, index) =>
    nodes
      .slice(index + 1)
      .filter((b) => Math.abs(a.x - b.x) < sizes.node && Math.abs(a.y - b.y) < sizes.nodeHeight)
      .map((b) => `${a.key} ${b.key}`),
  );
/** Lines that go through a box which they neither leave nor reach. */
const crossed = ({ nodes, edges: lines }: Picture): string[] =>
  lines.flatMap(({ from, to, points }) =>
    nodes
      .filter(({ key }) => key !== from && key !== to)
      .filter(({ x, y }) =>
        points.some((point, index) => {
          const next = points[index + 1];
          if (!next || point.x !== next.x) return false;
          const inside = point.x > x && point.x < x + sizes.node;
          return inside && Math.min(point.y, next.y) < y + sizes.nodeHeight && Math.max(point.y, next.y) > y;
        }),
      )
      .map(({ key }) => `${from} ${to} through ${key}`),
  );

const wide = [
  ...['80', '443'].flatMap((port) => ['t1', 't2', 't3'].map((task) => way(`lb sg-${port} ${port} tg sg ${task} web`))),
  ...['a', 'b'].flatMap((subnet) => ['ecr', 's3'].map((service) => way(`${subnet} sg rtb nat ${service}`, 'out'))),
  way('a s3', 'out'),
];

describe('the layout', () => {
  it('puts ways from top to bottom, those in beside those out, and nothing over anything', () => {
    const picture = pictureOf(wide);
    assert.deepEqual(overlapping(picture), []);
    for (const { from, to } of picture.edges) {
      const [a, b] = [from, to].map((key) => picture.nodes.find((node) => node.key === key));
      assert.ok(a && b && a.y < b.y, `${from} → ${to}`);
    }
    const right = Math.max(...picture.nodes.filter(({ direction }) => direction === 'in').map(({ x }) => x));
    const left = Math.min(...picture.nodes.filter(({ direction }) => direction === 'out').map(({ x }) => x));
    assert.ok(right + sizes.node < left);
    for (const { x, y } of picture.nodes) {
      assert.ok(x >= 0 && y >= 0 && x + sizes.node <= picture.width && y + sizes.nodeHeight <= picture.height);
    }
    assert.deepEqual(
      picture.headings.map(({ text }) => english(text)),
      ['The way in', 'The way out'],
    );
  });

  it('leads a long line past the boxes between its ends', () => {
    const picture = pictureOf([way('a b c d'), way('a d')]);
    const long = picture.edges.find(({ from, to }) => short(from) === 'a' && short(to) === 'd');
    assert.equal(long?.points.length, 6);
    assert.deepEqual(crossed(picture), []);
    assert.deepEqual(crossed(pictureOf(wide)), []);
  });

  it('of nothing is empty', () => {
    const { nodes, edges: lines, headings } = pictureOf([]);
    assert.deepEqual([nodes, lines, headings], [[], [], []]);
  });
});

describe('what the page knows of hops', () => {
  const picture = pictureOf([way('lb 80 tg'), way('lb 443?no tg')]);
  const known = pageHopsOf(picture, english, true);
  const of = (id: string) => known.find((each) => each.id === id);

  it('leads along the ways and beside them', () => {
    assert.deepEqual(of('lb')?.next.map(short), ['80', '443']);
    assert.deepEqual(of('tg')?.previous.map(short), ['80', '443']);
    assert.deepEqual([short(of('80')?.right ?? ''), of('80')?.left], ['443', undefined]);
  });

  it('says kind, state and reason in words', () => {
    const { kind, stateName, reason } = of('443') ?? {};
    assert.deepEqual([kind, stateName, reason], ['Security group', 'unknown', '443no']);
  });

  it('offers the console for what has a page there', () => {
    const real = pictureOf([{ ...way('x'), hops: [hop('securityGroup', 'sg-0123456789abcdef0', open(message('x')))] }]);
    assert.equal(pageHopsOf(real, english, true)[0]?.hasConsole, true);
    assert.equal(pageHopsOf(real, english, false)[0]?.hasConsole, false);
    assert.equal(of('lb')?.hasConsole, false);
  });

  it('finds the hop that somebody means: the blocked one of two', () => {
    const two = pictureOf([way('sg a'), way('sg!shut b')]);
    assert.equal(nodeOf(two, { kind: 'securityGroup', id: 'sg' })?.hop.state, 'blocked');
    assert.equal(nodeOf(two, { kind: 'listener', id: 'sg' }), undefined);
  });
});
