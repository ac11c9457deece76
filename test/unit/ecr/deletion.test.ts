import assert from 'node:assert/strict';
import { planDeletion, type DeletionPlan } from '../../../src/ecr/deletion';
import { groupImages, type IndexEntry } from '../../../src/ecr/imageTree';
import type { Image } from '../../../src/ecr/model';
import { digest, image, index } from './images';

const entries = (...letters: string[]): IndexEntry[] =>
  letters.map((letter) => ({ digest: digest(letter), platform: 'linux/amd64', attests: undefined, size: 1 }));

function plan(chosen: Image[], all: Image[], held: Record<string, IndexEntry[]> = {}): DeletionPlan {
  const entriesOf = (of: string): IndexEntry[] | undefined =>
    Object.entries(held).find(([letter]) => digest(letter) === of)?.[1];
  return planDeletion(chosen, all, groupImages(all, entriesOf), entriesOf);
}
const letters = ({ rounds }: DeletionPlan): string[] => rounds.map((ids) => ids.map((id) => id.digest?.[7]).join(''));

describe('the plan of a deletion', () => {
  it('takes an image by its digest, with all its tags', () => {
    const one = image('a', { tags: ['1', 'latest'] });
    assert.deepEqual(plan([one], [one, image('b')]).rounds, [[{ digest: one.digest }]]);
  });
  it('takes an index first, then the images that only it holds', () => {
    const all = [index('a', { tags: ['2'] }), image('b'), image('c'), image('d', { tags: ['x'] })];
    const made = plan(all.slice(0, 1), all, { a: entries('b', 'c', 'd') });
    assert.deepEqual(letters(made), ['a', 'bc']);
    assert.equal(made.dependents.length, 2);
  });
  it('leaves what another index holds as well', () => {
    const all = [index('a', { tags: ['2'] }), index('e', { tags: ['1'] }), image('b'), image('c')];
    assert.deepEqual(letters(plan(all.slice(0, 1), all, { a: entries('b', 'c'), e: entries('b') })), ['a', 'c']);
  });
  it('says what stays because an index holds it, instead of being refused for it', () => {
    const all = [index('a', { tags: ['2'] }), image('b'), image('c')];
    const made = plan(all.slice(1), all, { a: entries('b') });
    assert.deepEqual([letters(made), made.held], [['c'], [all[1]]]);
  });
  it('takes signatures with what they sign', () => {
    const signed = image('a', { tags: ['1'] });
    const all = [signed, image('b', { subject: signed.digest })];
    assert.deepEqual(letters(plan([signed], all)), ['ab']);
  });
  it('counts nothing twice that was chosen together with its index', () => {
    const all = [index('a', { tags: ['2'] }), image('b')];
    const made = plan(all, all, { a: entries('b') });
    assert.deepEqual([letters(made), made.dependents], [['a', 'b'], []]);
  });
});
