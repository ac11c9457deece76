import assert from 'node:assert/strict';
import { expressChange } from '../../../src/deploy/expressChange';
import type { ExpressService } from '../../../src/ecs/express';
import type { RawTaskDefinition } from '../../../src/ecs/gateway';

const variable = (name: string): object => ({ name, value: name.toLowerCase() });
const current: ExpressService = {
  primaryContainer: { image: 'web:1', containerPort: 8080, environment: [variable('A'), variable('B')], future: true },
  cpu: '1024',
  memory: '2048',
  executionRoleArn: 'role/execution',
  taskRoleArn: undefined,
  scaling: { minTaskCount: 1, maxTaskCount: 20 },
  endpoints: [],
};

/** What Express Mode registers for it, with members of a container that say otherwise. */
function definition(container: object = {}, task: object = {}): RawTaskDefinition {
  const main = { name: 'Main', image: 'web:1', environment: [variable('B'), variable('A')], secrets: [], ...container };
  return {
    ...{ family: 'hello', cpu: '1024', memory: '2048', executionRoleArn: 'role/execution' },
    containerDefinitions: [{ name: 'agent', image: 'agent:1' }, main],
    ...task,
  };
}

describe('what Express Mode is told', () => {
  const change = (raw: RawTaskDefinition): object => expressChange(raw, 'Main', current);

  it('is nothing when nothing changes, whatever the order of variables', () => {
    assert.deepEqual(change(definition()), {});
  });
  it('is the new image, with everything else that the container has', () => {
    const primaryContainer = { ...current.primaryContainer, image: 'web:2' };
    assert.deepEqual(change(definition({ image: 'web:2' })), { primaryContainer });
  });
  it('is an empty list where a rollback takes variables away', () => {
    const primaryContainer = { ...current.primaryContainer, environment: [] };
    assert.deepEqual(change(definition({ environment: [] })), { primaryContainer });
  });
  it('is a size alone', () => {
    assert.deepEqual(change(definition({}, { memory: '4096' })), { memory: '4096' });
  });
});
