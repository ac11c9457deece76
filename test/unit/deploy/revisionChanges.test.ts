import assert from 'node:assert/strict';
import { english } from '../../../src/core/message';
import { describePlan, type Plan, type RedeployPlan } from '../../../src/deploy/plan';
import { revisionChanges } from '../../../src/deploy/revisionChanges';
import { service } from '../kit/ecsShapes';

const image = { host: 'registry.example', repository: 'team/web', tag: 'abc', digest: undefined };
const redeploy: RedeployPlan = {
  ...{ cluster: 'demo', service: service({ desired: 2 }), container: 'web' },
  from: {
    taskDefinition: {
      taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:7',
      ...{ family: 'web', revision: 7, status: 'ACTIVE', registeredBy: 'somebody' },
      containerDefinitions: [
        { name: 'proxy', image: 'envoy:1', environment: [{ name: 'EMPTY', value: '' }] },
        { name: 'web', image: 'registry.example/team/web:old' },
      ],
    },
    tags: [{ key: 'team', value: 'shop' }],
  },
};
const plan: Plan = {
  target: { name: 'web', dockerfile: 'Dockerfile', context: '.' },
  identity: { account: '123456789012', region: 'us-east-1', partition: 'aws', caller: '' },
  repository: {} as Plan['repository'],
  ...{ image, platform: 'linux/amd64', taken: undefined, redeploy },
};

describe('the plan', () => {
  it('says exactly what the next revision has differently', () => {
    assert.deepEqual(revisionChanges(plan, redeploy), [
      {
        path: 'containerDefinitions[1].image',
        before: 'registry.example/team/web:old',
        after: 'registry.example/team/web:abc',
      },
    ]);
  });

  it('says nothing where the very image runs already', () => {
    const same = { ...plan, image: { ...image, tag: 'old' } };
    assert.deepEqual(revisionChanges(same, redeploy), []);
  });

  it('says how a file of the workspace differs from what runs, and what it lacks', () => {
    const input = {
      family: 'web',
      cpu: '256',
      containerDefinitions: [
        { name: 'proxy', image: 'envoy:1' },
        { name: 'web', image: 'anything', newerThanGantry: { a: '' } },
      ],
    };
    const fromFile = { ...redeploy, source: { path: 'task-definition.json', input } };
    assert.deepEqual(revisionChanges(plan, fromFile), [
      { path: 'cpu', before: undefined, after: '256' },
      { path: 'containerDefinitions[0].environment', before: '[{"name":"EMPTY","value":""}]', after: undefined },
      {
        path: 'containerDefinitions[1].image',
        before: 'registry.example/team/web:old',
        after: 'registry.example/team/web:abc',
      },
      { path: 'containerDefinitions[1].newerThanGantry', before: undefined, after: '{"a":""}' },
      { path: 'tags', before: '[{"key":"team","value":"shop"}]', after: '[]' },
    ]);
    const line = describePlan({ ...plan, redeploy: fromFile }).find(({ label }) => label.text === 'Task definition');
    assert.match(english(line?.value as Parameters<typeof english>[0]), /made from task-definition\.json/);
  });

  it('names every effect', () => {
    const lines = describePlan(plan).map(
      ({ label, value }) => `${english(label)}: ${typeof value === 'string' ? value : english(value)}`,
    );
    assert.deepEqual(lines, [
      'Dockerfile: Dockerfile',
      'Image: registry.example/team/web:abc',
      'Digest: known after the push',
      'Platform: linux/amd64',
      'Service: demo / web',
      'Container: web: web:old → web:abc',
      'Task definition: web:7 → a new revision, in which only the image of “web” changes',
      'Tasks: Starts 2 new tasks, then stops the 2 old ones.',
      'Account: 123456789012 · us-east-1',
    ]);
  });
});
