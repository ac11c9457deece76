import assert from 'node:assert/strict';
import { GantryError } from '../../../src/core/errors';
import { message } from '../../../src/core/message';
import { lastGood, pinImages, planRollback } from '../../../src/deploy/rollback';
import type { CodeDeployGateway } from '../../../src/ecs/codeDeploy';
import type { ServiceDeploymentBrief, ServiceRevision } from '../../../src/ecs/serviceDeployment';
import { gateway, service, startedAt } from '../kit/ecsShapes';

const never = new AbortController().signal;
/** Never asked about services of ECS's own. */
const codeDeploy = {} as CodeDeployGateway;
const digest = `sha256:${'a'.repeat(64)}`;

/** Deployments as `STATUS revision`, the newest first. */
function deployments(...texts: string[]): ServiceDeploymentBrief[] {
  return texts.map((text, index) => {
    const [status = '', revision] = text.split(' ');
    return { arn: `deployment-${index}`, status, createdAt: startedAt - index * 1000, revision };
  });
}

function revision(says: Partial<ServiceRevision> = {}): ServiceRevision {
  return { arn: 'r1', taskDefinition: 'web:1', images: [], settings: {}, ...says };
}

describe('what a rollback goes back to', () => {
  const cases: [string, ServiceDeploymentBrief[], string[], string | undefined][] = [
    ['the last that went well', deployments('FAILED r3', 'SUCCESSFUL r2', 'SUCCESSFUL r1'), ['r3'], 'r2'],
    ['not what runs', deployments('SUCCESSFUL r3', 'SUCCESSFUL r2'), ['r3'], 'r2'],
    ['not simply the one before', deployments('SUCCESSFUL r3', 'STOPPED r2', 'SUCCESSFUL r1'), ['r3'], 'r1'],
    [
      'not what ECS went back to',
      deployments('ROLLBACK_SUCCESSFUL r3', 'SUCCESSFUL r2', 'SUCCESSFUL r1'),
      ['r2'],
      'r1',
    ],
    ['not the same again', deployments('SUCCESSFUL r2', 'SUCCESSFUL r2', 'SUCCESSFUL r1'), ['r2'], 'r1'],
    ['the newest where ECS does not say what runs', deployments('SUCCESSFUL r2', 'SUCCESSFUL r1'), [], 'r1'],
    ['nothing when nothing else went well', deployments('SUCCESSFUL r1'), ['r1'], undefined],
    ['nothing for a new service', [], [], undefined],
  ];
  for (const [name, all, running, expected] of cases) {
    it(name, () => assert.equal(lastGood(all, running), expected));
  }
});

describe('planning a rollback', () => {
  it('stops a deployment that goes on', async () => {
    const ecs = gateway({
      listServiceDeployments: () => Promise.resolve(deployments('IN_PROGRESS r2', 'SUCCESSFUL r1')),
    });
    const plan = await planRollback({ ecs, codeDeploy }, 'demo', service(), never);
    assert.deepEqual([plan.kind, plan.kind === 'stop' && plan.deployment.arn], ['stop', 'deployment-0']);
  });

  it('names the settings that go back besides the task definition', async () => {
    const settings = (subnets: string[]): Record<string, unknown> => ({
      networkConfiguration: { awsvpcConfiguration: { subnets } },
      platformVersion: '1.4.0',
    });
    const ecs = gateway({
      listServiceDeployments: () => Promise.resolve(deployments('SUCCESSFUL r2', 'SUCCESSFUL r1')),
      describeServiceRevisions: () =>
        Promise.resolve([
          revision({ settings: settings(['subnet-old']) }),
          revision({ arn: 'r2', taskDefinition: 'web:2', settings: settings(['subnet-new']) }),
        ]),
    });
    const plan = await planRollback({ ecs, codeDeploy }, 'demo', service({ revisions: ['r2'] }), never);
    assert.equal(plan.kind, 'redeploy');
    assert.deepEqual(plan.kind === 'redeploy' && [plan.revision.arn, plan.changed], ['r1', ['networkConfiguration']]);
  });

  it('lets a person choose where the calls are denied', async () => {
    const denied = new GantryError('accessDenied', message('denied'));
    const ecs = gateway({ listServiceDeployments: () => Promise.reject(denied) });
    assert.equal((await planRollback({ ecs, codeDeploy }, 'demo', service(), never)).kind, 'choose');
  });
});

describe('the images of a rollback', () => {
  const described = (image: string): Parameters<typeof pinImages>[0] => ({
    taskDefinition: { family: 'web', revision: 1, containerDefinitions: [{ name: 'web', image, environment: [] }] },
    tags: [],
  });
  const ran = revision({ images: [{ container: 'web', image: 'host.example/web:latest', digest }] });

  it('are those that ran then, whatever their tags point to now', () => {
    assert.deepEqual(pinImages(described('host.example/web:latest'), ran), {
      family: 'web',
      containerDefinitions: [{ name: 'web', image: `host.example/web@${digest}`, environment: [] }],
    });
  });

  it('stay as they are where they are digests already, or nobody knows what ran', () => {
    const byDigest = `host.example/web@sha256:${'b'.repeat(64)}`;
    const imageOf = (input: ReturnType<typeof pinImages>): unknown =>
      (input['containerDefinitions'] as { image: string }[])[0]?.image;
    assert.equal(imageOf(pinImages(described(byDigest), ran)), byDigest);
    assert.equal(imageOf(pinImages(described('host.example/web:1'), revision())), 'host.example/web:1');
  });
});
