import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Connection } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { systemClock } from '../../../src/core/clock';
import { reasonOf } from '../../../src/core/errors';
import { formatImageReference } from '../../../src/core/imageRef';
import { makePlan, type Plan } from '../../../src/deploy/plan';
import { RolloutWatch, type RolloutResult } from '../../../src/deploy/rollout';
import { buildAndPush, deploy } from '../../../src/deploy/ship';
import type { Target } from '../../../src/deploy/target';
import { ContainerEngine, findEngine } from '../../../src/engine/containerEngine';
import { ProcessRunner } from '../../../src/engine/processRunner';
import { serviceAddress } from '../../../src/network/address';
import { startSandbox, type Sandbox } from '../sandboxProcess';
import { webPage } from '../tools';

const never = new AbortController().signal;
const runner = new ProcessRunner();
const source = { branch: 'main', dirty: false };
const target: Target = {
  name: 'web',
  dockerfile: 'Dockerfile',
  context: '.',
  repository: 'demo/web',
  cluster: 'demo',
  service: 'web',
  container: 'web',
};

/** A page, served by the base image that every machine of the tests has. */
const dockerfile = (command: string): string =>
  `FROM busybox:stable\nCOPY page /www/index.html\nEXPOSE 8080\nCMD ${command}\n`;
const httpd = '["httpd", "-f", "-p", "8080", "-h", "/www"]';

describe('a ship with a real engine', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let connection: Connection;
  let engine: ContainerEngine;
  let folder: string;

  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine' });
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    engine = new ContainerEngine(await findEngine('docker', runner, never), runner);
    folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-ship-'));
    await steady();
  });
  after(async () => {
    connection.dispose();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('pulls what is in a repository, with a login of its own, and says why it cannot', async () => {
    const login = await connection.ecr.login(never);
    let output = '';
    const reference = `${sandbox.registry}/demo/web:v1`;
    await engine.pull(reference, login, (text) => (output += text), never);
    assert.match(output, /Digest: sha256:[0-9a-f]{64}/);
    assert.equal(output.includes(login.password), false);
    await assert.rejects(
      engine.pull(`${sandbox.registry}/demo/web:nothing`, login, () => undefined, never),
      (error) => reasonOf(error) === 'pullFailed',
    );
  });

  it('brings a new page to a container that answers HTTP', async () => {
    const { result, output, plan } = await ship('first', 'hello from the first ship', httpd);
    assert.equal(result.verdict.kind, 'healthy');
    const { ecs, network } = connection;
    assert.ok(result.service);
    const { address } = await serviceAddress({ ecs, network }, result.service, 'web', never);
    assert.equal(await webPage(address ?? ''), 'hello from the first ship');
    assert.match(output, /\$ docker .*build/);
    assert.match(output, new RegExp(`${formatImageReference(plan.image)}|first: digest`));
  });

  it('makes a revision that differs in one image, by digest', async () => {
    const before = (await connection.ecs.describeTaskDefinition('web', never)).taskDefinition;
    await ship('second', 'second', httpd);
    const after = (await connection.ecs.describeTaskDefinition('web', never)).taskDefinition;
    const containers = (value: unknown): { image: string }[] => value as { image: string }[];
    const [old, fresh] = [containers(before['containerDefinitions']), containers(after['containerDefinitions'])];
    assert.match(fresh[0]?.image ?? '', new RegExp(`^${sandbox.registry}/demo/web@sha256:[0-9a-f]{64}$`));
    assert.deepEqual({ ...fresh[0], image: '' }, { ...old[0], image: '' });
    assert.equal(Number(after['revision']), Number(before['revision']) + 1);
  });

  it('takes a known number of calls', async () => {
    await sandbox.resetCalls();
    await ship('third', 'third', httpd);
    const calls = (await sandbox.calls()).map(({ operation }) => operation);
    const count = (operation: string): number => calls.filter((each) => each === operation).length;
    for (const once of [
      'DescribeRepositories',
      'GetAuthorizationToken',
      'RegisterTaskDefinition',
      'UpdateService',
      'ListServiceDeployments',
    ]) {
      assert.equal(count(once), 1, once);
    }
    assert.equal(count('DescribeTaskDefinition'), 2);
    assert.ok(count('DescribeServices') < 12, `DescribeServices ${count('DescribeServices')}`);
  });

  it('replaces the tasks when the very same image is shipped again, without a revision', async () => {
    await ship('same', 'same', httpd);
    const before = (await connection.ecs.describeTaskDefinition('web', never)).taskDefinition['revision'];
    const { result, output } = await ship('same', 'same', httpd);
    assert.equal(result.verdict.kind, 'healthy');
    assert.doesNotMatch(output, /docker push/);
    assert.equal((await connection.ecs.describeTaskDefinition('web', never)).taskDefinition['revision'], before);
  });

  it('gives an image that the registry has already another tag, without a push', async () => {
    const { plan: first } = await ship('once', 'twice', httpd);
    const { output } = await ship('again', 'twice', httpd);
    assert.doesNotMatch(output, /docker push/);
    const [once, again] = await Promise.all(
      ['once', 'again'].map((tag) => connection.ecr.findImage(first.repository.name, tag, never)),
    );
    assert.ok(once);
    assert.equal(again?.digest, once.digest);
  });

  it('pushes again what the registry has lost', async () => {
    const { plan } = await ship('lost', 'lost', httpd);
    const { digest = '' } = (await connection.ecr.findImage(plan.repository.name, 'lost', never)) ?? {};
    await connection.ecr.deleteImages(plan.repository.name, [{ digest }], never);
    const { result, output } = await ship('lost', 'lost', httpd);
    assert.match(output, /docker push/);
    assert.equal(result.verdict.kind, 'healthy');
  });

  it('says rolled back, and why, when the new container crashes', async () => {
    const { result } = await ship('crash', 'crash', '["sh", "-c", "exit 3"]');
    assert.equal(result.verdict.kind, 'rolledBack');
    assert.deepEqual(
      result.findings.map(({ signature }) => signature),
      ['exited'],
    );
  });

  it('says rolled back, and why, when the command does not exist', async () => {
    const { result } = await ship('nope', 'nope', '["/no/such/program"]');
    assert.equal(result.verdict.kind, 'rolledBack');
    assert.deepEqual(
      result.findings.map(({ signature }) => signature),
      ['wrongCommand'],
    );
  });

  it('refuses an image for another platform before it is pushed', async () => {
    const plan = { ...(await planFor('platform')), platform: 'linux/s390x' };
    write('platform', httpd);
    // Built for this machine, but meant for another.
    await assert.rejects(push(plan, { platform: undefined }), (error) => reasonOf(error) === 'platformMismatch');
    assert.equal(await connection.ecr.findImage('demo/web', 'platform', never), undefined);
  });

  it('says what does not build, and pushes nothing', async () => {
    write('broken', httpd, 'FROM busybox:stable\nRUN false\n');
    await assert.rejects(push(await planFor('broken')), (error) => reasonOf(error) === 'buildFailed');
    assert.equal(await connection.ecr.findImage('demo/web', 'broken', never), undefined);
  });

  it('leaves no process when a build is cancelled', async () => {
    write('slow', httpd, 'FROM busybox:stable\nRUN sleep 600\n');
    const abort = new AbortController();
    const plan = await planFor('slow');
    const building = push(
      plan,
      {},
      abort.signal,
      (text) => text.includes('sleep 600') && setTimeout(() => abort.abort(), 500),
    );
    await assert.rejects(building, (error) => reasonOf(error) === 'cancelled');
    const { stdout } = await runner.run({ file: 'ps', args: ['-eo', 'args'] }, { signal: never });
    assert.doesNotMatch(stdout, new RegExp(`docker.*${formatImageReference(plan.image)}`));
  });

  it('says that a repository or service does not exist before anything is built', async () => {
    await assert.rejects(
      planFor('x', { ...target, repository: 'nowhere' }),
      (error) => reasonOf(error) === 'repositoryMissing',
    );
    await assert.rejects(
      planFor('x', { ...target, service: 'nothing' }),
      (error) => reasonOf(error) === 'serviceMissing',
    );
    await assert.rejects(
      planFor('x', { ...target, cluster: 'nowhere' }),
      (error) => reasonOf(error) === 'serviceMissing',
    );
    await assert.rejects(
      planFor('x', { ...target, container: 'gone' }),
      (error) => reasonOf(error) === 'targetInvalid',
    );
    await assert.rejects(
      planFor('x', { ...target, account: '123456789012' }),
      (error) => reasonOf(error) === 'wrongAccount',
    );
  });

  it('says that the repository vanished between plan and push', async () => {
    write('late', httpd);
    const plan = await planFor('late');
    const gone = { ...plan, image: { ...plan.image, repository: 'demo/vanished' } };
    await assert.rejects(push(gone), (error) => reasonOf(error) === 'repositoryMissing');
  });

  it('leaves nothing of the login behind', async () => {
    const { stdout } = await runner.run(
      { file: 'find', args: [os.tmpdir(), '-maxdepth', '2', '-path', '*gantry-login-*', '-name', 'config.json'] },
      { signal: never },
    );
    assert.equal(stdout, '');
  });

  function write(page: string, command: string, text = dockerfile(command)): void {
    writeFileSync(path.join(folder, 'page'), page);
    writeFileSync(path.join(folder, 'Dockerfile'), text);
  }

  function planFor(tag: string, of: Target = target): Promise<Plan> {
    return makePlan(connection, systemClock, { ...of, tag }, { ...source, commit: 'abc1234' }, true, never);
  }

  async function push(
    plan: Plan,
    says: { platform?: string | undefined } = {},
    signal = never,
    onOutput: (text: string) => unknown = () => undefined,
  ): Promise<string> {
    const request = {
      dockerfile: path.join(folder, 'Dockerfile'),
      context: folder,
      tag: formatImageReference(plan.image),
      platform: plan.platform,
      stage: undefined,
      buildArguments: {},
      ...says,
    };
    return buildAndPush(connection, engine, plan, request, { onStep: () => undefined, onOutput }, signal);
  }

  async function ship(
    tag: string,
    page: string,
    command: string,
  ): Promise<{ result: RolloutResult; output: string; plan: Plan }> {
    write(page, command);
    const plan = await planFor(tag);
    assert.ok(plan.redeploy);
    let output = '';
    const digest = await push(plan, {}, never, (text) => (output += text));
    const start = await deploy(
      connection,
      plan,
      plan.redeploy,
      digest,
      { onStep: () => undefined, onOutput: () => undefined },
      never,
    );
    const silent = { onState: () => undefined, onEvents: () => undefined, onFindings: () => undefined };
    const watch = new RolloutWatch(connection.ecs, systemClock, start, silent);
    const result = await watch.run(90_000, never);
    return { result, output, plan };
  }

  /** The seed's own image is built while the sandbox answers already. */
  async function steady(): Promise<void> {
    for (let wait = 0; wait < 120; wait++) {
      const { found } = await connection.ecs.describeServices('demo', ['web'], never);
      if (found[0]?.running === 1) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error(`The seed's service never came up.\n${sandbox.log()}`);
  }
});
