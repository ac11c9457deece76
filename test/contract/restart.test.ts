import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, sdkConfig, until } from './tools';
import {
  CreateDaemonCommand,
  CreateExpressGatewayServiceCommand,
  DescribeDaemonCommand,
  DescribeExpressGatewayServiceCommand,
  ECSClient,
  CreateCapacityProviderCommand,
  PutClusterCapacityProvidersCommand,
  RegisterDaemonTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateRepositoryCreationTemplateCommand, ECRClient } from '@aws-sdk/client-ecr';

/**
 * One of everything is made, the process is killed, and all of it is there again.
 * None of AWS: what was acknowledged is not lost.
 */
needsOwnSandbox('a restart').describe('a sandbox that is killed and started again', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let ecs: ECSClient;
  let daemon = '';
  let express = '';
  let port = 0;
  let balancer = '';
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-restart-'));
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

  const vpc = 'vpc-0a1b2c3d4e5f60718';
  const subnets = ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'];
  const group = 'sg-0a1b2c3d4e5f60718';
  const role = 'arn:aws:iam::000000000000:role/any';
  const scaled = ['--service-namespace', 'ecs', '--resource-id', 'service/demo/web'];
  const dimension = ['--scalable-dimension', 'ecs:service:DesiredCount'];

  /** What is compared: every line is one call of the AWS CLI. */
  const looks: readonly (readonly string[])[] = [
    ['ecs', 'describe-capacity-providers', '--capacity-providers', 'instances'],
    ['cloudwatch', 'describe-alarms', '--alarm-names', 'late'],
    ['application-autoscaling', 'describe-scaling-policies', '--service-namespace', 'ecs'],
    ['application-autoscaling', 'describe-scalable-targets', '--service-namespace', 'ecs'],
    ['logs', 'describe-log-groups', '--log-group-name-prefix', 'kept'],
    ['iam', 'get-role', '--role-name', 'kept'],
    ['iam', 'get-role-policy', '--role-name', 'kept', '--policy-name', 'inline'],
    ['iam', 'list-attached-role-policies', '--role-name', 'kept'],
    ['ecr', 'get-registry-policy'],
    ['ecr', 'describe-registry'],
    ['ec2', 'describe-security-groups', '--group-ids', group],
    ['ec2', 'describe-vpcs', '--filters', 'Name=tag:Name,Values=kept'],
    ['ec2', 'describe-route-tables'],
    ['ec2', 'describe-network-acls'],
    ['ec2', 'describe-vpc-endpoints'],
    ['acm', 'list-certificates'],
    ['elbv2', 'describe-load-balancers'],
    ['elbv2', 'describe-target-groups', '--names', 'kept'],
    ['secretsmanager', 'list-secrets'],
    ['ssm', 'get-parameter', '--name', 'kept'],
  ];
  const look = async (): Promise<Record<string, unknown>> => {
    const seen: Record<string, unknown> = {};
    for (const args of looks) seen[args.join(' ')] = await aws.json<unknown>(...args);
    return seen;
  };

  async function makeSettings(): Promise<void> {
    const alarm = ['--alarm-name', 'late', '--namespace', 'Own', '--metric-name', 'Errors', '--statistic', 'Sum'];
    const rule = ['--period', '60', '--evaluation-periods', '1', '--threshold', '1'];
    await aws.json(
      ...['cloudwatch', 'put-metric-alarm', ...alarm, ...rule],
      ...['--comparison-operator', 'GreaterThanThreshold', '--treat-missing-data', 'ignore'],
    );
    const capacity = ['--min-capacity', '1', '--max-capacity', '2'];
    await aws.json('application-autoscaling', 'register-scalable-target', ...scaled, ...dimension, ...capacity);
    const predefined = { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' };
    const tracking = JSON.stringify({ TargetValue: 99, PredefinedMetricSpecification: predefined });
    await aws.json(
      ...['application-autoscaling', 'put-scaling-policy', ...scaled, ...dimension, '--policy-name', 'cpu'],
      ...['--policy-type', 'TargetTrackingScaling', '--target-tracking-scaling-policy-configuration', tracking],
    );
    await aws.json('logs', 'create-log-group', '--log-group-name', 'kept');
    await aws.json('logs', 'put-retention-policy', '--log-group-name', 'kept', '--retention-in-days', '7');
    const statement = (more: object): string =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });
    const trust = statement({ Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' });
    await aws.json('iam', 'create-role', '--role-name', 'kept', '--assume-role-policy-document', trust);
    const inline = statement({ Action: 's3:GetObject', Resource: '*' });
    const named = ['--role-name', 'kept', '--policy-name', 'inline', '--policy-document', inline];
    await aws.json('iam', 'put-role-policy', ...named);
    const managed = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';
    await aws.json('iam', 'attach-role-policy', '--role-name', 'kept', '--policy-arn', managed);
    await aws.json('ecr', 'put-registry-policy', '--policy-text', '{"Statement":[]}');
    const ecr = new ECRClient(sdkConfig(sandbox));
    await ecr.send(new CreateRepositoryCreationTemplateCommand({ prefix: 'kept', appliedFor: ['PULL_THROUGH_CACHE'] }));
    await aws.json('secretsmanager', 'create-secret', '--name', 'kept', '--secret-string', 'x');
    await aws.json('ssm', 'put-parameter', '--name', 'kept', '--value', 'x', '--type', 'String');
  }

  async function makeNetwork(): Promise<void> {
    const rule = ['--protocol', 'tcp', '--port', '8443', '--cidr', '192.0.2.0/24'];
    await aws.json('ec2', 'authorize-security-group-ingress', '--group-id', group, ...rule);
    const tags = 'ResourceType=vpc,Tags=[{Key=Name,Value=kept}]';
    await aws.json('ec2', 'create-vpc', '--cidr-block', '10.7.0.0/16', '--tag-specifications', tags);
    await aws.json('ec2', 'create-vpc-endpoint', '--vpc-id', vpc, '--service-name', 'com.amazonaws.us-east-1.s3');
    const made = await aws.json<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
      ...['elbv2', 'create-load-balancer', '--name', 'kept', '--subnets', ...subnets],
    );
    balancer = made.LoadBalancers[0]?.LoadBalancerArn ?? '';
    await aws.json(
      ...['elbv2', 'create-target-group', '--name', 'kept', '--protocol', 'HTTP', '--port', '80', '--vpc-id', vpc],
    );
    const { CertificateArn } = await aws.json<{ CertificateArn: string }>(
      ...['acm', 'request-certificate', '--domain-name', 'kept.example.com', '--validation-method', 'DNS'],
    );
    const certificates = ['--certificates', `CertificateArn=${CertificateArn}`];
    const fixed = 'Type=fixed-response,FixedResponseConfig={StatusCode=204}';
    port = await until('the listener is there', 20, async () => {
      const { code, stdout } = await aws.run(
        ...['elbv2', 'create-listener', '--load-balancer-arn', balancer, '--protocol', 'HTTPS', '--port', '443'],
        ...[...certificates, '--default-actions', fixed, '--output', 'json'],
      );
      return code === 0 ? (JSON.parse(stdout) as { Listeners: { Port: number }[] }).Listeners[0]?.Port : undefined;
    });
  }

  async function makeCapacity(): Promise<void> {
    const networkConfiguration = { subnets: [subnets[0] ?? ''] };
    const ec2InstanceProfileArn = 'arn:aws:iam::000000000000:instance-profile/a';
    const instanceLaunchTemplate = { ec2InstanceProfileArn, networkConfiguration };
    const managedInstancesProvider = { infrastructureRoleArn: role, instanceLaunchTemplate };
    const { capacityProvider } = await ecs.send(
      new CreateCapacityProviderCommand({ name: 'instances', cluster: 'demo', managedInstancesProvider }),
    );
    const capacityProviders = ['instances', 'FARGATE'];
    const defaults = { defaultCapacityProviderStrategy: [] };
    await ecs.send(new PutClusterCapacityProvidersCommand({ cluster: 'demo', capacityProviders, ...defaults }));
    const { daemonTaskDefinitionArn } = await ecs.send(
      new RegisterDaemonTaskDefinitionCommand({
        family: 'agent',
        containerDefinitions: [{ name: 'agent', image: 'nginx', memory: 64 }],
      }),
    );
    const { daemonArn } = await ecs.send(
      new CreateDaemonCommand({
        ...{ daemonName: 'agent', clusterArn: 'demo', daemonTaskDefinitionArn },
        capacityProviderArns: [capacityProvider?.capacityProviderArn ?? ''],
      }),
    );
    daemon = daemonArn ?? '';
    const { service } = await ecs.send(
      new CreateExpressGatewayServiceCommand({
        ...{ serviceName: 'kept', cluster: 'demo', executionRoleArn: role, infrastructureRoleArn: role },
        primaryContainer: { image: 'nginx' },
      }),
    );
    express = service?.serviceArn ?? '';
  }

  /** The status code of an answer by TLS. */
  const answers = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, servername: 'kept.example.com', rejectUnauthorized: false };
      https.get({ ...options, agent: false }, (answer) => resolve(answer.resume().statusCode)).once('error', reject);
    });

  it('shows the same of everything that was made', async () => {
    await makeSettings();
    await makeNetwork();
    await makeCapacity();
    await until('the provider is ready', 20, async () => {
      const { capacityProviders } = await aws.json<{ capacityProviders: { status: string }[] }>(
        ...['ecs', 'describe-capacity-providers', '--capacity-providers', 'instances'],
      );
      return capacityProviders[0]?.status === 'ACTIVE' || undefined;
    });
    assert.equal(await answers(), 204);
    // What comes about by itself is saved once a second.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const before = await look();
    await sandbox.kill();
    aws.close();
    await start();
    const after = await look();
    for (const [call, seen] of Object.entries(before)) assert.deepEqual(after[call], seen, call);
    assert.equal(await answers(), 204, 'the listener ends TLS again, at its port');
    const found = await ecs.send(new DescribeDaemonCommand({ daemonArn: daemon }));
    assert.equal(found.daemon?.daemonArn, daemon);
    const { service } = await ecs.send(new DescribeExpressGatewayServiceCommand({ serviceArn: express }));
    assert.equal(service?.serviceArn, express);
  });
});
