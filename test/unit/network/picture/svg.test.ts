import assert from 'node:assert/strict';
import { english, message } from '../../../../src/core/message';
import { blocked, hop, open, unknown } from '../../../../src/network/hop';
import { pictureOf } from '../../../../src/network/picture/layout';
import { parseFromPage } from '../../../../src/network/picture/pageMessages';
import { networkReport } from '../../../../src/network/picture/report';
import { svgOf, type Palette } from '../../../../src/network/picture/svg';
import type { Way } from '../../../../src/network/ways';

const evil =
  "</text><script>alert(1)</script>\" onload='x' & [a](http://evil) | ![i](x) `c` <img src=x>\n# not a heading\u0000";
const ways: Way[] = [
  {
    ...{ direction: 'in', title: evil },
    hops: [
      hop('client', 'internet', open(message('Anybody on the internet'))),
      hop('securityGroup', evil, blocked(message('{0} lets in 443', evil))),
      { ...hop('route', 'rtb-1', unknown(message('Not known'))), permission: 'ec2:DescribeRouteTables' },
    ],
  },
];
const palette: Palette = {
  ...{ background: '#ffffff', foreground: '#111111', muted: '#666666', box: '#f8f8f8' },
  ...{ open: '#008000', blocked: '#c00000', unknown: '#806000' },
};
const draw = (alone: boolean): string =>
  svgOf(pictureOf(ways), { title: evil, say: english, ...(alone ? { palette } : {}) });

/** The tags and attributes of a document that is well formed; throws where it is not. */
function namesIn(xml: string): Set<string> {
  const found = new Set<string>();
  const open: string[] = [];
  const tag = /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<\n]*")*) ?(\/?)>/g;
  const rest = xml.replace(tag, (_, end: string, name: string, attributes: string, empty: string) => {
    if (end) assert.equal(open.pop(), name);
    else if (!empty) open.push(name);
    found.add(name);
    for (const [, attribute = ''] of attributes.matchAll(/ ([a-zA-Z:-]+)="/g)) found.add(attribute);
    return '';
  });
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!amp;|lt;|gt;|quot;|#39;)/);
  return found;
}

describe('the picture as SVG', () => {
  for (const alone of [false, true]) {
    it(`is well formed, whatever text comes from the cloud (${alone ? 'file' : 'page'})`, () => {
      const names = namesIn(draw(alone));
      for (const bad of ['script', 'img', 'foreignObject', 'a', 'image', 'use', 'href', 'src'])
        assert.ok(!names.has(bad));
      assert.deepEqual(
        [...names].filter((name) => name.startsWith('on')),
        [],
      );
      assert.doesNotMatch(draw(alone), /\u0000/);
    });
  }

  it('says each hop to a screen reader, and can be reached by keyboard', () => {
    const spoken = Array.from(
      draw(false).matchAll(/role="button" tabindex="0"[^>]* aria-label="([^"]*)"/g),
      ([, text]) => text,
    );
    assert.equal(spoken.length, 3);
    assert.equal(spoken[0], 'Client internet, open: Anybody on the internet');
    assert.match(spoken[1] ?? '', /^Security group .*, blocked: .* lets in 443$/);
  });

  it('tells states apart by shape as well as by colour', () => {
    const signs = Array.from(draw(false).matchAll(/<g class="hop (\w+)"[^]*?(<g class="sign".*?<\/g>)/g));
    assert.deepEqual(
      signs.map(([, state]) => state),
      ['open', 'blocked', 'unknown'],
    );
    assert.equal(new Set(signs.map(([, , sign]) => sign)).size, 3);
  });

  it('leaves colours to the page, and brings its own as a file', () => {
    assert.doesNotMatch(draw(false), /#[0-9a-f]{6}|<style|style=/);
    for (const colour of Object.values(palette)) assert.ok(draw(true).includes(colour), colour);
    assert.doesNotMatch(draw(true), /var\(|tabindex|data-key/);
    assert.match(draw(true), /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  });

  it('shortens a long id in the middle and keeps it whole for those who ask', () => {
    const id = 'internal-web-0123456789.us-east-1.elb.amazonaws.com';
    const svg = svgOf(pictureOf([{ direction: 'in', title: '', hops: [hop('dnsName', id, open(message('x')))] }]), {
      ...{ title: 't', say: english },
    });
    const text = /<text class="id"[^>]*>([^<]*)</.exec(svg)?.[1] ?? '';
    assert.ok(text.length <= 21 && text.startsWith('internal-web') && text.endsWith('ws.com'), text);
    assert.ok(svg.includes(`<title>DNS name ${id}, open: x</title>`));
  });

  it('counts ids that do not fit', () => {
    const hops = [hop('subnet', 'subnet-1, subnet-2, subnet-3', open(message('x')))];
    assert.match(
      svgOf(pictureOf([{ direction: 'in', title: '', hops }]), { title: 't', say: english }),
      />subnet-1 \+2</,
    );
  });
});

describe('the network as a Markdown report', () => {
  const text = networkReport({ title: `Network of ${evil}`, ways, tasksLeftOut: 3, say: english });

  it('has a table for each way, with the permission that is missing', () => {
    assert.match(text, /^## The way in$/m);
    assert.match(text, /^\| ✔ \| Client \| internet \| Anybody on the internet \|$/m);
    assert.match(text, /^\| \? \| Route table \| rtb-1 \| Not known \(ec2:DescribeRouteTables\) \|$/m);
    assert.match(text, /^3 more tasks are not shown\.$/m);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).length, 6, row);
  });

  it('reads text of the cloud as text', () => {
    assert.doesNotMatch(text, /<[a-z/]/i);
    assert.doesNotMatch(text, /(?<!\\)[`[\]]|http:/);
    assert.equal(text.split('\n').filter((line) => line.startsWith('#')).length, 3);
  });

  it('of nothing says so', () => {
    assert.match(networkReport({ title: 't', ways: [], tasksLeftOut: 0, say: english }), /nothing listens/);
  });
});

describe('messages of the page', () => {
  const good = [
    { type: 'ready' },
    { type: 'copy', key: 'in/securityGroup/sg-1' },
    { type: 'png', id: 1, data: 'iVBORw0KGgo=' },
    { type: 'palette', id: 2, palette: { ...palette, muted: 'rgba(255, 255, 255, 0.7)' } },
  ];
  for (const each of good) it(`${each.type} is taken`, () => assert.deepEqual(parseFromPage(each), each));

  const bad: [string, unknown][] = [
    ['no object', 'ready'],
    ['another type', { type: 'run', command: 'rm' }],
    ['more than there should be', { type: 'ready', extra: 1 }],
    ['a key that is none', { type: 'copy', key: 7 }],
    ['data that is no base64', { type: 'png', id: 1, data: '<svg>' }],
    ['a colour that is code', { type: 'palette', id: 1, palette: { ...palette, open: 'red}</style><script>' } }],
    ['a colour that is missing', { type: 'palette', id: 1, palette: { open: '#000000' } }],
  ];
  for (const [name, value] of bad) it(`${name} is not`, () => assert.equal(parseFromPage(value), undefined));
});
