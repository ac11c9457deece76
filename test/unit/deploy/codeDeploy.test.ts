import assert from 'node:assert/strict';
import { nextAppSpec, taskDefinitionOf } from '../../../src/deploy/appSpec';
import { judgeCodeDeploy, type CodeDeployObservation } from '../../../src/deploy/codeDeployVerdict';
import { startCodeDeploy } from '../../../src/deploy/codeDeployStart';
import { findGroup } from '../../../src/deploy/codeDeployGroup';
import type { CodeDeployGateway, CodeDeployment, DeploymentGroup } from '../../../src/ecs/codeDeploy';
import { requireDeployable } from '../../../src/ecs/findService';
import { deployment as taskSet, service, startedAt } from '../kit/ecsShapes';

const never = new AbortController().signal;

function deployment(says: Partial<CodeDeployment> = {}): CodeDeployment {
  return {
    ...{ id: 'd-1', application: 'shop', group: 'web', status: 'InProgress', createdAt: startedAt },
    ...{ error: undefined, rollback: undefined, waitsToTerminate: false, appSpec: undefined },
    ...says,
  };
}

describe('the verdict of a deployment of CodeDeploy', () => {
  const web = service({ controller: 'CODE_DEPLOY', desired: 1 });
  const newer = taskSet({ externalId: 'd-2', createdAt: startedAt + 1_000 });
  const ended = { endedFor: 60_000 };
  const cases: [string, Partial<CodeDeployObservation>, string | undefined][] = [
    ...['Created', 'Queued', 'InProgress', 'Baking', 'Ready'].map(
      (status): [string, Partial<CodeDeployObservation>, undefined] => [
        `none while it is ${status}`,
        { deployment: deployment({ status }) },
        undefined,
      ],
    ),
    ['healthy', { deployment: deployment({ status: 'Succeeded' }) }, 'healthy'],
    [
      'not exercised',
      { deployment: deployment({ status: 'Succeeded' }), service: service({ desired: 0 }) },
      'notExercised',
    ],
    ['none until a rollback can be named', { deployment: deployment({ status: 'Failed' }) }, undefined],
    ['failed without one', { deployment: deployment({ status: 'Failed' }), ...ended }, 'failed'],
    [
      'none while it is taken back',
      {
        ...{ deployment: deployment({ status: 'Failed', rollback: 'd-9' }), ...ended },
        rollback: deployment({ id: 'd-9' }),
      },
      undefined,
    ],
    [
      'rolled back',
      {
        deployment: deployment({ status: 'Stopped', rollback: 'd-9' }),
        rollback: deployment({ id: 'd-9', status: 'Succeeded' }),
      },
      'rolledBack',
    ],
    [
      'failed when the way back fails too',
      {
        deployment: deployment({ status: 'Failed', rollback: 'd-9' }),
        rollback: deployment({ id: 'd-9', status: 'Failed' }),
      },
      'failed',
    ],
    [
      'superseded by one that followed a stop',
      { deployment: deployment({ status: 'Stopped' }), service: service({ deployments: [newer] }), ...ended },
      'superseded',
    ],
    ['failed without the service', { service: undefined }, 'failed'],
  ];
  for (const [name, says, kind] of cases) {
    it(name, () => {
      const observation = { deployment: deployment(), rollback: undefined, service: web, endedFor: 0, ...says };
      assert.equal(judgeCodeDeploy(observation)?.kind, kind);
    });
  }
});

describe('the next AppSpec', () => {
  const behind = { name: 'web', targetGroups: [{ arn: 'tg', container: 'web', containerPort: 80 }] };
  const resource = (properties: object): object => ({
    TargetService: { Type: 'AWS::ECS::Service', Properties: properties },
  });

  it('names the task definition and what is behind the load balancer', () => {
    const LoadBalancerInfo = { ContainerName: 'web', ContainerPort: 80 };
    assert.deepEqual(JSON.parse(nextAppSpec(behind, 'web:2', undefined)), {
      version: 0,
      Resources: [resource({ LoadBalancerInfo, TaskDefinition: 'web:2' })],
    });
  });
  it('keeps the hooks and settings of the last one', () => {
    const Hooks = [{ AfterInstall: 'check' }];
    const last = { version: 0, Resources: [resource({ PlatformVersion: '1.4.0', TaskDefinition: 'web:1' })], Hooks };
    const next = nextAppSpec(behind, 'web:2', JSON.stringify(last));
    assert.deepEqual((JSON.parse(next) as { Hooks: unknown }).Hooks, Hooks);
    assert.match(next, /"PlatformVersion":"1.4.0"/);
    assert.equal(taskDefinitionOf(next), 'web:2');
  });
  it('keeps the hooks and settings of one in YAML', () => {
    const last = `# deployed by hand
version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "arn:aws:ecs:a:1:task-definition/web:1"
        LoadBalancerInfo: { ContainerName: proxy, ContainerPort: 8080 }
        PlatformVersion: '1.4.0'
Hooks:
  - BeforeAllowTraffic: checkIt
`;
    assert.equal(taskDefinitionOf(last), 'arn:aws:ecs:a:1:task-definition/web:1');
    assert.deepEqual(JSON.parse(nextAppSpec(behind, 'web:2', last)), {
      version: 0,
      Resources: [
        resource({
          LoadBalancerInfo: { ContainerName: 'proxy', ContainerPort: 8080 },
          ...{ TaskDefinition: 'web:2', PlatformVersion: '1.4.0' },
        }),
      ],
      Hooks: [{ BeforeAllowTraffic: 'checkIt' }],
    });
  });
  it('is refused rather than made without the hooks of one that cannot be read, or without a load balancer', () => {
    for (const broken of ['Hooks: [', 'no AppSpec', 'Resources: none\nHooks: []']) {
      assert.throws(() => nextAppSpec(behind, 'web:2', broken), /cannot be read/, broken);
      assert.equal(taskDefinitionOf(broken), undefined);
    }
    assert.throws(() => nextAppSpec({ ...behind, targetGroups: [] }, 'web:2', undefined), /has no load balancer/);
  });
  it('is refused where the last one is a file in S3', async () => {
    const inS3 = { application: 'shop', name: 'web', appSpec: undefined, appSpecInS3: true };
    const group = { ...inS3, services: [{ cluster: 'demo', service: 'web' }] };
    const codeDeploy: Partial<CodeDeployGateway> = {
      listApplications: () => Promise.resolve({ items: ['shop'], nextToken: undefined }),
      listGroups: () => Promise.resolve({ items: ['web'], nextToken: undefined }),
      describeGroups: () => Promise.resolve([group]),
    };
    const start = startCodeDeploy(
      codeDeploy as CodeDeployGateway,
      { cluster: 'demo', service: service() },
      'web:2',
      never,
    );
    await assert.rejects(start, /is a file in S3/);
  });
});

describe('the deployment group of a service', () => {
  const group = (name: string, services: DeploymentGroup['services']): DeploymentGroup => ({
    ...{ application: 'shop', name, services, appSpec: undefined },
  });
  const other = group('other', [{ cluster: 'demo', service: 'api' }]);
  const ours = group('ours', [{ cluster: 'demo', service: 'web' }]);

  function asking(groups: readonly DeploymentGroup[], asked: string[]): CodeDeployGateway {
    const gateway: Partial<CodeDeployGateway> = {
      listApplications: () => Promise.resolve({ items: ['shop'], nextToken: undefined }),
      listGroups: () => Promise.resolve({ items: groups.map(({ name }) => name), nextToken: undefined }),
      describeGroups: (_, names) => {
        asked.push(...names);
        return Promise.resolve(groups.filter(({ name }) => names.includes(name)));
      },
      describeDeployment: () => Promise.resolve(deployment({ group: 'ours' })),
    };
    return gateway as CodeDeployGateway;
  }

  it('is the one of the deployment that made its tasks', async () => {
    const asked: string[] = [];
    const web = service({ deployments: [taskSet({ externalId: 'd-1' })] });
    assert.equal((await findGroup(asking([other, ours], asked), web, never)).name, 'ours');
    assert.deepEqual(asked, ['ours']);
  });
  it('is the one that names it', async () => {
    assert.equal((await findGroup(asking([other, ours], []), service(), never)).name, 'ours');
  });
  it('is missing', async () => {
    await assert.rejects(findGroup(asking([other], []), service(), never), /create an application for ECS/);
  });
});

describe('what Gantry deploys to', () => {
  it('is not what an external controller deploys', () => {
    requireDeployable(service({ controller: 'CODE_DEPLOY' }));
    assert.throws(() => requireDeployable(service({ controller: 'EXTERNAL' })), { reason: 'serviceNotOurs' });
  });
});
