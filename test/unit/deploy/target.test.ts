import assert from 'node:assert/strict';
import { isTag } from '../../../src/core/imageRef';
import { english } from '../../../src/core/message';
import { canPush, canShip, makeTag, parseTargets } from '../../../src/deploy/target';

const good = { name: 'web', dockerfile: 'Dockerfile', context: '.' };

describe('gantry.targets', () => {
  it('may be absent', () => {
    assert.deepEqual(parseTargets(undefined), { targets: [], problems: [] });
  });

  it('keeps the well-formed entries beside a malformed one, and says what is wrong with it', () => {
    const { targets, problems } = parseTargets([good, { ...good, name: 'b', account: '12' }, { ...good, name: 'c' }]);
    assert.deepEqual(
      targets.map(({ name }) => name),
      ['web', 'c'],
    );
    assert.equal(problems.length, 1);
    const sentence = english(problems[0]?.sentence ?? { text: '', args: [] });
    assert.match(sentence, /Entry 2 .*account.*twelve digits/);
  });

  it('may want its plan confirmed each time', () => {
    const { targets, problems } = parseTargets([
      { ...good, confirm: true },
      { ...good, name: 'b', confirm: 'yes' },
    ]);
    assert.deepEqual(
      targets.map(({ confirm }) => confirm),
      [true],
    );
    assert.match(english(problems[0]?.sentence ?? { text: '', args: [] }), /Entry 2 .*confirm/);
  });

  it('knows which Dockerfile a malformed entry was meant for, if it says so', () => {
    const { problems } = parseTargets([{ dockerfile: 'api/Dockerfile' }, 'web', { dockerfile: 3 }]);
    assert.deepEqual(
      problems.map(({ dockerfile }) => dockerfile),
      ['api/Dockerfile', undefined, undefined],
    );
  });

  const malformed: [string, unknown][] = [
    ['not a list', { web: good }],
    ['an entry that is no object', ['web']],
    ['no name', [{ dockerfile: 'Dockerfile', context: '.' }]],
    ['an unknown member, which is a typing error', [{ ...good, platfrom: 'linux/amd64' }]],
    ['a number for a name', [{ ...good, name: 3 }]],
    ['a Dockerfile outside the folder', [{ ...good, dockerfile: '../other/Dockerfile' }]],
    ['an absolute context', [{ ...good, context: '/etc' }]],
    ['a context on another drive', [{ ...good, context: 'C:\\secrets' }]],
    ['a platform that is none', [{ ...good, platform: 'x86' }]],
    ['the same name twice', [good, good]],
  ];
  for (const [what, setting] of malformed) {
    it(`refuses ${what}`, () => assert.equal(parseTargets(setting).problems.length, 1));
  }

  it('is enough to push with a repository, and to ship with a service and container too', () => {
    const push = { ...good, repository: 'demo/web' };
    assert.equal(canPush(good), false);
    assert.equal(canPush(push), true);
    assert.equal(canShip(push), false);
    assert.equal(canShip({ ...push, cluster: 'demo', service: 'web', container: 'web' }), true);
  });
});

describe('tag rule', () => {
  const facts = { commit: 'abc1234', branch: 'main', dirty: false, now: Date.UTC(2026, 10, 22, 9, 8, 7) };

  it('is the short commit', () => assert.equal(makeTag('{commit}', facts), 'abc1234'));
  it('marks a dirty tree with the time, so that two of them differ', () => {
    assert.equal(makeTag('{commit}', { ...facts, dirty: true }), 'abc1234-dirty-20261122T090807');
  });
  it('is the time where there is no commit', () => {
    assert.equal(makeTag('{commit}', { ...facts, commit: undefined }), '20261122T090807');
  });
  it('turns what no tag may have into dashes', () => {
    assert.equal(makeTag('{branch}-{commit}', { ...facts, branch: 'feature/new page' }), 'feature-new-page-abc1234');
  });
  for (const rule of ['', '---', '{unknown}', 'x'.repeat(300), '…', '.hidden']) {
    it(`makes a tag of “${rule.slice(0, 12)}”`, () => assert.ok(isTag(makeTag(rule, facts))));
  }
});
