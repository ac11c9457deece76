import assert from 'node:assert/strict';
import http from 'node:http';
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  CreateExpressGatewayServiceCommand,
  DeleteExpressGatewayServiceCommand,
  DescribeExpressGatewayServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServicesCommand,
  UpdateExpressGatewayServiceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { sdkConfig, until } from './tools';

const executionRoleArn = 'arn:aws:iam::000000000000:role/ecsTaskExecutionRole';
const infrastructureRoleArn = 'arn:aws:iam::000000000000:role/ecsInfrastructureRoleForExpressGatewayServices';

/**
 * Rules of AWS: ECS CreateExpressGatewayService, DescribeExpressGatewayService, UpdateExpressGatewayService,
 * DeleteExpressGatewayService; DescribeServices resourceManagementType.
 */
needsOwnSandbox('a faster clock').describe('Express Mode through the AWS SDK', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let ecs: ECSClient;
  let elb: ElasticLoadBalancingV2Client;
  let serviceArn: string;
  before(async () => {
    sandbox = await startSandbox({ args: ['--speed', '40'] });
    ecs = new ECSClient(sdkConfig(sandbox));
    elb = new ElasticLoadBalancingV2Client(sdkConfig(sandbox));
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
  });

  const describeService = async () =>
    (await ecs.send(new DescribeExpressGatewayServiceCommand({ serviceArn, include: ['TAGS'] }))).service;
  const status = async (): Promise<string | undefined> => {
    const arn = (await describeService())?.currentDeployment ?? '';
    const answer = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
    return answer.serviceDeployments?.[0]?.status;
  };
  const succeeds = (): Promise<unknown> =>
    until('the deployment succeeds', 30, async () => ((await status()) === 'SUCCESSFUL' ? true : undefined));

  /** Asks as a browser would: the name resolves to this machine, and stays in the Host header. */
  function get(url: string): Promise<{ status: number; text: string }> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const request = http.get({ host: '127.0.0.1', port, headers: { host: `${hostname}:${port}` } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      request.once('error', reject);
    });
  }

  it('makes a service that answers, with everything around it', async () => {
    const { service } = await ecs.send(
      new CreateExpressGatewayServiceCommand({
        serviceName: 'hello',
        executionRoleArn,
        infrastructureRoleArn,
        primaryContainer: { image: 'nginx', environment: [{ name: 'A', value: 'b' }] },
        scalingTarget: { minTaskCount: 2, maxTaskCount: 4 },
        tags: [{ key: 'team', value: 'a' }],
      }),
    );
    serviceArn = service?.serviceArn ?? '';
    assert.equal(service?.cluster, 'default');
    await succeeds();
    const described = await describeService();
    assert.deepEqual(described?.tags, [{ key: 'team', value: 'a' }]);
    assert.equal(described?.status?.statusCode, 'ACTIVE');
    const [configuration] = described?.activeConfigurations ?? [];
    assert.deepEqual(
      [configuration?.cpu, configuration?.memory, configuration?.healthCheckPath],
      ['1024', '2048', '/ping'],
    );
    const endpoint = configuration?.ingressPaths?.[0]?.endpoint ?? '';
    assert.match((await get(endpoint)).text, /Task \w+ is simulated/);
    assert.equal((await get(endpoint.replace('hello', 'other'))).status, 404, 'another name is not its');
    const scaling = new ApplicationAutoScalingClient(sdkConfig(sandbox));
    const { ScalableTargets } = await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }));
    assert.deepEqual([ScalableTargets?.[0]?.MinCapacity, ScalableTargets?.[0]?.MaxCapacity], [2, 4]);
    const { serviceRevisions } = await ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [configuration?.serviceRevisionArn ?? ''] }),
    );
    const [ingress] = serviceRevisions?.[0]?.ecsManagedResources?.ingressPaths ?? [];
    const arns = ingress?.targetGroups?.map(({ arn }) => arn ?? '');
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: arns }));
    assert.equal(TargetGroups?.length, 2);
  });

  it('is shown as managed by ECS, and left to its own operations', async () => {
    const { serviceArns } = await ecs.send(new ListServicesCommand({ resourceManagementType: 'ECS' }));
    assert.deepEqual(serviceArns, [serviceArn]);
    const { services } = await ecs.send(new DescribeServicesCommand({ services: ['hello'] }));
    assert.equal(services?.[0]?.resourceManagementType, 'ECS');
    assert.equal(services?.[0]?.deploymentConfiguration?.strategy, 'CANARY');
    await assert.rejects(
      ecs.send(new UpdateServiceCommand({ service: 'hello', desiredCount: 1 })),
      /has ResourceManagementType=ECS use UpdateExpressGatewayService/,
    );
  });

  it('deploys a change as a canary', async () => {
    const { service } = await ecs.send(
      new UpdateExpressGatewayServiceCommand({ serviceArn, primaryContainer: { image: 'nginx:2' } }),
    );
    assert.equal(service?.targetConfiguration?.primaryContainer?.image, 'nginx:2');
    const both = await until('both configurations are active', 20, async () => {
      const configurations = (await describeService())?.activeConfigurations;
      return configurations?.length === 2 ? configurations : undefined;
    });
    assert.deepEqual(
      both.map(({ primaryContainer }) => primaryContainer?.image),
      ['nginx:2', 'nginx'],
    );
    assert.equal(both[0]?.primaryContainer?.environment?.[0]?.name, 'A', 'what is not named stays');
    await succeeds();
  });

  it('takes everything away with the service', async () => {
    const { service } = await ecs.send(new DeleteExpressGatewayServiceCommand({ serviceArn }));
    assert.equal(service?.status?.statusCode, 'DRAINING');
    await until('the target groups are gone', 20, async () => {
      const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({}));
      return TargetGroups?.length === 0 ? true : undefined;
    });
    assert.equal((await describeService())?.status?.statusCode, 'INACTIVE');
  });
});
