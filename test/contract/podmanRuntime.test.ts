import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, until } from './tools';

const podman = process.env['GANTRY_TEST_PODMAN'] ?? 'podman';

/** Why podman cannot run containers on this machine, in its own words; undefined when it can. */
function cannotRun(): string | undefined {
  const has = spawnSync(podman, ['image', 'exists', 'busybox:stable'], { timeout: 15_000 }).status === 0;
  if (!has) spawnSync(podman, ['pull', '--quiet', 'busybox:stable'], { timeout: 30_000 });
  const tried = spawnSync(podman, ['run', '--rm', 'busybox:stable', 'true'], { encoding: 'utf8', timeout: 30_000 });
  if (tried.status === 0) return undefined;
  return (tried.error?.message ?? tried.stderr).trim() || `it ended with ${String(tried.status)}`;
}

interface Task {
  readonly lastStatus: string;
  readonly containers: readonly { networkBindings: readonly { hostPort: number }[] }[];
}

describe('tasks as containers of podman', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  before(async function () {
    const problem = cannotRun();
    if (problem !== undefined) {
      process.stderr.write(`!!! podman cannot start containers here, so its runtime is NOT proved: ${problem}\n`);
      return this.skip();
    }
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine', args: ['--engine', podman, '--speed', '4'] });
    aws = new AwsCli(sandbox);
  });
  after(async () => {
    // Skipped before it was started.
    if ((sandbox as Sandbox | undefined) === undefined) return;
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
    const filter = ['--filter', `label=gantry.sandbox.pid=${sandbox.info.pid}`];
    const left = spawnSync(podman, ['ps', '--all', '--quiet', ...filter], { encoding: 'utf8' });
    assert.equal(left.stdout.trim(), '', 'its containers are gone when it ends');
    aws.close();
  });

  async function webTask(): Promise<Task | undefined> {
    const list = ['ecs', 'list-tasks', '--cluster', 'demo', '--service-name', 'web'];
    const { taskArns } = await aws.json<{ taskArns: string[] }>(...list);
    if (taskArns.length === 0) return undefined;
    const describe = ['ecs', 'describe-tasks', '--cluster', 'demo', '--tasks', ...taskArns];
    return (await aws.json<{ tasks: Task[] }>(...describe)).tasks.find(({ lastStatus }) => lastStatus === 'RUNNING');
  }

  it('answer HTTP, and are seen when they end', async () => {
    const task = await until('the task runs', 90, webTask);
    const port = task.containers[0]?.networkBindings[0]?.hostPort ?? 0;
    assert.match(await (await fetch(`http://127.0.0.1:${port}/`)).text(), /Hello from the sandbox/);
    const filter = ['--filter', `label=gantry.sandbox.pid=${sandbox.info.pid}`, '--filter', `publish=${port}`];
    const { stdout } = spawnSync(podman, ['ps', '--quiet', ...filter], { encoding: 'utf8' });
    spawnSync(podman, ['kill', stdout.trim()]);
    const other = await until('another task runs', 60, async () => {
      const found = await webTask();
      return found?.containers[0]?.networkBindings[0]?.hostPort === port ? undefined : found;
    });
    assert.equal(other.lastStatus, 'RUNNING');
  });
});
