import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  type DeploymentConfiguration,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import type { Clock } from '../../../src/core/clock';
import { english } from '../../../src/core/message';
import { currentStart } from '../../../src/deploy/deploymentStart';
import { investigatorFor } from '../../../src/deploy/investigatorFor';
import { planRollback, redeployRevision } from '../../../src/deploy/rollback';
import { RolloutWatch, type RolloutListener, type RolloutResult, type RolloutStart } from '../../../src/deploy/rollout';
import type { RolloutState } from '../../../src/deploy/rolloutState';
import type { VerdictKind } from '../../../src/deploy/verdict';
import { forceDeployment } from '../../../src/deploy/ship';
import type { Service } from '../../../src/ecs/model';
import { needsOwnSandbox } from '../elsewhere';
import { type Sandbox, startSandbox } from '../sandboxProcess';
import { sdkConfig, until } from '../tools';
import { quickClock } from './quickClock';

const never = new AbortController().signal;
const cluster = 'demo';
const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const awsvpcConfiguration = { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] };

/** Clocks of this machine that are wrong by an hour. */
const wrongClocks = [-3_600_000, 3_600_000].map((error) => ({ error, clock: quickClock(error) }));

/**
 * Rules of AWS: ECS DescribeServices `deployments[]` and DescribeServiceDeployments `status` (how a deployment ends),
 * StopServiceDeployment, ContinueServiceDeployment; ECS developer guide, "Deployment circuit breaker".
 */
needsOwnSandbox('faults and a faster clock').describe('the verdict of a rollout', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let ecs: ECSClient;
  let connection: Connection;

  before(async () => {
    sandbox = await startSandbox({ args: ['--speed', '20'] });
    ecs = new ECSClient(sdkConfig(sandbox));
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  });
  afterEach(() => sandbox.clearFaults());
  after(async () => {
    connection.dispose();
    ecs.destroy();
    await sandbox.stop();
  });

  async function define(family: string, scenario?: string): Promise<string> {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          {
            name: 'web',
            image: 'nginx',
            ...(scenario ? { dockerLabels: { 'gantry.sandbox.scenario': scenario } } : {}),
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  }

  async function describeService(name: string): Promise<Service> {
    const { found } = await connection.ecs.describeServices(cluster, [name], never);
    assert.ok(found[0]);
    return found[0];
  }

  /** A service whose first deployment has gone well. */
  async function steady(name: string, says: Partial<CreateServiceCommandInput> = {}): Promise<Service> {
    const input: CreateServiceCommandInput = {
      ...{ cluster, serviceName: name, taskDefinition: await define(name), desiredCount: 1, launchType: 'FARGATE' },
      networkConfiguration: { awsvpcConfiguration },
      deploymentConfiguration: breaker,
      ...says,
    };
    await ecs.send(new CreateServiceCommand(input));
    const service = await describeService(name);
    const start = currentStart(cluster, service);
    assert.ok(start);
    const { verdict } = await watch(start);
    assert.ok(['healthy', 'notExercised'].includes(verdict.kind), verdict.kind);
    return describeService(name);
  }

  /** Deploys a revision that fares as a scenario says. */
  async function deploy(name: string, scenario?: string): Promise<RolloutStart> {
    const taskDefinition = await define(name, scenario);
    await ecs.send(new UpdateServiceCommand({ cluster, service: name, taskDefinition }));
    const start = currentStart(cluster, await describeService(name));
    assert.ok(start);
    return start;
  }

  async function watch(
    start: RolloutStart,
    {
      states = [],
      signal = never,
      clock = quickClock(),
    }: { states?: RolloutState[]; signal?: AbortSignal; clock?: Clock } = {},
  ): Promise<RolloutResult> {
    const listener: RolloutListener = {
      onState: (state) => void states.push(state),
      onEvents: () => undefined,
      onFindings: () => undefined,
    };
    return new RolloutWatch(connection.ecs, clock, start, listener, investigatorFor(connection)).run(45_000, signal);
  }

  const causes = ({ findings }: RolloutResult): string[] => findings.map(({ signature }) => signature);

  /** What a wrong verdict was made from is gone a moment later, so the message holds it. */
  function assertEnded(result: RolloutResult, kind: VerdictKind, signatures: readonly string[]): void {
    const { verdict, service } = result;
    const seen = { verdict, causes: causes(result), deployments: service?.deployments, events: service?.events };
    assert.ok(verdict.kind === kind && isDeepStrictEqual(causes(result), signatures), JSON.stringify(seen));
  }

  it('is healthy for a new revision, and for the same one once more', async () => {
    const service = await steady('well');
    assert.equal((await watch(await deploy('well'))).verdict.kind, 'healthy');
    const again = await forceDeployment(connection, cluster, service, never);
    assert.equal((await watch(again)).verdict.kind, 'healthy');
  });

  it('is rolled back, with the cause, though one deployment is left and running == desired', async () => {
    await steady('crash');
    const states: RolloutState[] = [];
    // The way back takes a tenth of a second here, in which somebody has to look.
    const result = await watch(await deploy('crash', 'exit-1'), { states, clock: quickClock(0, 200) });
    assertEnded(result, 'rolledBack', ['exited']);
    const { deployments, running, desired } = await describeService('crash');
    assert.deepEqual([deployments.length, running], [1, desired]);
    assert.ok(states.some(({ failed, failureThreshold }) => failed > 0 && failureThreshold === 3));
    assert.ok(states.some(({ rollingBack }) => rollingBack));
  });

  it('is failed where the circuit breaker may not roll back', async () => {
    const noRollback = { deploymentCircuitBreaker: { enable: true, rollback: false } };
    await steady('stays', { deploymentConfiguration: noRollback });
    const result = await watch(await deploy('stays', 'oom'));
    assertEnded(result, 'failed', ['outOfMemory']);
  });

  it('is superseded by a second ship', async () => {
    await steady('twice');
    const first = watch(await deploy('twice', 'capacity'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const second = watch(await deploy('twice'));
    assert.deepEqual([(await first).verdict.kind, (await second).verdict.kind], ['superseded', 'healthy']);
  });

  it('is not exercised at desired count 0', async () => {
    await steady('none', { desiredCount: 0 });
    assert.equal((await watch(await deploy('none'))).verdict.kind, 'notExercised');
  });

  it('is failed when the service is deleted meanwhile', async () => {
    await steady('gone');
    const watching = watch(await deploy('gone', 'capacity'));
    await ecs.send(new DeleteServiceCommand({ cluster, service: 'gone', force: true }));
    const { verdict } = await watching;
    assert.equal(verdict.kind, 'failed');
    assert.match(english(verdict.reason ?? { text: '', args: [] }), /deleted/);
  });

  it('is right when everything was over before the first look', async () => {
    await steady('late');
    const failed = await deploy('late', 'exit-1');
    assert.equal((await watch(failed)).verdict.kind, 'rolledBack');
    const states: RolloutState[] = [];
    const result = await watch(failed, { states });
    assert.deepEqual([result.verdict.kind, causes(result), states.length], ['rolledBack', ['exited'], 1]);
  });

  it('is right where the newer calls are denied', async () => {
    await steady('older');
    for (const operation of ['ListServiceDeployments', 'DescribeServiceDeployments']) {
      await sandbox.addFault({ match: { operation }, fault: { kind: 'denied' } });
    }
    const bad = await watch(await deploy('older', 'exit-1'));
    assertEnded(bad, 'rolledBack', ['exited']);
    assert.equal((await watch(await deploy('older'))).verdict.kind, 'healthy');
  });

  it('is right while most calls are throttled', async () => {
    await steady('slow');
    const start = await deploy('slow', 'exit-1');
    await sandbox.addFault({ match: { service: 'ecs' }, fault: { kind: 'throttle' } });
    const result = await watch(start);
    assertEnded(result, 'rolledBack', ['exited']);
  });

  for (const { error, clock } of wrongClocks) {
    it(`is right with a clock that is wrong by ${error / 60_000} minutes`, async () => {
      const name = error < 0 ? 'behind' : 'ahead';
      await steady(name);
      const result = await watch(await deploy(name, 'exit-1'), { clock });
      assertEnded(result, 'rolledBack', ['exited']);
      assert.equal((await watch(await deploy(name), { clock })).verdict.kind, 'healthy');
    });
  }

  for (const kind of ['html', 'reset', 'truncate', 'delay', 'late'] as const) {
    it(`is right though answers are bad for a while (${kind})`, async () => {
      await steady(`bad-${kind}`);
      // A service that is younger than what is seen late would itself be hidden, and count as deleted.
      await new Promise((resolve) => setTimeout(resolve, 400));
      const start = await deploy(`bad-${kind}`, 'exit-1');
      await sandbox.addFault({ match: { service: 'ecs' }, times: 12, fault: { kind, ms: 400 } });
      const result = await watch(start);
      assertEnded(result, 'rolledBack', ['exited']);
    });
  }

  it('is unknown, and says why, when the session expires', async () => {
    await steady('expires');
    const start = await deploy('expires', 'capacity');
    await sandbox.addFault({ match: { service: 'ecs' }, fault: { kind: 'expired' } });
    const { verdict } = await watch(start);
    assert.equal(verdict.kind, 'unknown');
    assert.match(english(verdict.reason ?? { text: '', args: [] }), /expired/i);
  });

  it('is right when the watch begins anew in the middle', async () => {
    await steady('anew');
    const start = await deploy('anew', 'exit-1');
    const abort = new AbortController();
    const left = watch(start, { signal: abort.signal });
    setTimeout(() => abort.abort(), 150);
    assert.equal((await left).verdict.kind, 'unknown');
    const kept = JSON.parse(JSON.stringify(start)) as RolloutStart;
    assert.equal((await watch(kept)).verdict.kind, 'rolledBack');
  });

  it('waits at a hook for a person, and then is what the person says', async () => {
    const deploymentConfiguration: DeploymentConfiguration = {
      strategy: 'BLUE_GREEN',
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
    };
    await steady('asks');
    await ecs.send(new UpdateServiceCommand({ cluster, service: 'asks', deploymentConfiguration }));
    for (const [answer, verdict] of [
      ['CONTINUE', 'healthy'],
      ['ROLLBACK', 'rolledBack'],
    ] as const) {
      const states: RolloutState[] = [];
      const watching = watch(await deploy('asks'), { states });
      const paused = async (): Promise<RolloutState> => {
        for (;;) {
          const last = states.at(-1);
          if (last?.hook) return last;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      const { hook, record = '' } = await paused();
      await connection.ecs.continueServiceDeployment(record, hook?.id ?? '', answer, never);
      assert.equal((await watching).verdict.kind, verdict);
      assert.ok(states.some(({ stage }) => stage === 'POST_SCALE_UP'));
    }
  });

  it('is rolled back when an alarm goes off while both revisions stay', async () => {
    const deploymentConfiguration: DeploymentConfiguration = {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 5,
      alarms: { alarmNames: ['errors'], enable: true, rollback: true },
    };
    await steady('bakes');
    await sandbox.setAlarm('errors', 'OK');
    await ecs.send(new UpdateServiceCommand({ cluster, service: 'bakes', deploymentConfiguration }));
    const states: RolloutState[] = [];
    const watching = watch(await deploy('bakes'), { states });
    await until('the bake time', 20, () => Promise.resolve(states.find(({ stage }) => stage === 'BAKE_TIME')));
    await sandbox.setAlarm('errors', 'ALARM');
    assert.equal((await watching).verdict.kind, 'rolledBack');
    const [baking, last] = [states.find(({ stage }) => stage === 'BAKE_TIME'), states.at(-1)];
    assert.deepEqual([baking?.bakeMinutes, baking?.alarms?.names, baking?.alarms?.triggered], [5, ['errors'], []]);
    assert.deepEqual(last?.alarms?.triggered, ['errors']);
  });

  it('is rolled back when a person stops the deployment that goes on', async () => {
    const service = await steady('stop');
    const start = await deploy('stop', 'capacity');
    const watching = watch(start);
    const plan = await planRollback(connection, cluster, service, never);
    assert.equal(plan.kind, 'stop');
    if (plan.kind === 'stop') await connection.ecs.rollBackServiceDeployment(plan.deployment.arn, never);
    assert.equal((await watching).verdict.kind, 'rolledBack');
  });

  it('is healthy after a rollback to what went well, which is not the revision before', async () => {
    const first = await steady('back');
    await watch(await deploy('back', 'exit-1'));
    await watch(await deploy('back'));
    const service = await describeService('back');
    const plan = await planRollback(connection, cluster, service, never);
    assert.equal(plan.kind, 'redeploy');
    if (plan.kind !== 'redeploy') return;
    assert.equal(plan.revision.taskDefinition, first.taskDefinition);
    const start = await redeployRevision(connection, cluster, service, plan, never);
    assert.equal((await watch(start)).verdict.kind, 'healthy');
  });
});
