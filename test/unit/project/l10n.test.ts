import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { extractMessages } from '../../kit/extractMessages';

const root = path.join(__dirname, '..', '..', '..');

describe('the strings that users see', () => {
  const bundle = JSON.parse(readFileSync(path.join(root, 'l10n', 'bundle.l10n.json'), 'utf8')) as Record<
    string,
    string
  >;
  const { texts, problems } = extractMessages(path.join(root, 'src'));

  it('are literals, so that a translation can find them', () => assert.deepEqual(problems, []));
  it('are all in l10n/bundle.l10n.json, and nothing else is (npm run l10n writes it)', () => {
    assert.deepEqual(Object.keys(bundle).sort(), [...texts].sort());
  });
});
