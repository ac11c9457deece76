import assert from 'node:assert/strict';
import { DescribeServiceDeploymentsCommand, ECSClient, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsOwnSandbox, needsSeed } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, until, sdkConfig } from './tools';

interface Deployment {
  readonly id: string;
  readonly status: string;
  readonly rolloutState: string;
  readonly rolloutStateReason: string;
  readonly failedTasks: number;
  readonly taskDefinition: string;
}

interface Service {
  readonly status: string;
  readonly runningCount: number;
  readonly desiredCount: number;
  readonly taskDefinition: string;
  readonly deployments: readonly Deployment[];
  readonly events: readonly { message: string }[];
}

interface Described {
  readonly services: readonly Service[];
  readonly failures: readonly { arn: string; reason: string }[];
}

const nineMembers = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
];

needsSeed('tiny').describe('ECS through the AWS CLI', function () {
  this.timeout(90_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'simulated', args: ['--speed', '10'] });
    aws = new AwsCli(sandbox);
    await until('the seed runs', 20, async () => {
      const { rolloutState } = (await web()).deployments[0] ?? {};
      return rolloutState === 'COMPLETED' ? true : undefined;
    });
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    aws.close();
    assert.equal(await sandbox.stop(), 0, 'it ends cleanly on SIGTERM');
  });

  async function web(): Promise<Service> {
    const { services } = await aws.json<Described>(
      'ecs',
      'describe-services',
      '--cluster',
      'demo',
      '--services',
      'web',
    );
    const [service] = services;
    assert.ok(service);
    return service;
  }

  async function settled(id: string): Promise<Service> {
    return until(`deployment ${id} ends`, 30, async () => {
      const service = await web();
      const [only] = service.deployments;
      return service.deployments.length === 1 && only?.rolloutState === 'COMPLETED' ? service : undefined;
    });
  }

  /** Registers a revision of `web` made from the newest, as a deploy tool does. */
  async function revision(change: (container: Record<string, unknown>) => void): Promise<string> {
    const args = ['ecs', 'describe-task-definition', '--task-definition', 'web'];
    const { taskDefinition } = await aws.json<{ taskDefinition: Record<string, unknown> }>(...args);
    for (const name of nineMembers) Reflect.deleteProperty(taskDefinition, name);
    const [container] = taskDefinition['containerDefinitions'] as Record<string, unknown>[];
    assert.ok(container);
    change(container);
    const file = path.join(tmpdir(), `gantry-contract-${process.pid}.json`);
    writeFileSync(file, JSON.stringify(taskDefinition));
    const registered = await aws.json<{ taskDefinition: { taskDefinitionArn: string } }>(
      ...['ecs', 'register-task-definition', '--cli-input-json', `file://${file}`],
    );
    return registered.taskDefinition.taskDefinitionArn;
  }

  async function update(...args: string[]): Promise<Service> {
    const call = ['ecs', 'update-service', '--cluster', 'demo', '--service', 'web', ...args];
    return (await aws.json<{ service: Service }>(...call)).service;
  }

  it('waits with `aws ecs wait services-stable`, AWS’s own waiter', async () => {
    const { code, stderr } = await aws.run(
      'ecs',
      'wait',
      'services-stable',
      '--cluster',
      'demo',
      '--services',
      'web',
      'worker',
    );
    assert.equal(code, 0, stderr);
  });

  it('refuses 11 services in one call: DescribeServices takes 10', async () => {
    const names = Array.from({ length: 11 }, (_, index) => `s${index}`);
    const refused = await aws.refusal('ecs', 'describe-services', '--cluster', 'demo', '--services', ...names);
    assert.equal(refused.code, 'InvalidParameterException');
    assert.match(refused.message, /at most 10 items/);
  });

  it('answers missing things with 200 and failures[]: MISSING', async () => {
    const args = ['--cluster', 'demo', '--services', 'web', 'nope'];
    const { services, failures } = await aws.json<Described>('ecs', 'describe-services', ...args);
    assert.equal(services.length, 1);
    assert.deepEqual(
      failures.map(({ arn, reason }) => [arn.split('/').at(-1), reason]),
      [['nope', 'MISSING']],
    );
  });

  // ListServices: its documented errors.
  it('names a cluster that is not there ClusterNotFoundException', async () => {
    const refused = await aws.refusal('ecs', 'list-services', '--cluster', 'nope');
    assert.equal(refused.code, 'ClusterNotFoundException');
    // Older clients say "(reached max retries: 0)" in between.
    assert.match(refused.message, /Cluster not found\.$/);
  });

  // DescribeClusters: without names, the cluster `default` is meant.
  it('describes the cluster `default` when no cluster is named', async () => {
    const answer = await aws.json<{ failures: readonly { arn: string }[] }>('ecs', 'describe-clusters');
    assert.match(answer.failures[0]?.arn ?? '', /cluster\/default$/);
  });

  it('pages ListTaskDefinitions exactly and without loss or repetition', async () => {
    const file = path.join(tmpdir(), `gantry-contract-page-${process.pid}.json`);
    for (let index = 0; index < 5; index += 1) {
      const container = { name: 'c', image: 'busybox:stable', memory: 16 };
      writeFileSync(file, JSON.stringify({ family: `paged${index}`, containerDefinitions: [container] }));
      await aws.json('ecs', 'register-task-definition', '--cli-input-json', `file://${file}`);
    }
    const all = await aws.json<{ taskDefinitionArns: string[] }>('ecs', 'list-task-definitions');
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const more: string[] = token === undefined ? [] : ['--starting-token', token];
      const page = await aws.json<{ taskDefinitionArns: string[]; NextToken?: string }>(
        ...['ecs', 'list-task-definitions', '--page-size', '2', '--max-items', '2', ...more],
      );
      assert.ok(page.taskDefinitionArns.length <= 2);
      seen.push(...page.taskDefinitionArns);
      token = page.NextToken;
    } while (token !== undefined);
    assert.deepEqual(seen, all.taskDefinitionArns);
    assert.equal(new Set(seen).size, seen.length);
  });

  // KeyValuePair: an empty value is a value.
  it('keeps an empty environment value from one revision to the next', async () => {
    await revision(() => undefined);
    const args = ['ecs', 'describe-task-definition', '--task-definition', 'web'];
    const { taskDefinition } = await aws.json<{
      taskDefinition: { containerDefinitions: readonly { environment: readonly unknown[] }[] };
    }>(...args);
    assert.deepEqual(taskDefinition.containerDefinitions[0]?.environment[1], { name: 'FEATURES', value: '' });
  });

  // UpdateService, deployment type ECS (rolling): PRIMARY beside ACTIVE.
  it('makes a second deployment beside the first, and replaces it', async () => {
    const before = await web();
    const arn = await revision((container) => (container['cpu'] = 1));
    const updated = await update('--task-definition', arn);
    assert.deepEqual(
      updated.deployments.map(({ status }) => status),
      ['PRIMARY', 'ACTIVE'],
    );
    assert.notEqual(updated.deployments[0]?.id, before.deployments[0]?.id);
    const after = await settled(updated.deployments[0]?.id ?? '');
    assert.equal(after.deployments[0]?.id, updated.deployments[0]?.id);
    assert.equal(after.taskDefinition, arn);
    assert.equal(after.runningCount, 1);
    const texts = after.events.map(({ message }) => message).join('\n');
    assert.match(texts, /\(service web\) \(deployment ecs-svc\/\d{19}\) deployment completed\./);
    assert.match(texts, /\(service web\) has started 1 tasks: \(task [0-9a-f]{32}\)\./);
  });

  // UpdateService: a changed desired count makes no deployment, forceNewDeployment does.
  it('makes no deployment when only the desired count changes, and a new one when it is forced', async () => {
    const before = await web();
    const scaled = await update('--desired-count', '2');
    assert.equal(scaled.deployments[0]?.id, before.deployments[0]?.id);
    const forced = await update('--desired-count', '1', '--force-new-deployment');
    assert.notEqual(forced.deployments[0]?.id, before.deployments[0]?.id);
    assert.equal((await settled(forced.deployments[0]?.id ?? '')).runningCount, 1);
  });

  // Developer Guide, deployment circuit breaker: threshold of half the desired count, at least 3; rolls back.
  it('trips the circuit breaker on an image that is not there, and rolls back', async () => {
    const before = await web();
    const arn = await revision((container) => (container['image'] = `${String(container['image'])}-missing`));
    const updated = await update('--task-definition', arn);
    const failing = updated.deployments[0]?.id ?? '';
    const after = await settled(failing);
    assert.equal(after.taskDefinition, before.taskDefinition);
    assert.equal(after.deployments[0]?.id, before.deployments[0]?.id);
    const texts = after.events.map(({ message }) => message);
    assert.ok(texts.includes(`(service web) (deployment ${failing}) deployment failed: tasks failed to start.`));
    const ecs = new ECSClient(sdkConfig(sandbox));
    const listed = await ecs.send(new ListServiceDeploymentsCommand({ cluster: 'demo', service: 'web' }));
    const arns = [listed.serviceDeployments?.[0]?.serviceDeploymentArn ?? ''];
    const described = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }));
    ecs.destroy();
    const [deployment] = described.serviceDeployments ?? [];
    assert.equal(deployment?.status, 'ROLLBACK_SUCCESSFUL');
    assert.deepEqual(deployment.deploymentCircuitBreaker, { status: 'TRIGGERED', failureCount: 3, threshold: 3 });
  });

  // ListTasks: startedBy stands alone. Developer Guide, stopped task error messages.
  it('shows why stopped tasks stopped, found by service and by startedBy', async () => {
    const args = ['ecs', 'list-tasks', '--cluster', 'demo', '--service-name', 'web', '--desired-status', 'STOPPED'];
    const { taskArns } = await aws.json<{ taskArns: string[] }>(...args);
    const described = await aws.json<{
      tasks: readonly {
        startedBy: string;
        group: string;
        stopCode: string;
        containers: readonly { reason?: string }[];
      }[];
    }>('ecs', 'describe-tasks', '--cluster', 'demo', '--tasks', ...taskArns);
    const failed = described.tasks.filter(({ stopCode }) => stopCode === 'TaskFailedToStart');
    assert.equal(failed.length, 3);
    assert.match(failed[0]?.containers[0]?.reason ?? '', /^CannotPullContainerError: .*not found/);
    assert.equal(failed[0]?.group, 'service:web');
    const startedBy = failed[0]?.startedBy ?? '';
    assert.match(startedBy, /^ecs-svc\/\d{19}$/);
    const own = await aws.json<{ taskArns: string[] }>(
      ...['ecs', 'list-tasks', '--cluster', 'demo', '--started-by', startedBy, '--desired-status', 'STOPPED'],
    );
    assert.equal(own.taskArns.length, 3);
    const both = ['ecs', 'list-tasks', '--cluster', 'demo', '--started-by', startedBy, '--service-name', 'web'];
    assert.equal((await aws.refusal(...both)).code, 'InvalidParameterException', 'startedBy must stand alone');
  });

  // RegisterTaskDefinition: memory or memoryReservation; the table of Fargate sizes.
  it('refuses what RegisterTaskDefinition refuses: memory, Fargate sizes, unknown members', async () => {
    const container = '[{"name":"c","image":"busybox"}]';
    const register = (...args: string[]): Promise<{ code: string; message: string }> =>
      aws.refusal('ecs', 'register-task-definition', '--family', 'bad', ...args);
    const memory = await register('--container-definitions', container);
    assert.equal(memory.code, 'ClientException');
    assert.match(memory.message, /At least one of 'memory' or 'memoryReservation' must be specified/);
    const fargate = [
      '--requires-compatibilities',
      'FARGATE',
      '--network-mode',
      'awsvpc',
      '--cpu',
      '256',
      '--memory',
      '4096',
    ];
    assert.match(
      (await register('--container-definitions', container, ...fargate)).message,
      /No Fargate configuration exists/,
    );
    assert.equal((await register('--container-definitions', '[]')).code, 'ClientException');
  });

  // DeleteService: only at a desired count of 0, or with force.
  needsOwnSandbox('a service of the seed that other files use').it(
    'deletes a service only when it is scaled to 0 or forced, and shows it INACTIVE',
    async () => {
      const call = ['ecs', 'delete-service', '--cluster', 'demo', '--service', 'worker'];
      assert.equal((await aws.refusal(...call)).code, 'InvalidParameterException');
      await aws.json(...call, '--force');
      await until('the service is INACTIVE', 20, async () => {
        const args = ['ecs', 'describe-services', '--cluster', 'demo', '--services', 'worker'];
        const { services } = await aws.json<Described>(...args);
        return services[0]?.status === 'INACTIVE' ? true : undefined;
      });
      const { serviceArns } = await aws.json<{ serviceArns: string[] }>('ecs', 'list-services', '--cluster', 'demo');
      assert.deepEqual(
        serviceArns.map((arn) => arn.split('/').at(-1)),
        ['web'],
      );
    },
  );
});
