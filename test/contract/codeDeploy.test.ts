import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodeDeployWorld, deploymentGroup } from './codeDeployWorld';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, until } from './tools';

interface Info {
  readonly status: string;
  readonly errorInformation?: { readonly code: string };
  readonly rollbackInfo?: { readonly rollbackDeploymentId?: string; readonly rollbackTriggeringDeploymentId?: string };
  readonly creator: string;
}

interface TaskSet {
  readonly status: string;
  readonly taskDefinition: string;
  readonly startedBy?: string;
  readonly externalId?: string;
}

/**
 * Rules of AWS: CodeDeploy CreateDeploymentGroup, CreateDeployment (AppSpecContent), GetDeployment, StopDeployment
 * (autoRollbackEnabled), ContinueDeployment, GetDeploymentTarget; ECS TaskSet `startedBy` and `externalId`; CodeDeploy
 * user guide, "AppSpec hooks section for an Amazon ECS deployment".
 */
needsOwnSandbox('a faster clock and a restart').describe('CodeDeploy through the AWS CLI', function () {
  this.timeout(90_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let world: CodeDeployWorld;
  let first: string;
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-contract-'));

  async function start(): Promise<void> {
    sandbox = await startSandbox({ args: ['--speed', '20', '--state', folder] });
    aws = new AwsCli(sandbox);
    world = new CodeDeployWorld(sandbox);
  }
  before(async () => {
    await start();
    await world.open();
    await aws.json('deploy', 'create-application', '--application-name', 'shop', '--compute-platform', 'ECS');
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    world.close();
    aws.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const input = (value: object): string[] => ['--cli-input-json', JSON.stringify(value)];

  function deployment(group: string, taskDefinition: string): object {
    const LoadBalancerInfo = { ContainerName: 'web', ContainerPort: 80 };
    const TargetService = {
      Type: 'AWS::ECS::Service',
      Properties: { TaskDefinition: taskDefinition, LoadBalancerInfo },
    };
    const content = JSON.stringify({ version: 0.0, Resources: [{ TargetService }] });
    const revision = { revisionType: 'AppSpecContent', appSpecContent: { content } };
    return { applicationName: 'shop', deploymentGroupName: group, revision };
  }

  async function deploy(group: string, taskDefinition: string): Promise<string> {
    const args = input(deployment(group, taskDefinition));
    return (await aws.json<{ deploymentId: string }>('deploy', 'create-deployment', ...args)).deploymentId;
  }

  async function info(id: string): Promise<Info> {
    const args = ['deploy', 'get-deployment', '--deployment-id', id];
    return (await aws.json<{ deploymentInfo: Info }>(...args)).deploymentInfo;
  }

  const ends = (id: string, status: string): Promise<Info> =>
    until(`${id} is ${status}`, 30, async () => {
      const found = await info(id);
      return found.status === status ? found : undefined;
    });

  async function taskSets(service: string): Promise<TaskSet[]> {
    const args = ['ecs', 'describe-services', '--cluster', 'demo', '--services', service];
    return (await aws.json<{ services: { taskSets: TaskSet[] }[] }>(...args)).services[0]?.taskSets ?? [];
  }

  it('moves a service to a new task set', async () => {
    const balancer = await world.service('web');
    await aws.json('deploy', 'create-deployment-group', ...input(deploymentGroup('web', balancer)));
    const { deploymentGroupsInfo } = await aws.json<{ deploymentGroupsInfo: { ecsServices: unknown }[] }>(
      ...['deploy', 'batch-get-deployment-groups', '--application-name', 'shop', '--deployment-group-names', 'web'],
    );
    assert.deepEqual(deploymentGroupsInfo[0]?.ecsServices, [{ clusterName: 'demo', serviceName: 'web' }]);
    first = await world.define('web');
    const id = await deploy('web', first);
    assert.match(id, /^d-[A-Z0-9]{9}$/);
    await ends(id, 'Succeeded');
    const sets = (await taskSets('web')).filter(({ status }) => status === 'PRIMARY');
    assert.deepEqual(
      sets.map(({ taskDefinition, startedBy, externalId }) => [taskDefinition, startedBy, externalId]),
      [[first, 'CODE_DEPLOY', id]],
    );
    const { targetIds } = await aws.json<{ targetIds: string[] }>(
      ...['deploy', 'list-deployment-targets', '--deployment-id', id],
    );
    assert.deepEqual(targetIds, ['demo:web']);
    const { deploymentTarget } = await aws.json<{
      deploymentTarget: { ecsTarget: { lifecycleEvents: { lifecycleEventName: string; status: string }[] } };
    }>('deploy', 'get-deployment-target', '--deployment-id', id, '--target-id', 'demo:web');
    assert.deepEqual(
      deploymentTarget.ecsTarget.lifecycleEvents.map((event) => `${event.lifecycleEventName} ${event.status}`),
      [
        ...['BeforeInstall', 'Install', 'AfterInstall', 'AllowTestTraffic', 'AfterAllowTestTraffic'],
        ...['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic'],
      ].map((name) => `${name} Succeeded`),
    );
  });

  it('goes back by itself when the new tasks never come up', async () => {
    const id = await deploy('web', await world.define('web', 'exit-1'));
    const failed = await ends(id, 'Failed');
    assert.equal(failed.errorInformation?.code, 'ECS_UPDATE_ERROR');
    const back = await ends(failed.rollbackInfo?.rollbackDeploymentId ?? '', 'Succeeded');
    assert.deepEqual([back.creator, back.rollbackInfo?.rollbackTriggeringDeploymentId], ['codeDeployRollback', id]);
    await until('only the old tasks are left', 20, async () => {
      const sets = await taskSets('web');
      return sets.length === 1 && sets[0]?.taskDefinition === first ? true : undefined;
    });
  });

  it('waits before the traffic moves, over a restart, and goes back when it is stopped', async () => {
    const balancer = await world.service('wait');
    const waiting = {
      blueGreenDeploymentConfiguration: {
        terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 60 },
        deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 60 },
      },
    };
    await aws.json('deploy', 'create-deployment-group', ...input(deploymentGroup('wait', balancer, waiting)));
    const id = await deploy('wait', await world.define('wait'));
    await ends(id, 'Ready');
    const busy = await aws.refusal('deploy', 'create-deployment', ...input(deployment('wait', first)));
    assert.equal(busy.code, 'DeploymentLimitExceededException');
    await sandbox.kill();
    aws.close();
    world.close();
    await start();
    await ends(id, 'Ready');
    await aws.json('deploy', 'continue-deployment', '--deployment-id', id, '--deployment-wait-type', 'READY_WAIT');
    const early = await aws.refusal('deploy', 'continue-deployment', '--deployment-id', id);
    assert.equal(early.code, 'DeploymentIsNotInReadyStateException');
    await aws.json('deploy', 'stop-deployment', '--deployment-id', id, '--auto-rollback-enabled');
    const stopped = await info(id);
    assert.equal(stopped.status, 'Stopped');
    await ends(stopped.rollbackInfo?.rollbackDeploymentId ?? '', 'Succeeded');
    const late = await aws.refusal('deploy', 'stop-deployment', '--deployment-id', id);
    assert.equal(late.code, 'DeploymentAlreadyCompletedException');
  });

  it('refuses as AWS does', async () => {
    const again = deploymentGroup('web2', {}, { ecsServices: [{ clusterName: 'demo', serviceName: 'web' }] });
    const taken = await aws.refusal('deploy', 'create-deployment-group', ...input(again));
    assert.equal(taken.code, 'ECSServiceMappingLimitExceededException');
    const none = await aws.refusal('deploy', 'list-deployment-groups', '--application-name', 'none');
    assert.equal(none.code, 'ApplicationDoesNotExistException');
    const group = await aws.refusal('deploy', 'create-deployment', ...input(deployment('none', first)));
    assert.equal(group.code, 'DeploymentGroupDoesNotExistException');
    const update = ['--cluster', 'demo', '--service', 'web', '--task-definition', first];
    const own = await aws.refusal('ecs', 'update-service', ...update);
    assert.match(own.message, /Use AWS CodeDeploy to trigger a new deployment/);
  });
});
