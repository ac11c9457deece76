import assert from 'node:assert/strict';
import path from 'node:path';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import { IAM } from '@aws-sdk/client-iam';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import type { AwsModule, Connection } from '../../../src/aws/api';
import { systemClock } from '../../../src/core/clock';
import { english } from '../../../src/core/message';
import type { Check, CheckId, CheckState } from '../../../src/deploy/preflight/check';
import { preflight, type PreflightSubject } from '../../../src/deploy/preflight/preflight';
import { Remembered } from '../../../src/deploy/preflight/remembered';
import { makePlan, type Plan } from '../../../src/deploy/plan';
import type { Service } from '../../../src/ecs/model';
import { startSandbox, type Sandbox } from '../sandboxProcess';
import { sdkConfig } from '../tools';
import { makeBalancer } from './madeBalancer';
import { makeNetwork, tcp, type MadeNetwork } from './madeNetwork';

const never = new AbortController().signal;
const native = 'linux/amd64';
const account = '000000000000';
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const target = {
  ...{ name: 'web', dockerfile: 'Dockerfile', context: '.', tag: 'v1' },
  ...{ repository: 'team/web', cluster: 'team', service: 'web', container: 'web' },
};

/** The AWS module as it is shipped: what the bundler leaves out must not be missed. */
const { connect } = require(path.resolve(__dirname, '../../../dist/aws.js')) as AwsModule; // eslint-disable-line @typescript-eslint/no-require-imports

type Json = Record<string, unknown>;

describe('the checks before a ship, over HTTP', () => {
  let sandbox: Sandbox;
  let connection: Connection;
  let made: MadeNetwork;
  let iam: IAM;
  let sound: Plan;
  let secretArn: string;

  before(async () => {
    sandbox = await startSandbox({ seed: 'empty', runtime: 'simulated' });
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true }, {} as never);
    made = await makeNetwork(sandbox, 30);
    iam = new IAM(sdkConfig(sandbox));
    secretArn = await makeAccount(sandbox, made);
    sound = await makePlan(
      connection,
      systemClock,
      target,
      { commit: 'abc', branch: 'main', dirty: false },
      true,
      never,
    );
  });
  after(async () => {
    connection.dispose();
    for (const client of [made.ec2, iam]) client.destroy();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });
  afterEach(() => sandbox.clearFaults());

  const look = (
    plan = sound,
    subject: Partial<PreflightSubject> = {},
    remembered = new Remembered(systemClock),
  ): Promise<Check[]> =>
    preflight(
      connection,
      { plan, engine: { name: 'docker', builder: 'buildx' }, native, exposed: [8080], ...subject },
      remembered,
      never,
    );
  /** Everything that has not passed. */
  const findings = async (plan = sound, subject: Partial<PreflightSubject> = {}): Promise<Check[]> =>
    (await look(plan, subject)).filter(({ state }) => state !== 'passed');
  const only = (found: readonly Check[], id: CheckId, state: CheckState, cause: RegExp): void => {
    const written = found.map((check) => [check.id, check.state, english(check.cause)]);
    assert.deepEqual(
      found.map((check) => [check.id, check.state]),
      [[id, state]],
      JSON.stringify(written),
    );
    assert.match(english(found[0]?.cause ?? { text: '', args: [] }), cause);
    if (state !== 'skipped') assert.ok(found[0]?.fix, 'it says what to do');
  };
  const withDefinition = (change: (definition: Json, container: Json) => void): Plan => {
    const taskDefinition = structuredClone(sound.redeploy?.from.taskDefinition ?? {}) as Json;
    change(taskDefinition, (taskDefinition['containerDefinitions'] as Json[])[0] ?? {});
    assert.ok(sound.redeploy);
    return { ...sound, redeploy: { ...sound.redeploy, from: { ...sound.redeploy.from, taskDefinition } } };
  };
  const withService = (says: Partial<Service>): Plan => {
    assert.ok(sound.redeploy);
    return { ...sound, redeploy: { ...sound.redeploy, service: { ...sound.redeploy.service, ...says } } };
  };

  it('finds nothing wrong with a sound service, in a known number of calls', async () => {
    const remembered = new Remembered(systemClock);
    await sandbox.resetCalls();
    const checks = await look(sound, {}, remembered);
    assert.deepEqual(
      checks.filter(({ state }) => state !== 'passed').map(({ id, cause }) => [id, english(cause)]),
      [],
    );
    assert.deepEqual([...new Set(checks.map(({ id }) => id))].sort(), [
      ...['breaker', 'controller', 'engine', 'executionRole', 'healthCheck', 'logGroup', 'platform', 'port'],
      ...['replacement', 'repository', 'secret', 'size', 'taskRole', 'wayIn', 'wayOut'],
    ]);
    const calls = (await sandbox.calls()).map(({ operation }) => operation).sort();
    assert.deepEqual(calls, [
      ...['DescribeListeners', 'DescribeLoadBalancers', 'DescribeLogGroups', 'DescribeNatGateways'],
      ...['DescribeNetworkAcls', 'DescribeParameters', 'DescribeRouteTables', 'DescribeSecret'],
      ...['DescribeSecurityGroups', 'DescribeSubnets', 'DescribeSubnets', 'DescribeTargetGroups'],
      ...['DescribeTargetHealth', 'DescribeVpcEndpoints', 'GetRole', 'GetRole', 'SimulatePrincipalPolicy'],
    ]);
    await sandbox.resetCalls();
    assert.equal((await look(sound, {}, remembered)).length, checks.length);
    assert.deepEqual(await sandbox.calls(), [], 'what has passed is believed for a minute');
  });

  it('names a role that is missing, absent, or does not trust ECS', async () => {
    const absent = withDefinition((definition) => delete definition['executionRoleArn']);
    only(await findings(absent), 'executionRole', 'failed', /names no execution role/);
    const missing = withDefinition((definition) => (definition['executionRoleArn'] = role('nobody')));
    only(await findings(missing), 'executionRole', 'failed', /“nobody” does not exist/);
    const noTask = withDefinition((definition) => (definition['taskRoleArn'] = role('nobody')));
    only(await findings(noTask), 'taskRole', 'failed', /“nobody” does not exist/);
    const former = (await iam.getRole({ RoleName: 'execution' })).Role?.AssumeRolePolicyDocument ?? '';
    await iam.updateAssumeRolePolicy({ RoleName: 'execution', PolicyDocument: trustFor('lambda.amazonaws.com') });
    only(await findings(), 'executionRole', 'failed', /does not trust ECS tasks/);
    await iam.updateAssumeRolePolicy({ RoleName: 'execution', PolicyDocument: decodeURIComponent(former) });
  });

  it('names what the execution role is not allowed', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';
    await iam.detachRolePolicy({ RoleName: 'execution', PolicyArn });
    only(await findings(), 'executionRole', 'failed', /not allowed ecr:GetAuthorizationToken, ecr:BatchGetImage/);
    await iam.attachRolePolicy({ RoleName: 'execution', PolicyArn });
    await iam.deleteRolePolicy({ RoleName: 'execution', PolicyName: 'secrets' });
    only(await findings(), 'executionRole', 'failed', /not allowed secretsmanager:GetSecretValue, ssm:GetParameters/);
    await putSecretsPolicy(iam, secretArn);
  });

  it('names a log group that is missing, and what to create', async () => {
    const plan = withDefinition((_, container) => {
      const options = { 'awslogs-group': '/ecs/nothing', 'awslogs-region': 'us-east-1' };
      container['logConfiguration'] = { logDriver: 'awslogs', options };
    });
    const found = await findings(plan);
    only(found, 'logGroup', 'failed', /“\/ecs\/nothing” does not exist/);
    assert.deepEqual(found[0]?.action, { kind: 'createLogGroup', name: '/ecs/nothing' });
    await connection.logs.createGroup('/ecs/nothing', never);
    assert.deepEqual(await findings(plan), []);
  });

  it('names secrets and parameters that are missing', async () => {
    const secret = `arn:aws:secretsmanager:us-east-1:${account}:secret:nothing-AbCdEf`;
    await iam.putRolePolicy({
      ...{ RoleName: 'execution', PolicyName: 'all', PolicyDocument: allow('*', 'secretsmanager:*', 'ssm:*') },
    });
    const withSecret = (valueFrom: string): Plan =>
      withDefinition((_, container) => (container['secrets'] = [{ name: 'KEY', valueFrom }]));
    only(
      await findings(withSecret(`${secret}:password::`)),
      'secret',
      'failed',
      /secret:nothing-AbCdEf” does not exist/,
    );
    only(await findings(withSecret('/team/nothing')), 'secret', 'failed', /“\/team\/nothing” does not exist/);
    const arn = `arn:aws:ssm:us-east-1:${account}:parameter/team/key`;
    assert.deepEqual(await findings(withSecret(arn)), []);
    await iam.deleteRolePolicy({ RoleName: 'execution', PolicyName: 'all' });
  });

  it('names a size that Fargate does not have', async () => {
    const plan = withDefinition((definition) => (definition['memory'] = '5000'));
    only(await findings(plan), 'size', 'failed', /5000 MiB with 256 CPU units/);
  });

  it('names ports that do not meet', async () => {
    only(
      await findings(sound, { exposed: [3000] }),
      'port',
      'failed',
      /asked on 8080, but the Dockerfile EXPOSEs 3000/,
    );
    const plan = withDefinition((_, container) => (container['portMappings'] = [{ containerPort: 3000 }]));
    only(await findings(plan, { exposed: [3000] }), 'port', 'failed', /on 8080, which is not among its port mappings/);
    const told = withDefinition((_, container) => (container['environment'] = [{ name: 'PORT', value: '8080' }]));
    assert.deepEqual(await findings(told, { exposed: [3000] }), []);
  });

  it('names a platform on which the tasks do not run', async () => {
    only(await findings({ ...sound, platform: 'linux/arm64' }), 'platform', 'failed', /linux\/arm64.*linux\/amd64/);
  });

  it('names a builder that cannot build for the platform', async () => {
    const engine = { name: 'docker', builder: 'classic' } as const;
    only(await findings(sound, { engine, native: 'linux/arm64' }), 'engine', 'failed', /old builder/);
  });

  it('names percentages that never let a task be replaced', async () => {
    const rules = { ...(sound.redeploy?.service.rules ?? assert.fail()), minimumPercent: 100, maximumPercent: 100 };
    only(await findings(withService({ rules })), 'replacement', 'failed', /No task can be replaced/);
  });

  it('warns of a circuit breaker that is off, and of no grace period', async () => {
    const breaker = { enabled: false, rollback: false };
    const rules = { ...(sound.redeploy?.service.rules ?? assert.fail()), breaker };
    only(await findings(withService({ rules })), 'breaker', 'warning', /breaker is off/);
    only(await findings(withService({ gracePeriod: 0 })), 'healthCheck', 'warning', /stopped/);
  });

  it('names a controller that Gantry cannot drive', async () => {
    only(await findings(withService({ controller: 'EXTERNAL' })), 'controller', 'failed', /EXTERNAL/);
  });

  it('names security groups that keep the load balancer out, and the task in', async () => {
    const { ec2, taskGroup, lbGroup } = made;
    const rule = tcp(8080, 8080, { UserIdGroupPairs: [{ GroupId: lbGroup }] });
    await ec2.revokeSecurityGroupIngress({ GroupId: taskGroup, IpPermissions: [rule] });
    only(await findings(), 'wayIn', 'failed', /lets nothing in/);
    await ec2.authorizeSecurityGroupIngress({ GroupId: taskGroup, IpPermissions: [rule] });
    const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await ec2.revokeSecurityGroupEgress({ GroupId: taskGroup, IpPermissions: everything });
    only(await findings(), 'wayOut', 'failed', /ecr\.api, ecr\.dkr, s3, logs, secretsmanager, ssm: .*lets nothing out/);
    await ec2.authorizeSecurityGroupEgress({ GroupId: taskGroup, IpPermissions: everything });
  });

  it('names a subnet without a way out, until its last endpoint is there', async () => {
    const { ec2, privateTable, vpc, privateSubnet, endpointGroup } = made;
    const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [privateTable] });
    const NatGatewayId = RouteTables?.[0]?.Routes?.find((route) => route.NatGatewayId)?.NatGatewayId;
    const route = { RouteTableId: privateTable, DestinationCidrBlock: '0.0.0.0/0' };
    await ec2.deleteRoute(route);
    only(await findings(), 'wayOut', 'failed', /cannot reach ecr\.api, ecr\.dkr, s3, logs, secretsmanager, ssm/);
    const common = { VpcId: vpc, SecurityGroupIds: [endpointGroup], SubnetIds: [privateSubnet] };
    for (const name of ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager', 'ssm']) {
      const ServiceName = `com.amazonaws.us-east-1.${name}`;
      await ec2.createVpcEndpoint({ ...common, ServiceName, VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
    }
    const found = await findings();
    only(found, 'wayOut', 'failed', /cannot reach s3/);
    assert.match(english(found[0]?.fix ?? assert.fail()), /VPC endpoints for s3/);
    const s3 = { VpcId: vpc, ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [privateTable] };
    await ec2.createVpcEndpoint(s3);
    assert.deepEqual(await findings(), []);
    await ec2.createRoute({ ...route, NatGatewayId });
  });

  for (const [operation, permission, id] of [
    ['GetRole', 'iam:GetRole', 'executionRole'],
    ['SimulatePrincipalPolicy', 'iam:SimulatePrincipalPolicy', 'executionRole'],
    ['DescribeLogGroups', 'logs:DescribeLogGroups', 'logGroup'],
    ['DescribeSecret', 'secretsmanager:DescribeSecret', 'secret'],
    ['DescribeParameters', 'ssm:DescribeParameters', 'secret'],
    ['DescribeRouteTables', 'ec2:DescribeRouteTables', 'wayOut'],
    ['DescribeSecurityGroups', 'ec2:DescribeSecurityGroups', 'wayOut'],
    ['DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetGroups', 'wayIn'],
  ] as const) {
    it(`skips what it may not look at without ${permission}, and says so`, async () => {
      await sandbox.addFault({ match: { operation }, fault: { kind: 'denied' } });
      const found = await findings();
      assert.ok(found.length > 0);
      assert.ok(found.some((check) => check.id === id));
      for (const check of found) assert.deepEqual([check.state, check.permission], ['skipped', permission]);
    });
  }
});

const trustFor = (Service: string): string =>
  JSON.stringify({
    ...{ Version: '2012-10-17' },
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });

const allow = (Resource: string | string[], ...Action: string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

function putSecretsPolicy(iam: IAM, secretArn: string): Promise<unknown> {
  const resources = [secretArn, `arn:aws:ssm:us-east-1:${account}:parameter/team/key`];
  const PolicyDocument = allow(resources, 'secretsmanager:GetSecretValue', 'ssm:GetParameters');
  return iam.putRolePolicy({ RoleName: 'execution', PolicyName: 'secrets', PolicyDocument });
}

/** A sound service with everything that it needs. @returns the ARN of its secret */
async function makeAccount(sandbox: Sandbox, made: MadeNetwork): Promise<string> {
  const config = sdkConfig(sandbox);
  const [ecs, ecr, iam, logs] = [new ECS(config), new ECR(config), new IAM(config), new CloudWatchLogs(config)];
  const [secrets, ssm] = [new SecretsManager(config), new SSM(config)];
  await ecr.createRepository({ repositoryName: 'team/web' });
  await logs.createLogGroup({ logGroupName: '/ecs/team-web' });
  const { ARN: secretArn = '' } = await secrets.createSecret({ Name: 'team/password', SecretString: 'x' });
  await ssm.putParameter({ Name: '/team/key', Value: 'x', Type: 'SecureString' });
  for (const RoleName of ['execution', 'task']) {
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustFor('ecs-tasks.amazonaws.com') });
  }
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';
  await iam.attachRolePolicy({ RoleName: 'execution', PolicyArn });
  await putSecretsPolicy(iam, secretArn);
  await ecs.createCluster({ clusterName: 'team' });
  await ecs.registerTaskDefinition({
    ...{ family: 'web', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' },
    ...{ executionRoleArn: role('execution'), taskRoleArn: role('task') },
    containerDefinitions: [
      {
        ...{ name: 'web', image: `${sandbox.registry}/team/web:v0`, portMappings: [{ containerPort: 8080 }] },
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            ...{ 'awslogs-group': '/ecs/team-web', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'ecs' },
          },
        },
        secrets: [
          { name: 'PASSWORD', valueFrom: `${secretArn}:password::` },
          { name: 'KEY', valueFrom: '/team/key' },
        ],
      },
    ],
  });
  const targetGroupArn = await makeBalancer(sandbox, made);
  const { privateSubnet, taskGroup } = made;
  await ecs.createService({
    ...{ cluster: 'team', serviceName: 'web', taskDefinition: 'web', desiredCount: 2, launchType: 'FARGATE' },
    loadBalancers: [{ targetGroupArn, containerName: 'web', containerPort: 8080 }],
    healthCheckGracePeriodSeconds: 60,
    networkConfiguration: { awsvpcConfiguration: { subnets: [privateSubnet], securityGroups: [taskGroup] } },
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  for (const client of [ecs, ecr, iam, logs, secrets, ssm]) client.destroy();
  return secretArn;
}

/** A circuit breaker is off unless somebody switches it on, and of tasks in bridge mode the way in is not known. */
const expectedIn = {
  tiny: ['demo/worker breaker warning'],
  shop: [
    ...['production/storefront wayIn skipped', 'production/api wayIn skipped', 'production/orders breaker warning'],
    ...['production/worker breaker warning', 'production/search breaker warning', 'production/admin breaker warning'],
    ...['staging/storefront breaker warning', 'staging/api breaker warning'],
  ],
};

/** The sandbox's own worlds must not stop anybody who learns in them. */
describe('the checks before a ship, in the seeds', () => {
  for (const [seed, services] of [
    ['tiny', ['demo/web', 'demo/worker']],
    [
      'shop',
      [
        ...['production/storefront', 'production/api', 'production/orders', 'production/worker', 'production/search'],
        ...['production/admin', 'staging/storefront', 'staging/api'],
      ],
    ],
  ] as const) {
    it(`of ${seed} find nothing that asks`, async () => {
      const sandbox = await startSandbox({ seed, runtime: 'simulated' });
      const connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true }, {} as never);
      const found: string[] = [];
      for (const place of services) {
        const [cluster = '', service = ''] = place.split('/');
        const repository = `${seed === 'tiny' ? 'demo' : 'shop'}/${service}`;
        const of = { ...target, cluster, service, container: service, repository };
        const source = { commit: 'abc', branch: 'main', dirty: false };
        const plan = await makePlan(connection, systemClock, of, source, true, never);
        const subject = { plan, engine: undefined, native: plan.platform ?? '', exposed: [8080] };
        const checks = await preflight(connection, subject, new Remembered(systemClock), never);
        found.push(
          ...checks.filter(({ state }) => state !== 'passed').map(({ id, state }) => `${place} ${id} ${state}`),
        );
      }
      connection.dispose();
      await sandbox.stop();
      assert.deepEqual(found, expectedIn[seed]);
    });
  }
});
