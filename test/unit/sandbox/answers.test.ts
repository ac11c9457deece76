import assert from 'node:assert/strict';
import type { ApiModel } from '../../../src/sandbox/model/apiModel';
import { checkAnswer } from '../../../src/sandbox/model/checkAnswer';

describe('the check of answers', () => {
  const list = { t: 'list', e: 'Name', min: 1, max: 2 } as const;
  const shapes = { Out: { t: 'structure', m: { imageIds: 'Names' } }, Names: list, Name: { t: 'string' } } as const;
  const op = { in: null, out: 'Out', errors: [] };
  const own = { target: 'x', protocol: 'json', ops: { ListImages: op, Other: op }, shapes } as const;
  const model: ApiModel = { services: { ecr: own }, targets: {} };
  const problems = (operation: string, imageIds: readonly string[]): number =>
    checkAnswer(model, 'ecr', operation, { imageIds }).length;

  it('finds lists that are too long, except where AWS’s own are', () => {
    assert.equal(problems('Other', ['a', 'b', 'c']), 1);
    assert.equal(problems('Other', ['a', 'b']), 0);
    assert.equal(problems('Other', []), 0, 'AWS answers empty lists everywhere');
    assert.equal(problems('ListImages', ['a', 'b', 'c']), 0);
  });
});
