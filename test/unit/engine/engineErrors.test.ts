import assert from 'node:assert/strict';
import { english } from '../../../src/core/message';
import { buildRules } from '../../../src/engine/catalogue/build';
import { daemonRules } from '../../../src/engine/catalogue/daemon';
import { pushRules } from '../../../src/engine/catalogue/push';
import { buildError } from '../../../src/engine/engineErrors';

describe('the catalogue of engines, builds and pushes', () => {
  for (const rules of [daemonRules, buildRules, pushRules]) {
    for (const { id, examples } of rules) {
      for (const text of examples) {
        it(`${id}: ${text.slice(0, 80)}`, () => {
          assert.equal(rules.find(({ pattern }) => pattern.test(text))?.id, id);
        });
      }
    }
  }

  it('keeps the build’s own words and adds what helps', () => {
    const error = buildError(
      '#5 ERROR\nERROR: failed to solve: target stage "prod" could not be found\n',
      'Dockerfile',
    );
    assert.equal(error.message, 'Dockerfile did not build: target stage "prod" could not be found');
    assert.match(error.advice ? english(error.advice) : '', /Name a stage/);
    assert.equal(buildError('ERROR: something new', 'Dockerfile').advice, undefined);
  });
});
