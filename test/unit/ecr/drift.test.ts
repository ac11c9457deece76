import assert from 'node:assert/strict';
import { movedTags } from '../../../src/ecr/drift';
import { container, task } from '../kit/ecsShapes';

const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const [old, current] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];

async function moved(image: string, digest: string | undefined, tags: Record<string, string> = {}): Promise<string[]> {
  const asked: string[] = [];
  const tasks = [1, 2].map(() => task({ containers: [container({ image, imageDigest: digest })] }));
  const found = await movedTags(
    tasks,
    (each) => each === host,
    (repository, tag) => {
      asked.push(`${repository}:${tag}`);
      return Promise.resolve(tags[`${repository}:${tag}`]);
    },
  );
  assert.ok(asked.length <= 1, 'two tasks of one image are one question');
  return [...found];
}

describe('a tag that points elsewhere by now', () => {
  const image = `${host}/team/web:v1`;
  it('is found', async () => assert.deepEqual(await moved(image, old, { 'team/web:v1': current }), [image]));
  it('is not one that stayed', async () => assert.deepEqual(await moved(image, old, { 'team/web:v1': old }), []));
  it('is not one that was deleted', async () => assert.deepEqual(await moved(image, old), []));
  it('cannot be told while the digest is not known', async () =>
    assert.deepEqual(await moved(image, undefined, { 'team/web:v1': current }), []));
  it('does not matter when the digest is part of the image', async () =>
    assert.deepEqual(await moved(`${image}@${old}`, old, { 'team/web:v1': current }), []));
  it('is not looked for in other registries', async () => assert.deepEqual(await moved('nginx:1', old), []));
});
