import assert from 'node:assert/strict';
import { groupImages, kindOf, readIndex, type IndexEntry } from '../../../src/ecr/imageTree';
import { digest, image, index } from './images';

const entry = (letter: string): IndexEntry => ({
  ...{ digest: digest(letter), platform: 'linux/amd64', attests: undefined, size: 1 },
});

describe('images, grouped by what they belong to', () => {
  it('has tagged images in their order, and untagged ones apart', () => {
    const images = [image('a', { tags: ['2'] }), image('b'), image('c', { tags: ['1'] })];
    const { roots, untagged } = groupImages(images, () => undefined);
    assert.deepEqual([roots, untagged], [[images[0], images[2]], [images[1]]]);
  });
  it('counts what an index holds as left over only until the index has been read', () => {
    const images = [index('a', { tags: ['2'] }), image('b'), image('c')];
    const of = (entries?: IndexEntry[]): number => groupImages(images, () => entries).untagged.length;
    assert.equal(of(undefined), 2);
    assert.equal(of([entry('b')]), 1);
  });
  it('keeps a tagged image that an index holds where a person looks for it', () => {
    const images = [index('a', { tags: ['2'] }), image('b', { tags: ['2-amd64'] })];
    assert.equal(groupImages(images, () => [entry('b')]).roots.length, 2);
  });
  it('puts signatures below what they sign, by subject or by Cosign’s tag', () => {
    const signed = image('a', { tags: ['1'] });
    const bySubject = image('b', { subject: signed.digest });
    const byTag = image('c', { tags: [`sha256-${'a'.repeat(64)}.sig`] });
    const { roots, untagged, referrers } = groupImages([signed, bySubject, byTag], () => undefined);
    assert.deepEqual([roots, untagged], [[signed], []]);
    assert.deepEqual(referrers.get(signed.digest), [bySubject, byTag]);
  });
  it('loses nothing whose subject is gone', () => {
    const orphan = image('b', { subject: digest('9') });
    assert.deepEqual(groupImages([orphan], () => undefined).untagged, [orphan]);
  });
});

describe('what kind of thing a manifest is', () => {
  const artifact = (artifactType: string): string => kindOf(image('a', { artifactType }));
  it('knows images, by the configuration of either format', () => {
    assert.equal(kindOf(image('a')), 'image');
    assert.equal(artifact('application/vnd.docker.container.image.v1+json'), 'image');
    assert.equal(artifact('application/vnd.oci.image.config.v1+json'), 'image');
    assert.equal(kindOf(index('a')), 'index');
  });
  it('names the others for what they are', () => {
    assert.equal(artifact('application/vnd.cncf.notary.signature'), 'signature');
    assert.equal(artifact('application/vnd.in-toto+json'), 'attestation');
    assert.equal(artifact('application/spdx+json'), 'sbom');
    assert.equal(artifact('application/vnd.cncf.helm.config.v1+json'), 'chart');
    assert.equal(artifact('application/vnd.wasm.config.v0+json'), 'artifact');
    assert.equal(kindOf(image('a', { tags: [`sha256-${'a'.repeat(64)}.att`] })), 'attestation');
  });
});

describe('the manifest of an index', () => {
  it('names platforms, and attestations by their annotation or by their platform', () => {
    const manifests = [
      { digest: 'd1', size: 5, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      {
        ...{ digest: 'd2', platform: { os: 'unknown', architecture: 'unknown' } },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': 'd1' },
      },
      { digest: 'd3', platform: { os: 'unknown', architecture: 'unknown' } },
      { digest: 'd4' },
    ];
    assert.deepEqual(
      readIndex(JSON.stringify({ manifests })).map(({ platform, attests }) => [platform, attests]),
      [
        ['linux/arm64/v8', undefined],
        [undefined, 'd1'],
        [undefined, ''],
        [undefined, undefined],
      ],
    );
  });
  it('of something else holds nothing', () => {
    assert.deepEqual([readIndex('{}'), readIndex('<html>')], [[], []]);
  });
});
