import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
} from '@aws-sdk/client-codedeploy';
import {
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { DeleteServiceCommand } from '@aws-sdk/client-ecs';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { reasonOf } from '../../../src/core/errors';
import { currentStart } from '../../../src/deploy/deploymentStart';
import { investigatorFor } from '../../../src/deploy/investigatorFor';
import { observerFor } from '../../../src/deploy/observerFor';
import { deployTaskDefinition, planRollback, redeployDefinition } from '../../../src/deploy/rollback';
import { RolloutWatch, type RolloutResult, type RolloutStart } from '../../../src/deploy/rollout';
import { beginRecord, withEvents, withState, type RolloutRecord } from '../../../src/deploy/rolloutRecord';
import type { RolloutState } from '../../../src/deploy/rolloutState';
import { deployRevision, forceDeployment } from '../../../src/deploy/ship';
import { nextRevision } from '../../../src/deploy/taskDefinition';
import { findDeployable } from '../../../src/ecs/findService';
import type { Service, ServiceEvent } from '../../../src/ecs/model';
import { summarize } from '../../../src/ecs/taskDefinition';
import { CodeDeployWorld, deploymentGroup } from '../codeDeployWorld';
import { needsOwnSandbox } from '../elsewhere';
import { type Sandbox, startSandbox } from '../sandboxProcess';
import { sdkConfig } from '../tools';
import { quickClock } from './quickClock';

const never = new AbortController().signal;
const cluster = 'demo';

/** Rules of AWS: CodeDeploy CreateDeployment, GetDeployment `status` and `rollbackInfo`; ECS TaskSet `externalId`. */
needsOwnSandbox('a faster clock').describe('a ship to a service of CodeDeploy', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let world: CodeDeployWorld;
  let connection: Connection;
  let codeDeploy: CodeDeployClient;
  let ecr: ECRClient;

  before(async () => {
    sandbox = await startSandbox({ args: ['--speed', '20'] });
    world = new CodeDeployWorld(sandbox);
    codeDeploy = new CodeDeployClient(sdkConfig(sandbox));
    ecr = new ECRClient(sdkConfig(sandbox));
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    await world.open();
    await codeDeploy.send(new CreateApplicationCommand({ applicationName: 'shop', computePlatform: 'ECS' }));
  });
  after(async () => {
    connection.dispose();
    codeDeploy.destroy();
    ecr.destroy();
    world.close();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });

  /** A service of CodeDeploy with its deployment group. */
  async function made(name: string, more: object = {}, desired = 1): Promise<Service> {
    const group = deploymentGroup(name, await world.service(name, desired), more);
    await codeDeploy.send(new CreateDeploymentGroupCommand(group as CreateDeploymentGroupCommandInput));
    return service(name);
  }

  const service = (name: string): Promise<Service> => findDeployable(connection.ecs, cluster, name, never);

  async function ship(name: string, image: string): Promise<RolloutStart> {
    const current = await service(name);
    const from = await connection.ecs.describeTaskDefinition(current.taskDefinition ?? '', never);
    const input = nextRevision(from, 'web', image);
    return deployRevision(connection, { cluster, service: current }, input, () => undefined, never);
  }

  /** Deploys a revision that fares as a scenario says. */
  async function deploy(name: string, scenario?: string): Promise<RolloutStart> {
    const taskDefinition = await world.define(name, scenario);
    return deployTaskDefinition(connection, cluster, await service(name), taskDefinition, never);
  }

  function watch(start: RolloutStart, states: RolloutState[] = [], onState?: () => void): Promise<RolloutResult> {
    const listener = {
      onState: (state: RolloutState): void => {
        states.push(state);
        onState?.();
      },
      onEvents: () => undefined,
      onFindings: () => undefined,
    };
    const observer = observerFor(connection, quickClock(), start);
    const more = [listener, investigatorFor(connection), observer] as const;
    return new RolloutWatch(connection.ecs, quickClock(), start, ...more).run(50_000, never);
  }

  const waiting = {
    blueGreenDeploymentConfiguration: {
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 0 },
      deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 60 },
    },
  };

  it('is healthy for a new revision, and for the same one once more', async () => {
    await made('well');
    const states: RolloutState[] = [];
    const start = await ship('well', 'nginx:2');
    assert.match(start.deploymentId, /^d-/);
    assert.equal((await watch(start, states)).verdict.kind, 'healthy');
    assert.ok(states.some(({ target }) => target?.running === 1));
    const after = await service('well');
    assert.match(after.taskDefinition ?? '', /:2$/);
    assert.equal(currentStart(cluster, after)?.deploymentId, start.deploymentId);
    const again = await forceDeployment(connection, cluster, after, never);
    assert.equal((await watch(again)).verdict.kind, 'healthy');
  });

  it('is rolled back, with the cause, when its tasks fail', async () => {
    await made('crash');
    const start = await deploy('crash', 'exit-1');
    const states: RolloutState[] = [];
    const result = await watch(start, states);
    assert.equal(result.verdict.kind, 'rolledBack');
    assert.deepEqual(
      result.findings.map(({ signature }) => signature),
      ['exited'],
    );
    assert.ok(states.some(({ failed }) => failed > 0));
    assert.ok(states.some(({ rollingBack }) => rollingBack));
    assert.equal((await watch(start)).verdict.kind, 'rolledBack', 'also when everything was over before');
  });

  it('is failed where nothing takes it back', async () => {
    await made('stays', { autoRollbackConfiguration: { enabled: false } });
    const result = await watch(await deploy('stays', 'oom'));
    assert.deepEqual([result.verdict.kind, result.findings[0]?.signature], ['failed', 'outOfMemory']);
  });

  it('is not exercised at desired count 0', async () => {
    await made('none', {}, 0);
    assert.equal((await watch(await deploy('none'))).verdict.kind, 'notExercised');
  });

  it('waits for a person, who continues it', async () => {
    await made('asks', waiting);
    const states: RolloutState[] = [];
    const start = await deploy('asks');
    let told = false;
    const answer = (): void => {
      if (told || !states.at(-1)?.hook) return;
      told = true;
      void connection.codeDeploy.continueDeployment(start.deploymentId, 'READY_WAIT', never);
    };
    assert.equal((await watch(start, states, answer)).verdict.kind, 'healthy');
    assert.ok(told);
  });

  it('refuses a second ship while one goes on, and is rolled back when a person stops it', async () => {
    await made('stop', waiting);
    const start = await deploy('stop');
    const watching = watch(start);
    await assert.rejects(deploy('stop'), (error) => reasonOf(error) === 'refused');
    const plan = await planRollback(connection, cluster, await service('stop'), never);
    assert.deepEqual(plan, { kind: 'stopCodeDeploy', deployment: start.deploymentId });
    await connection.codeDeploy.rollBack(start.deploymentId, never);
    assert.equal((await watching).verdict.kind, 'rolledBack');
  });

  it('goes back to what went well, which is not the revision before', async () => {
    await made('back');
    const good = await deploy('back');
    await watch(good);
    const { taskDefinition } = await service('back');
    await watch(await deploy('back', 'exit-1'));
    await watch(await deploy('back'));
    const plan = await planRollback(connection, cluster, await service('back'), never);
    assert.deepEqual(plan.kind === 'definition' && plan.taskDefinition, taskDefinition);
  });

  async function upload(text: string, layerDigest: string): Promise<void> {
    const repositoryName = 'shop';
    const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
    const layerPartBlob = Buffer.from(text);
    const bytes = { partFirstByte: 0, partLastByte: layerPartBlob.length - 1 };
    await ecr.send(new UploadLayerPartCommand({ repositoryName, uploadId, layerPartBlob, ...bytes }));
    await ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [layerDigest] }));
  }

  /** Pushes an image under the tag `v1`; its digest is another one for each text. */
  async function push(text: string): Promise<string> {
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const digestOf = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(text), size: text.length };
    await upload(text, config.digest);
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
    const put = { repositoryName: 'shop', imageManifest: manifest, imageManifestMediaType: mediaType, imageTag: 'v1' };
    const { image } = await ecr.send(new PutImageCommand(put));
    return image?.imageId?.imageDigest ?? '';
  }

  it('goes back to the image that ran, though its tag has moved', async () => {
    await made('moved');
    const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: 'shop' }));
    const image = `${repository?.repositoryUri ?? ''}:v1`;
    const first = await push('{"page":"first"}');
    const bring = async (wanted: string): Promise<void> => {
      assert.equal((await watch(await ship('moved', wanted))).verdict.kind, 'healthy');
    };
    await bring(image);
    await bring('nginx:3');
    const second = await push('{"page":"second"}');
    assert.notEqual(second, first);
    const before = await service('moved');
    const plan = await planRollback(connection, cluster, before, never);
    assert.ok(plan.kind === 'definition');
    assert.deepEqual(plan.images, [{ container: 'web', image, digest: first }]);
    const back = await redeployDefinition(connection, cluster, before, plan, never);
    assert.equal((await watch(back)).verdict.kind, 'healthy');
    const { taskDefinition = '' } = await service('moved');
    const described = await connection.ecs.describeTaskDefinition(taskDefinition, never);
    assert.deepEqual(
      summarize(described).containers.map((each) => each.image),
      [image.replace(/:v1$/, `@${first}`)],
    );
  });

  it('is watched on by another window, from what the first one kept', async () => {
    await made('kept', waiting);
    const begun = await deploy('kept');
    const stop = new AbortController();
    const { spec } = connection;
    const subject = { spec, account: '000000000000', region: 'us-east-1', serviceArn: (await service('kept')).arn };
    const more = { container: undefined, image: 'nginx', from: undefined, startedAt: begun.createdAt };
    let record = beginRecord(begun, { ...subject, ...more });
    const keep = {
      onState(state: RolloutState): void {
        record = withState(record, state, Date.now());
        if (state.hook) stop.abort();
      },
      onEvents: (events: readonly ServiceEvent[]): void => void (record = withEvents(record, events)),
      onFindings: () => undefined,
    };
    const own = [keep, investigatorFor(connection), observerFor(connection, quickClock(), begun)] as const;
    const closed = new RolloutWatch(connection.ecs, quickClock(), begun, ...own).run(50_000, stop.signal);
    assert.equal((await closed).verdict.kind, 'unknown');
    const { start } = JSON.parse(JSON.stringify(record)) as RolloutRecord;
    assert.ok(start.knownEvents.length > begun.knownEvents.length);
    await connection.codeDeploy.continueDeployment(start.deploymentId, 'READY_WAIT', never);
    const states: RolloutState[] = [];
    assert.equal((await watch(start, states)).verdict.kind, 'healthy');
    assert.ok(states.every(({ strategy }) => strategy === 'BLUE_GREEN'));
  });

  it('is failed when the service is deleted meanwhile', async () => {
    await made('gone', waiting);
    const watching = watch(await deploy('gone'));
    await world.ecs.send(new DeleteServiceCommand({ cluster, service: 'gone', force: true }));
    assert.equal((await watching).verdict.kind, 'failed');
  });

  it('says what is missing without a deployment group', async () => {
    await world.service('alone');
    await assert.rejects(deploy('alone'), /No deployment group of CodeDeploy names “alone”/);
  });
});
