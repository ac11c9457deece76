import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Connection } from '../../../src/aws/api';
import type { ConnectionSpec } from '../../../src/core/connection';
import { connect } from '../../../src/aws/connect';
import { reasonOf } from '../../../src/core/errors';
import { EcrInventory } from '../../../src/ecr/inventory';
import { EcsInventory } from '../../../src/ecs/inventory';
import { startSandbox, type Sandbox, type SandboxFault } from '../sandboxProcess';

const never = new AbortController().signal;
const rejectsWith =
  (reason: string) =>
  (error: unknown): boolean => {
    assert.equal(reasonOf(error), reason, String(error));
    return true;
  };

describe('the product’s gateways against the sandbox', () => {
  let sandbox: Sandbox;
  let connection: Connection;

  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'simulated' });
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
  });
  after(async () => {
    connection.dispose();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });
  afterEach(() => sandbox.clearFaults());

  it('know who they are with one call, asked once', async () => {
    await sandbox.resetCalls();
    const [identity] = await Promise.all([connection.identity(never), connection.identity(never)]);
    await connection.identity(never);
    assert.deepEqual([identity.account, identity.region, identity.partition], ['000000000000', 'us-east-1', 'aws']);
    assert.deepEqual(await operations(), ['GetCallerIdentity']);
  });

  it('list clusters, services, tasks, repositories and images with the fewest calls', async () => {
    await sandbox.resetCalls();
    const ecs = new EcsInventory(connection.ecs);
    const [cluster] = (await ecs.listClusters(never)).items;
    assert.equal(cluster?.name, 'demo');
    const list = ecs.services(cluster.arn);
    await list.open(never);
    await until(() => list.complete);
    assert.deepEqual(
      list.services.map(({ name }) => name),
      ['web', 'worker'],
    );
    const { items: tasks } = await ecs.listTasks(cluster.arn, { serviceName: 'web' }, never);
    assert.deepEqual(
      tasks.map(({ group }) => group),
      ['service:web'],
    );
    const ecr = new EcrInventory(connection.ecr);
    const { items: repositories } = await ecr.listRepositories(never);
    assert.deepEqual(
      repositories.map(({ name }) => name),
      ['demo/web', 'demo/worker'],
    );
    const { items: images } = await ecr.listImages('demo/web', never);
    assert.match(images[0]?.digest ?? '', /^sha256:[0-9a-f]{64}$/);
    const expected = [
      'ListClusters',
      'DescribeClusters',
      'ListServices',
      'DescribeServices',
      'ListTasks',
      'DescribeTasks',
    ];
    assert.deepEqual(await operations(), [...expected, 'DescribeRepositories', 'DescribeImages']);
  });

  it('carry a task definition over without loss, empty strings included', async () => {
    const { taskDefinition } = await connection.ecs.describeTaskDefinition('web', never);
    const [definition] = taskDefinition['containerDefinitions'] as { environment: { value: string }[] }[];
    assert.ok(
      definition?.environment.some(({ value }) => value === ''),
      'the seed has an empty environment value',
    );
    const raw = {
      family: 'copy',
      containerDefinitions: taskDefinition['containerDefinitions'],
      tags: [{ key: 'a', value: '' }],
    };
    const arn = await connection.ecs.registerTaskDefinition(raw, never);
    const copy = await connection.ecs.describeTaskDefinition(arn, never);
    assert.deepEqual(copy.taskDefinition['containerDefinitions'], taskDefinition['containerDefinitions']);
    assert.deepEqual(copy.tags, [{ key: 'a', value: '' }]);
  });

  it('say what is not there', async () => {
    await assert.rejects(connection.ecs.listServices('nowhere', undefined, never), rejectsWith('notFound'));
    const { found, missing } = await connection.ecs.describeServices('demo', ['nothing'], never);
    assert.deepEqual([found.length, missing[0]?.reason], [0, 'MISSING']);
    assert.equal(await connection.ecr.findImage('demo/web', 'nothing', never), undefined);
    await assert.rejects(connection.ecr.findImage('nowhere', 'x', never), rejectsWith('notFound'));
  });

  it('create a repository, and say why one is refused', async () => {
    const { uri } = await connection.ecr.createRepository('team/new', never);
    assert.equal(uri, `${sandbox.registry}/team/new`);
    await assert.rejects(connection.ecr.createRepository('team/new', never), rejectsWith('refused'));
  });

  it('get a login for the registry', async () => {
    const { user, password, host } = await connection.ecr.login(never);
    assert.deepEqual([user, host, password.length > 20], ['AWS', sandbox.registry, true]);
  });

  const faults: [string, SandboxFault['fault'], string][] = [
    ['a page of HTML', { kind: 'html' }, 'badAnswer'],
    ['half an answer', { kind: 'truncate' }, 'unreachable'],
    ['a reset connection', { kind: 'reset' }, 'unreachable'],
    [
      'an expired session',
      { kind: 'error', status: 400, code: 'ExpiredTokenException', message: 'x' },
      'credentialsExpired',
    ],
    ['a denied call', { kind: 'error', status: 400, code: 'AccessDeniedException', message: 'x' }, 'accessDenied'],
    [
      'throttling that does not end',
      { kind: 'error', status: 400, code: 'ThrottlingException', message: 'x' },
      'throttled',
    ],
    ['a broken server', { kind: 'error', status: 500, code: 'InternalFailure', message: 'x' }, 'unreachable'],
  ];
  for (const [what, fault, reason] of faults) {
    it(`meet ${what} with ${reason}`, async () => {
      await sandbox.addFault({ match: { operation: 'ListClusters' }, fault });
      await assert.rejects(connection.ecs.listClusters(undefined, never), rejectsWith(reason));
    });
  }

  it('sit out a single throttled call by themselves', async () => {
    await sandbox.addFault({
      match: { operation: 'ListClusters' },
      times: 1,
      fault: { kind: 'error', status: 400, code: 'ThrottlingException' },
    });
    assert.equal((await connection.ecs.listClusters(undefined, never)).items.length, 1);
  });

  it('stop at once when they are cancelled while AWS says nothing', async () => {
    await sandbox.addFault({ match: { operation: 'ListClusters' }, fault: { kind: 'hang' } });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    const began = Date.now();
    await assert.rejects(connection.ecs.listClusters(undefined, abort.signal), rejectsWith('cancelled'));
    assert.ok(Date.now() - began < 2_000);
  });

  async function operations(): Promise<string[]> {
    return (await sandbox.calls()).map(({ operation }) => operation);
  }
});

describe('connections that cannot work', () => {
  const saved = { ...process.env };
  const opened: Connection[] = [];
  const open = (spec: ConnectionSpec): Connection => {
    const connection = connect(spec);
    opened.push(connection);
    return connection;
  };
  afterEach(() => {
    for (const connection of opened.splice(0)) connection.dispose();
  });
  beforeEach(() => {
    for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) Reflect.deleteProperty(process.env, key);
    Object.assign(process.env, {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });
  after(() => {
    for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) Reflect.deleteProperty(process.env, key);
    Object.assign(process.env, saved);
  });

  it('have a profile that does not exist', async () => {
    await assert.rejects(
      open({ profile: 'nobody', region: 'us-east-1' }).identity(never),
      rejectsWith('profileMissing'),
    );
  });
  it('have a profile in the environment that does not exist', async () => {
    process.env['AWS_PROFILE'] = 'nobody';
    await assert.rejects(
      open({ region: 'us-east-1' }).ecs.listClusters(undefined, never),
      rejectsWith('profileMissing'),
    );
  });
  it('have no Region', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
    await assert.rejects(open({}).ecs.listClusters(undefined, never), rejectsWith('regionMissing'));
  });
  it('have an empty Region, which is none', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: '' });
    await assert.rejects(open({}).ecs.listClusters(undefined, never), rejectsWith('regionMissing'));
  });
  it('have no credentials', async () => {
    await assert.rejects(
      open({ region: 'us-east-1' }).ecs.listClusters(undefined, never),
      rejectsWith('credentialsMissing'),
    );
  });
  it('have an endpoint where nobody listens', async () => {
    const closed = await freePort();
    const connection = open({ endpoint: `http://127.0.0.1:${closed}`, sandbox: true });
    await assert.rejects(connection.ecs.listClusters(undefined, never), rejectsWith('unreachable'));
  });
  it('have an endpoint that answers something else', async () => {
    const server = await serve('<html><body>Sign in to the guest network</body></html>');
    const { port } = server.address() as AddressInfo;
    const connection = open({ endpoint: `http://127.0.0.1:${port}`, sandbox: true });
    await assert.rejects(connection.ecs.listClusters(undefined, never), rejectsWith('badAnswer'));
    await assert.rejects(connection.identity(never), rejectsWith('badAnswer'));
    await assert.rejects(connection.ecs.describeTaskDefinition('web', never), rejectsWith('badAnswer'));
    close(server);
  });
});

describe('a profile with an endpoint of its own', () => {
  const saved = { ...process.env };
  let sandbox: Sandbox;
  let folder: string;
  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'simulated' });
    folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-profiles-'));
    const config = `
[profile plain]
region = eu-west-1
aws_access_key_id = a
aws_secret_access_key = b
endpoint_url = ${sandbox.endpoint}

[profile sections]
region = eu-west-1
aws_access_key_id = a
aws_secret_access_key = b
endpoint_url = http://127.0.0.1:1
services = local

[services local]
ecs =
  endpoint_url = ${sandbox.endpoint}
sts =
  endpoint_url = ${sandbox.endpoint}
`;
    writeFileSync(path.join(folder, 'config'), config);
    for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) Reflect.deleteProperty(process.env, key);
    process.env['AWS_CONFIG_FILE'] = path.join(folder, 'config');
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
  });
  after(async () => {
    for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) Reflect.deleteProperty(process.env, key);
    Object.assign(process.env, saved);
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is asked there, whether it is chosen here or in the environment', async () => {
    const chosen = connect({ profile: 'plain' });
    assert.equal((await chosen.identity(never)).account, '000000000000');
    assert.equal((await chosen.ecs.listClusters(undefined, never)).items.length, 1);
    chosen.dispose();
    process.env['AWS_PROFILE'] = 'plain';
    const named = connect({});
    assert.equal((await named.ecr.describeRepositories({}, never)).items.length, 2);
    named.dispose();
    Reflect.deleteProperty(process.env, 'AWS_PROFILE');
  });

  it('is asked where its services section says, before its own endpoint', async () => {
    const connection = connect({ profile: 'sections' });
    assert.equal((await connection.identity(never)).region, 'eu-west-1');
    assert.equal((await connection.ecs.listClusters(undefined, never)).items.length, 1);
    await assert.rejects(connection.ecr.login(never), rejectsWith('unreachable'));
    connection.dispose();
  });

  it('gives way to an endpoint that the connection names', async () => {
    const connection = connect({ profile: 'plain', endpoint: 'http://127.0.0.1:1' });
    await assert.rejects(connection.ecs.listClusters(undefined, never), rejectsWith('unreachable'));
    connection.dispose();
  });
});

describe('members that the SDK does not know', () => {
  it('come out of DescribeTaskDefinition and go into RegisterTaskDefinition', async () => {
    const taskDefinition = {
      family: 'web',
      newerThanTheSdk: { a: [''] },
      containerDefinitions: [{ name: 'web', brandNew: false }],
    };
    const bodies: string[] = [];
    const server = await serve(
      JSON.stringify({ taskDefinition: { ...taskDefinition, taskDefinitionArn: 'arn' }, tags: [] }),
      bodies,
    );
    const { port } = server.address() as AddressInfo;
    const connection = connect({ endpoint: `http://127.0.0.1:${port}`, sandbox: true });
    const described = await connection.ecs.describeTaskDefinition('web', never);
    assert.deepEqual(described.taskDefinition, { ...taskDefinition, taskDefinitionArn: 'arn' });
    await connection.ecs.registerTaskDefinition(taskDefinition, never);
    assert.deepEqual(JSON.parse(bodies[1] ?? ''), taskDefinition);
    connection.dispose();
    close(server);
  });
});

/** A server that answers everything with the same text. */
function serve(text: string, bodies: string[] = []): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': text.startsWith('<') ? 'text/html' : 'application/x-amz-json-1.1' });
      response.end(text);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Ends a server with the connections that clients keep open. */
function close(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function freePort(): Promise<number> {
  const server = await serve('');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits for what is read in the background. */
async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come about within 10 s');
}
