import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CreateSecurityGroupCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type ContainerDefinition,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { formatImageReference } from '../../../src/core/imageRef';
import type { Finding } from '../../../src/deploy/finding';
import { investigatorFor } from '../../../src/deploy/investigatorFor';
import { raiseMemory } from '../../../src/deploy/memorySize';
import { deployRevision } from '../../../src/deploy/ship';
import { revisionInput } from '../../../src/deploy/taskDefinition';
import { findService } from '../../../src/ecs/findService';
import { ContainerEngine, findEngine } from '../../../src/engine/containerEngine';
import { ProcessRunner } from '../../../src/engine/processRunner';
import { needsOwnSandbox } from '../elsewhere';
import { startSandbox, type Sandbox } from '../sandboxProcess';
import { sdkConfig, until } from '../tools';

const never = new AbortController().signal;
const subnets = ['subnet-0a1b2c3d4e5f60718'];
const securityGroups = ['sg-0a1b2c3d4e5f60718'];

/** A failure that the sandbox plays, and the cause that has to be found. */
interface Case {
  readonly name: string;
  readonly container?: Partial<ContainerDefinition>;
  readonly image?: string;
  readonly task?: Record<string, unknown>;
  readonly expected: string;
  /** The kind of the button. */
  readonly action?: string;
}

const scenario = (name: string): Partial<ContainerDefinition> => ({
  dockerLabels: { 'gantry.sandbox.scenario': name },
});
const awslogs = (group: string): Partial<ContainerDefinition> => ({
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': group, 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'ecs' },
  },
});

const simulated: readonly Case[] = [
  { name: 'no-image', image: 'demo/web:nope', expected: 'imageMissing' },
  { name: 'no-repository', image: 'demo/nowhere:1', expected: 'repositoryMissing', action: 'createRepository' },
  {
    name: 'platform',
    task: { runtimePlatform: { cpuArchitecture: process.arch === 'arm64' ? 'X86_64' : 'ARM64' } },
    expected: 'imagePlatform',
    action: 'rebuild',
  },
  { name: 'crash', container: scenario('exit-1'), expected: 'exited' },
  { name: 'ends', container: scenario('exit-0'), expected: 'endedByItself' },
  { name: 'segfault', container: scenario('exit-139'), expected: 'segmentationFault' },
  { name: 'oom', container: scenario('oom'), expected: 'outOfMemory', action: 'raiseMemory' },
  {
    name: 'format',
    container: { ...scenario('exec-format'), ...awslogs('/ecs/web') },
    expected: 'wrongArchitecture',
    action: 'rebuild',
  },
  { name: 'start', container: scenario('start-fails'), expected: 'wrongCommand' },
  { name: 'route', container: scenario('no-route'), expected: 'registryUnreachable' },
  { name: 'limit', container: scenario('rate-limit'), expected: 'pullRateLimit' },
  { name: 'denied', container: scenario('pull-denied'), expected: 'pullDenied', action: 'attachPolicy' },
  { name: 'secret-denied', container: scenario('secret-denied'), expected: 'secretDenied', action: 'attachPolicy' },
  { name: 'efs', container: scenario('efs-timeout'), expected: 'efsUnreachable' },
  { name: 'capacity', container: scenario('capacity'), expected: 'capacityUnavailable' },
  {
    name: 'unhealthy',
    container: { ...scenario('unhealthy'), healthCheck: { command: ['CMD-SHELL', 'true'] } },
    expected: 'containerHealth',
  },
  {
    name: 'secret',
    container: { secrets: [{ name: 'KEY', valueFrom: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:nope' }] },
    expected: 'secretMissing',
  },
  { name: 'parameter', container: { secrets: [{ name: 'KEY', valueFrom: '/app/nope' }] }, expected: 'secretMissing' },
  { name: 'log-group', container: awslogs('/ecs/nowhere'), expected: 'logGroupMissing', action: 'createLogGroup' },
];

const balanced: readonly Case[] = [
  { name: 'elb-404', container: scenario('elb-404'), expected: 'healthPathMissing' },
  { name: 'elb-502', container: scenario('elb-502'), expected: 'healthServerError' },
  // The default security group of the sandbox lets port 80 in, and nothing else.
  { name: 'elb-timeout', container: scenario('elb-timeout'), expected: 'healthTimeout', action: 'addIngressRule' },
];

/** Everything that a test of findings needs of a sandbox. */
class Stage {
  readonly connection: Connection;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly ec2: EC2Client;

  constructor(readonly sandbox: Sandbox) {
    this.connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    this.ecs = new ECSClient(sdkConfig(sandbox));
    this.elb = new ElasticLoadBalancingV2Client(sdkConfig(sandbox));
    this.ec2 = new EC2Client(sdkConfig(sandbox));
  }

  async close(): Promise<void> {
    this.connection.dispose();
    this.ecs.destroy();
    this.elb.destroy();
    this.ec2.destroy();
    assert.deepEqual(await this.sandbox.violations(), []);
    await this.sandbox.stop();
  }

  async run(
    { name, container, image = 'demo/web:v1', task }: Case,
    targetGroupArn?: string,
    groups: readonly string[] = securityGroups,
  ): Promise<void> {
    await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        executionRoleArn: 'arn:aws:iam::000000000000:role/ecsTaskExecutionRole',
        runtimePlatform: {
          cpuArchitecture: process.arch === 'arm64' ? 'ARM64' : 'X86_64',
          operatingSystemFamily: 'LINUX',
        },
        containerDefinitions: [
          {
            name: 'app',
            image: `${this.sandbox.registry}/${image}`,
            essential: true,
            portMappings: [{ containerPort: 8080 }],
            ...container,
          },
        ],
        ...task,
      }),
    );
    await this.ecs.send(
      new CreateServiceCommand({
        cluster: 'demo',
        serviceName: name,
        taskDefinition: name,
        desiredCount: 1,
        launchType: 'FARGATE',
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
        networkConfiguration: {
          awsvpcConfiguration: { subnets, securityGroups: [...groups], assignPublicIp: 'ENABLED' },
        },
        ...(targetGroupArn ? { loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }] } : {}),
      }),
    );
  }

  /**
   * The first findings that the newest deployment of a service gives.
   * @param signature what to wait for, where a more general cause may be known a moment earlier
   */
  async findings(name: string, seconds: number, signature?: string): Promise<readonly Finding[]> {
    const { ecs } = this.connection;
    return until(`a finding about ${name}`, seconds, async () => {
      const service = await findService(ecs, 'demo', name, never);
      const deploymentId = service.deployments[0]?.id ?? '';
      const found = await investigatorFor(this.connection).investigate(
        { cluster: 'demo', service, deploymentId },
        never,
      );
      if (signature !== undefined && found[0]?.signature !== signature) return undefined;
      // The last lines of a log arrive after the end of its container.
      return found.length > 0 && found[0]?.log?.lines.length !== 0 ? found : undefined;
    });
  }

  async securityGroup(name: string): Promise<[string]> {
    const input = { GroupName: name, Description: name, VpcId: 'vpc-0a1b2c3d4e5f60718' };
    const { GroupId } = await this.ec2.send(new CreateSecurityGroupCommand(input));
    assert.ok(GroupId);
    return [GroupId];
  }

  async target(name: string): Promise<string> {
    const { TargetGroups } = await this.elb.send(
      new CreateTargetGroupCommand({
        Name: name,
        Protocol: 'HTTP',
        Port: 8080,
        TargetType: 'ip',
        VpcId: 'vpc-0a1b2c3d4e5f60718',
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 2,
        UnhealthyThresholdCount: 2,
      }),
    );
    const { LoadBalancers } = await this.elb.send(
      new CreateLoadBalancerCommand({ Name: name, Subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'] }),
    );
    const arn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    await this.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Protocol: 'HTTP',
        Port: 8000 + Math.floor(Math.random() * 1000),
        DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
      }),
    );
    return arn;
  }
}

needsOwnSandbox('scenarios').describe('the cause of every failure that the sandbox plays', function () {
  this.timeout(60_000);
  let stage: Stage;
  before(async () => {
    stage = new Stage(await startSandbox({ seed: 'tiny', runtime: 'simulated', args: ['--speed', '10'] }));
    await until('the seed has its images', 20, () => stage.connection.ecr.findImage('demo/web', 'v1', never));
  });
  after(() => stage.close());

  for (const each of simulated) {
    it(`${each.name}: ${each.expected}`, async () => {
      await stage.run(each);
      check(each, await stage.findings(each.name, 30));
    });
  }
  it('finds the security group that keeps the load balancer out, and the rule that lets it in', async () => {
    const [securityGroup] = await stage.securityGroup('closed');
    const each = { name: 'closed', container: scenario('elb-timeout'), expected: 'healthTimeout' };
    await stage.run(each, await stage.target('closed'), [securityGroup]);
    const [finding] = await stage.findings('closed', 50);
    const rule = { securityGroup, protocol: 'tcp', fromPort: 8080, toPort: 8080, source: securityGroups[0] ?? '' };
    assert.deepEqual(finding?.action, { kind: 'addIngressRule', ...rule });
    assert.match(finding.evidence.find(({ kind }) => kind === 'network')?.text ?? '', new RegExp(securityGroup));
    await stage.connection.vpc.allowIngress(rule, never);
    const [after] = await stage.findings('closed', 50);
    assert.equal(after?.action, undefined);
  });

  it('creates the log group that was missing', async () => {
    const [finding] = await stage.findings('log-group', 30);
    assert.equal(finding?.action?.kind, 'createLogGroup');
    await stage.connection.logs.createGroup(finding.action.group, never);
    const { ecs } = stage.connection;
    const started = Date.now();
    await ecs.updateService({ cluster: 'demo', service: 'log-group', forceNewDeployment: true }, never);
    await until('the service runs', 30, async () => {
      const service = await findService(ecs, 'demo', 'log-group', never);
      return service.running === 1 || undefined;
    });
    assert.ok(Date.now() - started < 30_000);
  });

  it('gives a container more memory in a new revision of which nothing else differs', async () => {
    const [finding] = await stage.findings('oom', 30);
    assert.equal(finding?.action?.kind, 'raiseMemory');
    const { taskDefinition, container } = finding.action;
    const { ecs } = stage.connection;
    const raised = raiseMemory(revisionInput(await ecs.describeTaskDefinition(taskDefinition, never)), container);
    assert.deepEqual(raised.changes, [{ what: 'memory', from: '512 MiB', to: '1024 MiB' }]);
    const service = await findService(ecs, 'demo', 'oom', never);
    const start = await deployRevision(
      stage.connection,
      { cluster: 'demo', service },
      raised.taskDefinition,
      () => undefined,
      never,
    );
    const { deployments } = await findService(ecs, 'demo', 'oom', never);
    const ours = deployments.find(({ id }) => id === start.deploymentId);
    const now = (await ecs.describeTaskDefinition(ours?.taskDefinition ?? '', never)).taskDefinition;
    assert.equal(now['memory'], '1024');
  });

  for (const each of balanced) {
    it(`${each.name}: ${each.expected}`, async () => {
      await stage.run(each, await stage.target(each.name));
      check(each, await stage.findings(each.name, 50, each.expected));
    });
  }
});

const real: readonly Case[] = [
  {
    name: 'refused',
    container: {
      command: ['sh', '-c', '{ echo starting; echo "Error: connect ECONNREFUSED 10.0.0.1:5432"; } >&2; exit 1'],
      ...awslogs('/ecs/web'),
    },
    expected: 'connectionRefused',
  },
  { name: 'no-command', container: { command: ['/no/such/program'] }, expected: 'wrongCommand' },
  {
    name: 'memory',
    container: { memory: 16, command: ['sh', '-c', 'a=0123456789; while true; do a="$a$a"; done'] },
    expected: 'outOfMemory',
    action: 'raiseMemory',
  },
  {
    name: 'sick',
    container: {
      command: ['sleep', '600'],
      healthCheck: { command: ['CMD-SHELL', 'false'], interval: 5, timeout: 2, retries: 1 },
    },
    expected: 'containerHealth',
  },
];

needsOwnSandbox('real containers').describe('the cause of failures of real containers', function () {
  this.timeout(120_000);
  let stage: Stage;
  before(async () => {
    stage = new Stage(await startSandbox({ seed: 'tiny', runtime: 'engine', args: ['--speed', '4'] }));
    await until('the seed has its images', 60, () => stage.connection.ecr.findImage('demo/web', 'v1', never));
  });
  after(() => stage.close());

  for (const each of real) {
    it(`${each.name}: ${each.expected}`, async () => {
      await stage.run(each);
      const found = await stage.findings(each.name, 90);
      check(each, found);
      if (each.name !== 'refused') return;
      assert.deepEqual(
        found[0]?.log?.lines.map(({ text }) => text),
        ['starting', 'Error: connect ECONNREFUSED 10.0.0.1:5432'],
      );
    });
  }

  it('foreign: a program for another CPU in an image for this one', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-foreign-'));
    const program = 'RUN printf "\\177ELF\\002\\001\\001" >/program && chmod +x /program';
    writeFileSync(path.join(folder, 'Dockerfile'), `FROM busybox:stable\n${program}\nCMD ["/program"]\n`);
    const runner = new ProcessRunner();
    const engine = new ContainerEngine(await findEngine('docker', runner, never), runner);
    const reference = { host: stage.sandbox.registry, repository: 'demo/web', tag: 'foreign', digest: undefined };
    const place = { dockerfile: path.join(folder, 'Dockerfile'), context: folder, platform: undefined };
    const request = { ...place, tag: formatImageReference(reference), stage: undefined, buildArguments: {} };
    await engine.build(request, undefined, () => undefined, never);
    await engine.push(reference, await stage.connection.ecr.login(never), () => undefined, never);
    rmSync(folder, { recursive: true });
    const each = {
      ...{ name: 'foreign', image: 'demo/web:foreign', container: awslogs('/ecs/web') },
      ...{ expected: 'wrongArchitecture', action: 'rebuild' },
    };
    await stage.run(each);
    check(each, await stage.findings(each.name, 90));
  });

  it('deleted: an image that goes between the push and the pull', async () => {
    const { ecr } = stage.connection;
    const { digest = '' } = (await ecr.findImage('demo/worker', 'v1', never)) ?? {};
    await ecr.deleteImages('demo/worker', [{ digest }], never);
    const each = { name: 'deleted', image: `demo/worker@${digest}`, expected: 'digestGone', action: 'forceDeployment' };
    await stage.run(each);
    check(each, await stage.findings(each.name, 90));
  });
});

function check({ expected, action }: Case, [first, ...others]: readonly Finding[]): void {
  assert.equal(first?.signature, expected, JSON.stringify(first, undefined, 1));
  assert.equal(first.action?.kind, action);
  assert.deepEqual(
    others.map(({ signature }) => signature),
    [],
  );
  assert.deepEqual(
    first.evidence.filter(({ recognised }) => !recognised),
    [],
  );
}
