import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, until } from './tools';

interface TaskSet {
  readonly id: string;
  readonly taskSetArn: string;
  readonly status: string;
  readonly runningCount: number;
  readonly stabilityStatus: string;
}

/**
 * Rules of AWS: ECS CreateTaskSet, UpdateTaskSet (scale), UpdateServicePrimaryTaskSet, DeleteTaskSet; UpdateService
 * with deploymentController EXTERNAL and CODE_DEPLOY (InvalidParameterException).
 */
needsOwnSandbox('a faster clock and a restart').describe('task sets through the AWS CLI', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-contract-'));
  const start = async (): Promise<void> => {
    sandbox = await startSandbox({ seed: 'tiny', args: ['--speed', '20', '--state', folder] });
    aws = new AwsCli(sandbox);
  };
  before(start);
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    aws.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const of = ['--cluster', 'demo', '--service', 'outer'];
  const steady = (): Promise<TaskSet> =>
    until('the task set is steady', 20, async () => {
      const { taskSets } = await aws.json<{ taskSets: TaskSet[] }>('ecs', 'describe-task-sets', ...of);
      return taskSets[0]?.stabilityStatus === 'STEADY_STATE' && taskSets[0].runningCount === 2
        ? taskSets[0]
        : undefined;
    });

  it('serves an external controller, over a restart', async () => {
    const controller = ['--deployment-controller', 'type=EXTERNAL', '--desired-count', '2'];
    await aws.json('ecs', 'create-service', '--cluster', 'demo', '--service-name', 'outer', ...controller);
    const { taskSet } = await aws.json<{ taskSet: TaskSet }>(
      ...['ecs', 'create-task-set', ...of, '--task-definition', 'web', '--launch-type', 'EC2'],
      ...['--scale', 'value=100,unit=PERCENT'],
    );
    await steady();
    await aws.json('ecs', 'update-service-primary-task-set', ...of, '--primary-task-set', taskSet.id);
    await sandbox.kill();
    aws.close();
    await start();
    const after = await steady();
    assert.deepEqual([after.id, after.status], [taskSet.id, 'PRIMARY']);
    const { services } = await aws.json<{ services: { taskSets: TaskSet[]; deployments: unknown[] }[] }>(
      ...['ecs', 'describe-services', '--cluster', 'demo', '--services', 'outer'],
    );
    assert.equal(services[0]?.taskSets.length, 1);
    assert.deepEqual(services[0]?.deployments, []);
  });

  it('refuses as AWS does', async () => {
    const refused = await aws.refusal('ecs', 'update-service', ...of, '--task-definition', 'web');
    assert.equal(refused.code, 'InvalidParameterException');
    const absent = await aws.refusal('ecs', 'delete-task-set', ...of, '--task-set', 'ecs-svc/1');
    assert.equal(absent.code, 'TaskSetNotFoundException');
  });
});
