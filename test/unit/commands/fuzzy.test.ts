import assert from 'node:assert/strict';
import { Finder } from '../../../src/commands/fuzzy';

const finder = new Finder<{ label: string; description: string }>();
finder.set([
  { label: 'storefront', description: 'production' },
  { label: 'storefront', description: 'staging' },
  { label: 'store-admin', description: 'production' },
  { label: 'api', description: 'production' },
]);
const find = (text: string): string[] => finder.find(text).map(({ label, description }) => `${label} ${description}`);

describe('finding by a part of a name', () => {
  it('finds letters in order, wherever they stand', () => {
    assert.deepEqual(find('stadm'), ['store-admin production']);
  });
  it('finds by name and place together', () => {
    assert.deepEqual(find('front stag'), ['storefront staging']);
  });
  it('shows the first ones while nothing is typed', () => {
    assert.equal(find('').length, 4);
    assert.equal(find('  ').length, 4);
  });
  it('finds nothing where nothing fits', () => assert.deepEqual(find('zzz'), []));
  it('is not confused by signs', () => assert.deepEqual(find('(*[\\'), []));
});
