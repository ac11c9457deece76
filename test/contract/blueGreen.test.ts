import assert from 'node:assert/strict';
import {
  ContinueServiceDeploymentCommand,
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type ServiceDeployment,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { sdkConfig, until } from './tools';

const subnets = ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'];
const role = 'arn:aws:iam::000000000000:role/ecsInfrastructureRoleForLoadBalancers';

/**
 * Rules of AWS: ECS CreateService deploymentConfiguration (strategy, bakeTimeInMinutes, lifecycleHooks, alarms),
 * ContinueServiceDeployment, DescribeServiceDeployments; ECS developer guide, "Amazon ECS blue/green deployments",
 * lifecycle stages.
 */
needsOwnSandbox('a faster clock and a restart').describe('blue/green deployments through the AWS SDK', function () {
  this.timeout(90_000);
  let sandbox: Sandbox;
  let ecs: ECSClient;
  let elb: ElasticLoadBalancingV2Client;
  let url: string;
  let rule: string;
  let groups: string[];
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-contract-'));

  async function start(): Promise<void> {
    sandbox = await startSandbox({ args: ['--speed', '20', '--state', folder] });
    ecs = new ECSClient(sdkConfig(sandbox));
    elb = new ElasticLoadBalancingV2Client(sdkConfig(sandbox));
  }
  before(async () => {
    await start();
    await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
    await balancer();
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function balancer(): Promise<void> {
    const group = async (Name: string): Promise<string> => {
      const { TargetGroups } = await elb.send(
        new CreateTargetGroupCommand({
          Name,
          Protocol: 'HTTP',
          Port: 80,
          TargetType: 'ip',
          VpcId: 'vpc-0a1b2c3d4e5f60718',
        }),
      );
      return TargetGroups?.[0]?.TargetGroupArn ?? '';
    };
    groups = [await group('blue'), await group('green')];
    const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: 'app', Subnets: subnets }));
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      }),
    );
    const { Rules } = await elb.send(
      new CreateRuleCommand({
        ListenerArn: Listeners?.[0]?.ListenerArn,
        Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
        Priority: 1,
        Actions: [{ Type: 'forward', TargetGroupArn: groups[0] }],
      }),
    );
    rule = Rules?.[0]?.RuleArn ?? '';
    url = `http://127.0.0.1:${Listeners?.[0]?.Port}/`;
  }

  async function define(): Promise<string> {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'app',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ name: 'app', image: 'nginx', portMappings: [{ containerPort: 80 }] }],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  }

  async function current(): Promise<ServiceDeployment> {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['app'] }));
    const serviceDeploymentArns = [services?.[0]?.currentServiceDeployment ?? ''];
    const answer = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
    const [deployment] = answer.serviceDeployments ?? [];
    assert.ok(deployment);
    return deployment;
  }
  const reaches = (what: string, holds: (deployment: ServiceDeployment) => boolean): Promise<ServiceDeployment> =>
    until(what, 30, async () => {
      const deployment = await current();
      return holds(deployment) ? deployment : undefined;
    });

  async function weights(): Promise<number[]> {
    const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [rule] }));
    const tuples = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    return groups.map((arn) => tuples.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight ?? -1);
  }

  /** Ids of the tasks that answer so many requests. */
  async function answering(count: number): Promise<Map<string, number>> {
    const seen = new Map<string, number>();
    for (let request = 0; request < count; request += 1) {
      const id = /Task (\w+)/.exec(await (await fetch(url)).text())?.[1] ?? 'nobody';
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
    return seen;
  }

  const configuration: CreateServiceCommandInput['deploymentConfiguration'] = {
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 },
    bakeTimeInMinutes: 1,
    alarms: { alarmNames: ['errors'], enable: true, rollback: true },
  };

  it('creates a service, behind the first target group', async () => {
    await ecs.send(
      new CreateServiceCommand({
        cluster: 'demo',
        serviceName: 'app',
        taskDefinition: await define(),
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets } },
        loadBalancers: [
          {
            targetGroupArn: groups[0],
            containerName: 'app',
            containerPort: 80,
            advancedConfiguration: {
              alternateTargetGroupArn: groups[1],
              productionListenerRule: rule,
              roleArn: role,
            },
          },
        ],
        deploymentConfiguration: configuration,
      }),
    );
    const { lifecycleStage } = await reaches('success', ({ status }) => status === 'SUCCESSFUL');
    assert.equal(lifecycleStage, 'CLEAN_UP');
    assert.deepEqual(await weights(), [100, 0]);
  });

  it('waits at a pause, lives through a crash there, and goes on', async () => {
    await ecs.send(
      new UpdateServiceCommand({
        cluster: 'demo',
        service: 'app',
        taskDefinition: await define(),
        deploymentConfiguration: {
          ...configuration,
          lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
        },
      }),
    );
    const waiting = await reaches('the pause', ({ lifecycleHookDetails }) => lifecycleHookDetails?.length === 1);
    const [hook] = waiting.lifecycleHookDetails ?? [];
    assert.equal(waiting.lifecycleStage, 'POST_SCALE_UP');
    assert.deepEqual([hook?.targetType, hook?.status, hook?.timeoutAction], ['PAUSE', 'AWAITING_ACTION', 'ROLLBACK']);
    assert.deepEqual(await sandbox.violations(), []);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await sandbox.kill();
    await start();
    assert.equal((await current()).lifecycleHookDetails?.[0]?.hookId, hook?.hookId);
    await ecs.send(
      new ContinueServiceDeploymentCommand({
        serviceDeploymentArn: waiting.serviceDeploymentArn,
        hookId: hook?.hookId,
      }),
    );
  });

  it('gives the canary a tenth of the requests, then everything', async () => {
    const canary = await reaches(
      'the canary',
      ({ targetServiceRevision }) =>
        targetServiceRevision?.requestedProductionTrafficWeight === 10 && targetServiceRevision.runningTaskCount === 1,
    );
    assert.equal(canary.lifecycleStage, 'PRODUCTION_TRAFFIC_SHIFT');
    assert.deepEqual(await weights(), [90, 10]);
    await until('both sides answer', 10, async () => ((await answering(20)).size === 2 ? true : undefined));
    assert.deepEqual([...(await answering(40)).values()].sort(), [36, 4]);
    const done = await reaches('success', ({ status }) => status === 'SUCCESSFUL');
    assert.equal(done.targetServiceRevision?.requestedProductionTrafficWeight, 100);
    assert.deepEqual(await weights(), [0, 100]);
    const { serviceRevisions } = await ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [done.targetServiceRevision?.arn ?? ''] }),
    );
    assert.equal(serviceRevisions?.[0]?.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn, groups[1]);
  });

  it('goes back when an alarm goes off', async () => {
    await ecs.send(
      new UpdateServiceCommand({
        cluster: 'demo',
        service: 'app',
        taskDefinition: await define(),
        deploymentConfiguration: { ...configuration, lifecycleHooks: [] },
      }),
    );
    await reaches('the canary', (now) => now.targetServiceRevision?.requestedProductionTrafficWeight === 10);
    await sandbox.setAlarm('errors', 'ALARM');
    const { alarms } = await reaches('the rollback', ({ status }) => status === 'ROLLBACK_SUCCESSFUL');
    assert.deepEqual([alarms?.status, alarms?.triggeredAlarmNames], ['TRIGGERED', ['errors']]);
    assert.deepEqual(await weights(), [0, 100]);
  });
});
