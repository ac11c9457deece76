import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, Engine, until, webPage } from './tools';

interface Container {
  readonly name: string;
  readonly lastStatus: string;
  readonly exitCode?: number;
  readonly healthStatus?: string;
  readonly reason?: string;
  readonly runtimeId?: string;
  readonly networkBindings: readonly { bindIP: string; containerPort: number; hostPort: number }[];
}

interface Task {
  readonly taskArn: string;
  readonly lastStatus: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly Container[];
}

/**
 * Rules of AWS: ECS DescribeTasks (stopCode, stoppedReason, exitCode, networkBindings); ECS developer guide, "Stopped
 * tasks error messages", "Container dependencies", "Container health checks", "Passing sensitive data".
 */
needsOwnSandbox('real containers').describe('tasks as real containers', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let engine: Engine;
  let folder: string;
  before(async () => {
    engine = new Engine();
    folder = mkdtempSync(path.join(tmpdir(), 'gantry-engine-test-'));
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine', args: ['--engine', engine.file, '--speed', '4'] });
    aws = new AwsCli(sandbox);
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
    const left = await engine.must([
      'ps',
      '--all',
      '--quiet',
      '--filter',
      `label=gantry.sandbox.pid=${sandbox.info.pid}`,
    ]);
    assert.equal(left.trim(), '', 'its containers are gone when it ends');
    rmSync(folder, { recursive: true, force: true });
    aws.close();
    engine.close();
  });

  /** Runs one task of one container and waits for its end. */
  async function runToEnd(container: Record<string, unknown>): Promise<Task> {
    const file = path.join(folder, 'task.json');
    const definition = { name: 'c', image: `${sandbox.registry}/demo/web:v1`, memory: 64, ...container };
    writeFileSync(file, JSON.stringify({ family: 'once', containerDefinitions: [definition] }));
    await aws.json('ecs', 'register-task-definition', '--cli-input-json', `file://${file}`);
    const run = ['ecs', 'run-task', '--cluster', 'demo', '--task-definition', 'once'];
    const { tasks } = await aws.json<{ tasks: readonly Task[] }>(...run);
    return until('the task stops', 60, async () => {
      const task = await describe(tasks[0]?.taskArn ?? '');
      return task.lastStatus === 'STOPPED' ? task : undefined;
    });
  }

  async function describe(arn: string): Promise<Task> {
    const { tasks } = await aws.json<{ tasks: readonly Task[] }>(
      ...['ecs', 'describe-tasks', '--cluster', 'demo', '--tasks', arn],
    );
    assert.ok(tasks[0]);
    return tasks[0];
  }

  async function webTask(): Promise<Task> {
    return until('the seed’s web task runs', 60, async () => {
      const list = ['ecs', 'list-tasks', '--cluster', 'demo', '--service-name', 'web'];
      const [arn] = (await aws.json<{ taskArns: string[] }>(...list)).taskArns;
      const task = arn === undefined ? undefined : await describe(arn);
      return task?.lastStatus === 'RUNNING' ? task : undefined;
    });
  }

  it('answers HTTP on the port that networkBindings shows', async () => {
    const [binding] = (await webTask()).containers[0]?.networkBindings ?? [];
    assert.equal(binding?.bindIP, '127.0.0.1');
    assert.equal(binding.containerPort, 8080);
    assert.match(await webPage(`http://127.0.0.1:${binding.hostPort}/`), /Hello from the sandbox/);
  });

  it('replaces a task that is stopped by hand', async () => {
    const before = await webTask();
    const stop = ['ecs', 'stop-task', '--cluster', 'demo', '--task', before.taskArn, '--reason', 'by hand'];
    await aws.json(...stop);
    const stopped = await until('the task stops', 60, async () => {
      const task = await describe(before.taskArn);
      return task.lastStatus === 'STOPPED' ? task : undefined;
    });
    assert.equal(stopped.stopCode, 'UserInitiated');
    assert.equal(stopped.stoppedReason, 'by hand');
    assert.notEqual((await webTask()).taskArn, before.taskArn);
  });

  it('shows the exit code of an essential container', async () => {
    const task = await runToEnd({ command: ['sh', '-c', 'exit 7'] });
    assert.equal(task.stopCode, 'EssentialContainerExited');
    assert.equal(task.stoppedReason, 'Essential container in task exited');
    assert.equal(task.containers[0]?.exitCode, 7);
  });

  it('passes environment values, the empty one too, and command and entry point', async () => {
    const environment = [
      { name: 'EMPTY', value: '' },
      { name: 'WITH', value: 'a b "c" $d' },
    ];
    const script = 'test "${EMPTY-unset}" = "" && test "$WITH" = \'a b "c" $d\' && test "$0 $1" = "x y" && exit 9';
    const task = await runToEnd({ environment, entryPoint: ['sh', '-c'], command: [script, 'x', 'y'] });
    assert.equal(task.containers[0]?.exitCode, 9);
  });

  it('calls a real out-of-memory kill OutOfMemoryError', async () => {
    const hog = 'x=a; while true; do x=$x$x; done';
    const task = await runToEnd({ memory: 6, command: ['sh', '-c', hog] });
    assert.match(task.containers[0]?.reason ?? '', /^OutOfMemoryError: Container killed due to memory usage/);
    assert.equal(task.containers[0]?.exitCode, 137);
  });

  // ContainerDefinition: healthCheck (no interval below 5 seconds), memory (the hard limit, in MiB), dependsOn HEALTHY.
  it('asks health checks, sets memory limits, and starts what waits for a container to be HEALTHY', async () => {
    const container = { image: `${sandbox.registry}/demo/web:v1`, memory: 64, command: ['sleep', '300'] };
    const check = (command: string): object => ({ command: ['CMD-SHELL', command], interval: 5, retries: 1 });
    const dependsOn = [{ containerName: 'well', condition: 'HEALTHY' }];
    const containerDefinitions = [
      { ...container, name: 'well', healthCheck: check('exit 0') },
      { ...container, name: 'ill', essential: false, healthCheck: check('exit 1') },
      { ...container, name: 'after', essential: false, dependsOn, command: ['sh', '-c', 'exit 3'] },
    ];
    const file = path.join(folder, 'checked.json');
    writeFileSync(file, JSON.stringify({ family: 'checked', containerDefinitions }));
    await aws.json('ecs', 'register-task-definition', '--cli-input-json', `file://${file}`);
    const run = ['ecs', 'run-task', '--cluster', 'demo', '--task-definition', 'checked'];
    const arn = (await aws.json<{ tasks: readonly Task[] }>(...run)).tasks[0]?.taskArn ?? '';
    const { well, ill, after } = await until('all three have come as far as they come', 60, async () => {
      const { containers } = await describe(arn);
      const [well, ill, after] = ['well', 'ill', 'after'].map((name) => containers.find((one) => one.name === name));
      return well?.healthStatus === 'HEALTHY' && ill?.healthStatus === 'UNHEALTHY' && after?.exitCode !== undefined
        ? { well, ill, after }
        : undefined;
    });
    assert.deepEqual([ill.lastStatus, after.lastStatus, after.exitCode], ['RUNNING', 'STOPPED', 3]);
    const limit = await engine.must(['inspect', '--format', '{{.HostConfig.Memory}}', well.runtimeId ?? '']);
    assert.equal(Number(limit), 64 * 1024 * 1024);
    await aws.json('ecs', 'stop-task', '--cluster', 'demo', '--task', arn);
  });

  it('calls a command that is not there CannotStartContainerError', async () => {
    const task = await runToEnd({ command: ['no-such-program'] });
    assert.equal(task.stopCode, 'TaskFailedToStart');
    assert.match(task.containers[0]?.reason ?? '', /^CannotStartContainerError: .*executable file not found/);
  });

  it('puts what a container says on both streams into CloudWatch Logs', async () => {
    const options = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'once' };
    const command = ['sh', '-c', 'echo out; echo err >&2; exit 1'];
    const task = await runToEnd({ command, logConfiguration: { logDriver: 'awslogs', options } });
    const stream = `once/c/${task.taskArn.split('/').at(-1) ?? ''}`;
    const { events } = await aws.json<{ events: readonly { message: string }[] }>(
      ...['logs', 'get-log-events', '--log-group-name', '/ecs/web', '--log-stream-name', stream],
    );
    assert.deepEqual(events.map(({ message }) => message).sort(), ['err', 'out']);
    const filter = ['logs', 'filter-log-events', '--log-group-name', '/ecs/web', '--filter-pattern', 'err -out'];
    const filtered = await aws.json<{ events: readonly { message: string }[] }>(...filter);
    assert.deepEqual(
      filtered.events.map(({ message }) => message),
      ['err'],
    );
  });

  it('does not start a task whose log group is not there', async () => {
    const options = { 'awslogs-group': '/absent', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'once' };
    const task = await runToEnd({ logConfiguration: { logDriver: 'awslogs', options } });
    assert.match(
      task.containers[0]?.reason ?? '',
      /failed to initialize logging driver: .*The specified log group does not exist/,
    );
  });

  it('calls an image that is not there CannotPullContainerError', async () => {
    const task = await runToEnd({ image: `${sandbox.registry}/demo/web:absent` });
    assert.equal(task.stopCode, 'TaskFailedToStart');
    assert.match(task.containers[0]?.reason ?? '', /^CannotPullContainerError: .*not found/);
  });

  it('injects secrets, and waits for an init container, also where containers share a network', async () => {
    const name = ['--name', '/app/token', '--type', 'SecureString'];
    await aws.json('ssm', 'put-parameter', ...name, '--value', 'from-ssm');
    const { ARN } = await aws.json<{ ARN: string }>(
      ...['secretsmanager', 'create-secret', '--name', 'db', '--secret-string', '{"password":"from-asm"}'],
    );
    const secrets = [
      { name: 'TOKEN', valueFrom: '/app/token' },
      { name: 'PASSWORD', valueFrom: `${ARN}:password::` },
    ];
    const image = `${sandbox.registry}/demo/web:v1`;
    const check = 'test "$TOKEN $PASSWORD" = "from-ssm from-asm" && exit 9';
    const file = path.join(folder, 'init.json');
    const definition = {
      family: 'init',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: `arn:aws:iam::${sandbox.info.account}:role/ecsTaskExecutionRole`,
      runtimePlatform: { cpuArchitecture: process.arch === 'arm64' ? 'ARM64' : 'X86_64' },
      containerDefinitions: [
        {
          name: 'c',
          image,
          secrets,
          command: ['sh', '-c', check],
          dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }],
        },
        { name: 'init', image, essential: false, command: ['sh', '-c', 'sleep 1'] },
      ],
    };
    writeFileSync(file, JSON.stringify(definition));
    await aws.json('ecs', 'register-task-definition', '--cli-input-json', `file://${file}`);
    const subnets = 'awsvpcConfiguration={subnets=[subnet-0a1b2c3d4e5f60718]}';
    const { tasks } = await aws.json<{ tasks: readonly Task[] }>(
      ...['ecs', 'run-task', '--cluster', 'demo', '--task-definition', 'init', '--launch-type', 'FARGATE'],
      ...['--network-configuration', subnets],
    );
    const task = await until('the task stops', 60, async () => {
      const found = await describe(tasks[0]?.taskArn ?? '');
      return found.lastStatus === 'STOPPED' ? found : undefined;
    });
    const codes = Object.fromEntries(task.containers.map((container) => [container.name, container.exitCode]));
    assert.deepEqual(codes, { c: 9, init: 0 });
  });

  it('leaves nothing behind for long when it is killed: the next start removes its containers', async () => {
    const args = ['--engine', engine.file, '--speed', '4'];
    const killed = await startSandbox({ seed: 'tiny', runtime: 'engine', args });
    const containers = async (): Promise<string[]> => {
      const filter = ['--filter', `label=gantry.sandbox.pid=${killed.info.pid}`];
      return (await engine.must(['ps', '--all', '--quiet', ...filter])).split(/\s+/).filter((id) => id !== '');
    };
    await until('its tasks run', 60, async () => ((await containers()).length === 2 ? true : undefined));
    await killed.kill();
    assert.equal((await containers()).length, 2);
    const next = await startSandbox({ runtime: 'engine', args });
    assert.equal(await next.stop(), 0);
    assert.deepEqual(await containers(), []);
  });
});
