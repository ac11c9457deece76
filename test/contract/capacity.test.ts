import assert from 'node:assert/strict';
import {
  CreateCapacityProviderCommand,
  CreateDaemonCommand,
  DeleteDaemonCommand,
  DescribeCapacityProvidersCommand,
  DescribeDaemonCommand,
  DescribeDaemonDeploymentsCommand,
  DescribeDaemonRevisionsCommand,
  DescribeDaemonTaskDefinitionCommand,
  ECSClient,
  ListDaemonDeploymentsCommand,
  ListDaemonTaskDefinitionsCommand,
  ListDaemonsCommand,
  PutClusterCapacityProvidersCommand,
  RegisterDaemonTaskDefinitionCommand,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, sdkConfig, until } from './tools';

interface Task {
  readonly taskArn: string;
  readonly capacityProviderName?: string;
  readonly lastStatus: string;
}

/**
 * Rules of AWS: ECS CreateCapacityProvider, PutClusterCapacityProviders, CreateDaemon, PutAccountSetting,
 * PutAttributes; RunTask clientToken (idempotency).
 */
needsOwnSandbox('a faster clock and a restart').describe('capacity of one’s own', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let ecs: ECSClient;
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-contract-'));
  const start = async (): Promise<void> => {
    sandbox = await startSandbox({ seed: 'tiny', args: ['--speed', '20', '--state', folder] });
    aws = new AwsCli(sandbox);
    ecs = new ECSClient(sdkConfig(sandbox));
  };
  before(start);
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    aws.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs tasks through a managed-instances provider', async () => {
    await ecs.send(
      new CreateCapacityProviderCommand({
        name: 'mi',
        cluster: 'demo',
        managedInstancesProvider: {
          infrastructureRoleArn: 'arn:aws:iam::000000000000:role/infrastructure',
          instanceLaunchTemplate: {
            ec2InstanceProfileArn: 'arn:aws:iam::000000000000:instance-profile/a',
            networkConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'] },
          },
        },
      }),
    );
    await ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: 'demo',
        capacityProviders: ['mi', 'FARGATE'],
        defaultCapacityProviderStrategy: [],
      }),
    );
    const of = ['--cluster', 'demo'];
    await aws.json(
      ...['ecs', 'create-service', ...of, '--service-name', 'own', '--task-definition', 'web', '--desired-count', '1'],
      ...['--capacity-provider-strategy', 'capacityProvider=mi,weight=1'],
    );
    const task = await until('the task runs', 20, async () => {
      const { taskArns } = await aws.json<{ taskArns: string[] }>('ecs', 'list-tasks', ...of, '--service-name', 'own');
      if (taskArns.length === 0) return undefined;
      const { tasks } = await aws.json<{ tasks: Task[] }>('ecs', 'describe-tasks', ...of, '--tasks', ...taskArns);
      return tasks.find(({ lastStatus }) => lastStatus === 'RUNNING');
    });
    assert.equal(task.capacityProviderName, 'mi');
  });

  it('runs a daemon on the provider’s instances', async () => {
    const { daemonTaskDefinitionArn } = await ecs.send(
      new RegisterDaemonTaskDefinitionCommand({
        family: 'agent',
        containerDefinitions: [{ name: 'agent', image: 'nginx', memory: 64 }],
      }),
    );
    const { daemonArn, deploymentArn } = await ecs.send(
      new CreateDaemonCommand({
        daemonName: 'agent',
        clusterArn: 'demo',
        daemonTaskDefinitionArn,
        capacityProviderArns: ['arn:aws:ecs:us-east-1:000000000000:capacity-provider/mi'],
      }),
    );
    await until('the deployment succeeds', 20, async () => {
      const answer = await ecs.send(
        new DescribeDaemonDeploymentsCommand({ daemonDeploymentArns: [deploymentArn ?? ''] }),
      );
      return answer.daemonDeployments?.[0]?.status === 'SUCCESSFUL' ? true : undefined;
    });
    const { daemon } = await ecs.send(new DescribeDaemonCommand({ daemonArn }));
    assert.equal(daemon?.currentRevisions?.[0]?.totalRunningCount, 1);
    const revision = daemon?.currentRevisions?.[0]?.arn ?? '';
    const revisions = await ecs.send(
      new DescribeDaemonRevisionsCommand({ daemonRevisionArns: [revision, `${revision}0`] }),
    );
    assert.deepEqual([revisions.daemonRevisions?.length, revisions.failures?.length], [1, 1]);
    const { daemonTaskDefinition } = await ecs.send(
      new DescribeDaemonTaskDefinitionCommand({ daemonTaskDefinition: 'agent' }),
    );
    assert.equal(daemonTaskDefinition?.containerDefinitions?.[0]?.image, 'nginx');
    const { daemonSummariesList } = await ecs.send(new ListDaemonsCommand({ clusterArn: 'demo' }));
    assert.equal(daemonSummariesList?.length, 1);
    assert.equal((await ecs.send(new ListDaemonDeploymentsCommand({ daemonArn }))).daemonDeployments?.length, 1);
    assert.equal((await ecs.send(new ListDaemonTaskDefinitionsCommand({}))).daemonTaskDefinitions?.length, 1);
    await ecs.send(new DeleteDaemonCommand({ daemonArn }));
    await assert.rejects(
      until('it is gone', 20, async () => {
        await ecs.send(new DescribeDaemonCommand({ daemonArn }));
        return undefined;
      }),
      { name: 'DaemonNotFoundException' },
    );
  });

  it('keeps providers, settings, attributes and client tokens over a crash', async () => {
    const run = { cluster: 'demo', taskDefinition: 'web', clientToken: 'once' };
    const first = await ecs.send(new RunTaskCommand(run));
    await aws.json('ecs', 'put-account-setting', '--name', 'containerInsights', '--value', 'enabled');
    const { containerInstanceArns } = await aws.json<{ containerInstanceArns: string[] }>(
      ...['ecs', 'list-container-instances', '--cluster', 'demo'],
    );
    const attribute = `name=stack,value=a,targetType=container-instance,targetId=${containerInstanceArns[0]}`;
    await aws.json('ecs', 'put-attributes', '--cluster', 'demo', '--attributes', attribute);
    await sandbox.kill();
    aws.close();
    await start();
    const { capacityProviders } = await ecs.send(new DescribeCapacityProvidersCommand({ capacityProviders: ['mi'] }));
    assert.equal(capacityProviders?.[0]?.status, 'ACTIVE');
    const { settings } = await aws.json<{ settings: unknown[] }>('ecs', 'list-account-settings');
    assert.equal(settings.length, 1);
    const list = ['ecs', 'list-attributes', '--cluster', 'demo', '--target-type', 'container-instance'];
    const { attributes } = await aws.json<{ attributes: unknown[] }>(...list, '--attribute-name', 'stack');
    assert.equal(attributes.length, 1);
    const again = await ecs.send(new RunTaskCommand(run));
    assert.equal(again.tasks?.[0]?.taskArn, first.tasks?.[0]?.taskArn, 'nothing new is started');
  });
});
