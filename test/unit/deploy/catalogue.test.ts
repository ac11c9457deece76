import assert from 'node:assert/strict';
import { catalogue, matchText, normalise } from '../../../src/deploy/catalogue/order';

const entries = catalogue.map(({ entry }) => entry);

describe('the catalogue of failures', () => {
  for (const { id, where, examples } of entries) {
    for (const text of examples) {
      it(`${id}: ${normalise(text).slice(0, 90)}`, () => {
        const kinds = where.filter((kind) => matchText({ kind, text }));
        // An example stands in one of the places where its entry looks; wherever it is found, it is this entry.
        assert.ok(kinds.length > 0, `not found in ${where.join(', ')}`);
        for (const kind of kinds) assert.equal(matchText({ kind, text })?.ranked.entry.id, id, kind);
      });
    }
  }

  it('leaves alone what only looks alike', () => {
    for (const { id, where, counterExamples = [] } of entries) {
      for (const text of counterExamples) {
        for (const kind of where) assert.notEqual(matchText({ kind, text })?.ranked.entry.id, id, text);
      }
    }
  });

  it('has an id of its own and an example for every entry', () => {
    assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length);
    assert.deepEqual(
      entries.filter(({ examples }) => examples.length === 0).map(({ id }) => id),
      [],
    );
    assert.ok(entries.length > 120, String(entries.length));
  });

  it('has patterns in small letters and without flags: they are compiled to disregard case', () => {
    for (const { id, pattern } of entries) {
      assert.equal(pattern.flags, '', id);
      assert.doesNotMatch(pattern.source.replaceAll(/\\[A-Z]/g, ''), /[A-Z]/, id);
    }
  });

  it('finds a text in capitals, wrapped and with curly quotes', () => {
    for (const { id, where, examples } of entries) {
      const text = (examples[0] ?? '').toUpperCase().replaceAll(' ', '\n  ').replaceAll("'", '’');
      const found = where.flatMap((kind) => matchText({ kind, text })?.ranked.entry.id ?? []);
      assert.ok(found.includes(id), `${id}: ${found.join(', ')}`);
    }
  });

  it('does not take long over a hostile text', () => {
    for (const { ranked } of catalogue.map((each) => ({ ranked: each }))) {
      const words = (ranked.entry.examples[0] ?? '').slice(0, 24);
      const texts = [words.repeat(5_000), ' '.repeat(100_000), `${words}${'a '.repeat(50_000)}`, '('.repeat(50_000)];
      const begin = process.hrtime.bigint();
      for (const text of texts) ranked.pattern.test(normalise(text));
      const took = Number(process.hrtime.bigint() - begin) / 1e6;
      assert.ok(took < 250, `${ranked.entry.id}: ${took} ms`);
    }
  });
});
