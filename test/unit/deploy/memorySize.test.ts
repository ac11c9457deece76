import assert from 'node:assert/strict';
import { raiseMemory } from '../../../src/deploy/memorySize';

const said = (definition: Record<string, unknown>): string[] =>
  raiseMemory(definition, 'web').changes.map(({ what, from, to }) => `${what} ${from} → ${to}`);
const fargate = { requiresCompatibilities: ['FARGATE'] };

describe('more memory', () => {
  it('is the next size of Fargate for a container without a limit of its own', () => {
    assert.deepEqual(said({ ...fargate, cpu: '256', memory: '512', containerDefinitions: [{ name: 'web' }] }), [
      'memory 512 MiB → 1024 MiB',
    ]);
  });

  it('takes more CPU with it where Fargate has no such pair', () => {
    assert.deepEqual(said({ ...fargate, cpu: '256', memory: '2048', containerDefinitions: [{ name: 'web' }] }), [
      'memory 2048 MiB → 4096 MiB',
      'cpu 256 → 512',
    ]);
  });

  it('is twice the container’s limit, and the task’s only where that does not fit', () => {
    const sidecar = { name: 'proxy', memory: 256 };
    assert.deepEqual(
      said({ ...fargate, cpu: '512', memory: '2048', containerDefinitions: [{ name: 'web', memory: 512 }, sidecar] }),
      ['web: memory 512 MiB → 1024 MiB'],
    );
    assert.deepEqual(
      said({ ...fargate, cpu: '512', memory: '1024', containerDefinitions: [{ name: 'web', memory: 512 }, sidecar] }),
      ['web: memory 512 MiB → 1024 MiB', 'memory 1024 MiB → 2048 MiB'],
    );
  });

  it('keeps everything else as it is', () => {
    const before = {
      family: 'web',
      containerDefinitions: [{ name: 'web', memory: 128, environment: [{ name: 'A', value: '' }] }],
    };
    const { taskDefinition } = raiseMemory(before, 'web');
    assert.deepEqual(taskDefinition, {
      family: 'web',
      containerDefinitions: [{ name: 'web', memory: 256, environment: [{ name: 'A', value: '' }] }],
    });
    assert.equal(before.containerDefinitions[0]?.memory, 128);
  });

  it('says when there is no larger size', () => {
    const largest = { ...fargate, cpu: '16384', memory: '122880', containerDefinitions: [{ name: 'web' }] };
    assert.throws(() => raiseMemory(largest, 'web'), { reason: 'targetInvalid' });
    assert.throws(() => raiseMemory({ containerDefinitions: [{ name: 'web' }] }, 'web'), { reason: 'targetInvalid' });
  });
});
