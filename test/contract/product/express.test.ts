import assert from 'node:assert/strict';
import { CreateExpressGatewayServiceCommand, ECSClient } from '@aws-sdk/client-ecs';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { reasonOf } from '../../../src/core/errors';
import { currentStart } from '../../../src/deploy/deploymentStart';
import { investigatorFor } from '../../../src/deploy/investigatorFor';
import { planRollback, redeployRevision } from '../../../src/deploy/rollback';
import { RolloutWatch, type RolloutResult, type RolloutStart } from '../../../src/deploy/rollout';
import { deployRevision, forceDeployment } from '../../../src/deploy/ship';
import { nextRevision } from '../../../src/deploy/taskDefinition';
import { findService } from '../../../src/ecs/findService';
import { summarize } from '../../../src/ecs/taskDefinition';
import { serviceAddress } from '../../../src/network/address';
import { needsOwnSandbox } from '../elsewhere';
import { type Sandbox, startSandbox } from '../sandboxProcess';
import { sdkConfig } from '../tools';
import { quickClock } from './quickClock';

const never = new AbortController().signal;
const cluster = 'default';
const role = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;

/** Rules of AWS: ECS UpdateExpressGatewayService, DescribeExpressGatewayService; its rollouts are service deployments. */
needsOwnSandbox('a faster clock').describe('a ship to an Express Mode service', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let ecs: ECSClient;
  let connection: Connection;

  before(async () => {
    sandbox = await startSandbox({ args: ['--speed', '40'] });
    ecs = new ECSClient(sdkConfig(sandbox));
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    await ecs.send(
      new CreateExpressGatewayServiceCommand({
        ...{ serviceName: 'hello', infrastructureRoleArn: role('infrastructure') },
        executionRoleArn: role('ecsTaskExecutionRole'),
        primaryContainer: { image: 'nginx:1', command: ['a', 'b'], environment: [{ name: 'A', value: 'b' }] },
      }),
    );
    const start = currentStart(cluster, await findService(connection.ecs, cluster, 'hello', never));
    assert.ok(start);
    assert.equal((await watch(start)).verdict.kind, 'healthy');
  });
  after(async () => {
    connection.dispose();
    ecs.destroy();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });

  const watch = (start: RolloutStart): Promise<RolloutResult> =>
    new RolloutWatch(
      ...([connection.ecs, quickClock(), start] as const),
      { onState: () => undefined, onEvents: () => undefined, onFindings: () => undefined },
      investigatorFor(connection),
    ).run(45_000, never);

  async function ship(image: string): Promise<RolloutStart> {
    const service = await findService(connection.ecs, cluster, 'hello', never);
    const from = await connection.ecs.describeTaskDefinition(service.taskDefinition ?? '', never);
    const [container] = summarize(from).containers;
    const input = nextRevision(from, container?.name ?? '', image);
    return deployRevision(connection, { cluster, service }, input, () => undefined, never);
  }

  async function running(): Promise<unknown> {
    const { arn } = await findService(connection.ecs, cluster, 'hello', never);
    return (await connection.ecs.describeExpress(arn, never)).primaryContainer;
  }

  it('is healthy, and changes nothing but the image', async () => {
    const before = await running();
    assert.equal((await watch(await ship('nginx:2'))).verdict.kind, 'healthy');
    assert.deepEqual(await running(), { ...(before as object), image: 'nginx:2' });
  });

  it('is refused where nothing changes, and nothing is registered for it', async () => {
    const service = await findService(connection.ecs, cluster, 'hello', never);
    await sandbox.resetCalls();
    await assert.rejects(ship('nginx:2'), (error) => reasonOf(error) === 'refused');
    await assert.rejects(
      forceDeployment(connection, cluster, service, never),
      /Express Mode deploys changes only, and “hello” runs this already/,
    );
    const calls = (await sandbox.calls()).map(({ operation }) => operation);
    assert.ok(!calls.some((operation) => /^(Update|Register)/.test(operation ?? '')), calls.join());
  });

  it('is rolled back, with the cause, when its image does not exist', async () => {
    const result = await watch(await ship(`${sandbox.registry}/nothing:v1`));
    assert.equal(result.verdict.kind, 'rolledBack');
    assert.deepEqual(
      result.findings.map(({ signature }) => signature),
      ['repositoryMissing'],
    );
  });

  it('goes back while it goes on, and then is rolled back', async () => {
    const start = await ship('nginx:3');
    const watching = watch(start);
    const service = await findService(connection.ecs, cluster, 'hello', never);
    const plan = await planRollback(connection, cluster, service, never);
    assert.equal(plan.kind, 'stop');
    if (plan.kind === 'stop') await connection.ecs.rollBackServiceDeployment(plan.deployment.arn, never);
    assert.equal((await watching).verdict.kind, 'rolledBack');
  });

  it('goes back to what went well, by Express Mode’s own operation', async () => {
    const service = await findService(connection.ecs, cluster, 'hello', never);
    const plan = await planRollback(connection, cluster, service, never);
    assert.equal(plan.kind, 'redeploy');
    if (plan.kind !== 'redeploy') return;
    const start = await redeployRevision(connection, cluster, service, plan, never);
    assert.equal((await watch(start)).verdict.kind, 'healthy');
    assert.match(JSON.stringify(await running()), /"image":"nginx(:1|@sha256)/);
  });

  it('is opened under its own name, and scaled between two counts', async () => {
    const service = await findService(connection.ecs, cluster, 'hello', never);
    const { address } = await serviceAddress(connection, service, undefined, never);
    assert.match(address ?? '', /^http:\/\/hello-[0-9a-f]{8}\.localhost:\d+\/$/);
    const { scaling } = await connection.ecs.describeExpress(service.arn, never);
    const scalingTarget = { ...scaling, minTaskCount: 2, maxTaskCount: 3 };
    await connection.ecs.updateExpress(service.arn, { scalingTarget }, never);
    assert.equal((await findService(connection.ecs, cluster, 'hello', never)).desired, 2);
    assert.equal((await connection.ecs.describeExpress(service.arn, never)).scaling.maxTaskCount, 3);
  });
});
