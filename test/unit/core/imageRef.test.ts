import assert from 'node:assert/strict';
import {
  formatImageReference,
  parseImageReference,
  repositoryNameProblem,
  sameRepository,
  shortImage,
} from '../../../src/core/imageRef';

const digest = `sha256:${'a'.repeat(64)}`;

describe('image reference', () => {
  const cases: [string, ReturnType<typeof parseImageReference>][] = [
    ['nginx', { host: undefined, repository: 'nginx', tag: undefined, digest: undefined }],
    ['library/nginx:1.27', { host: undefined, repository: 'library/nginx', tag: '1.27', digest: undefined }],
    ['127.0.0.1:5000/demo/web:v1', { host: '127.0.0.1:5000', repository: 'demo/web', tag: 'v1', digest: undefined }],
    ['localhost/web', { host: 'localhost', repository: 'web', tag: undefined, digest: undefined }],
    ['[::1]:5000/web', { host: '[::1]:5000', repository: 'web', tag: undefined, digest: undefined }],
    [
      `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web:1@${digest}`,
      { host: '123456789012.dkr.ecr.us-east-1.amazonaws.com', repository: 'team/web', tag: '1', digest },
    ],
  ];
  for (const [text, expected] of cases) {
    it(`reads and writes ${text}`, () => {
      const reference = parseImageReference(text);
      assert.deepEqual(reference, expected);
      assert.equal(reference && formatImageReference(reference), text);
    });
  }

  for (const text of [
    '',
    'Web',
    'web:',
    'web@sha256:12',
    'host:port/web',
    'a//b',
    '/web',
    'web:tag with space',
    '-web',
  ]) {
    it(`refuses “${text}”`, () => assert.equal(parseImageReference(text), undefined));
  }

  it('a port is never taken for a tag, nor a tag for a port', () => {
    assert.equal(parseImageReference('127.0.0.1:5000/web')?.tag, undefined);
    assert.equal(parseImageReference('web:5000')?.tag, '5000');
  });

  it('compares repositories whatever their tags and digests', () => {
    const a = parseImageReference('h.example/web:1');
    const b = parseImageReference(`h.example/web@${digest}`);
    const c = parseImageReference('h.example/web-2:1');
    assert.ok(a && b && c);
    assert.equal(sameRepository(a, b), true);
    assert.equal(sameRepository(a, c), false);
  });

  it('shortens for a row', () => {
    assert.equal(shortImage('h.example/team/web:1'), 'web:1');
    assert.equal(shortImage(`h.example/team/web@${digest}`), 'web@aaaaaaaaaaaa');
    assert.equal(shortImage('not an image'), 'not an image');
  });
});

describe('repository name', () => {
  for (const name of ['ab', 'a.b', 'a--b', 'a__b', 'team/web', 'a1/b2/c3']) {
    it(`ECR takes ${name}`, () => assert.equal(repositoryNameProblem(name), undefined));
  }
  for (const name of ['abc_', 'abc//a', 'aBc', 'a___b', '/ab', 'ab/']) {
    it(`ECR refuses ${name}`, () => assert.equal(repositoryNameProblem(name), 'characters'));
  }
  it('has 2 to 256 characters', () => {
    assert.equal(repositoryNameProblem('a'), 'length');
    assert.equal(repositoryNameProblem('a'.repeat(257)), 'length');
    assert.equal(repositoryNameProblem('a'.repeat(256)), undefined);
  });
});
