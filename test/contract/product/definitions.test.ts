import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { AwsModule, Connection } from '../../../src/aws/api';
import { systemClock } from '../../../src/core/clock';
import { reasonOf } from '../../../src/core/errors';
import { english } from '../../../src/core/message';
import { readDefinition, requireDefinition } from '../../../src/deploy/definition/document';
import { lookupProblems, type LookupPlace } from '../../../src/deploy/definition/lookups';
import { placeOfRefusal } from '../../../src/deploy/definition/refusalPlace';
import { makePlan, type Plan } from '../../../src/deploy/plan';
import { Remembered } from '../../../src/deploy/preflight/remembered';
import { registerCompared } from '../../../src/deploy/register';
import { deploy } from '../../../src/deploy/ship';
import type { RawTaskDefinition } from '../../../src/ecs/gateway';
import { startSandbox, type Sandbox } from '../sandboxProcess';

const never = new AbortController().signal;
const listener = { onStep: () => undefined, onOutput: () => undefined };
const target = {
  ...{ name: 'worker', dockerfile: 'Dockerfile', context: '.', taskDefinition: 'task-definition.json' },
  ...{ repository: 'demo/worker', cluster: 'demo', service: 'worker', container: 'worker' },
};

/** The AWS module as it is shipped: what the bundler leaves out must not be missed. */
const { connect } = require(path.resolve(__dirname, '../../../dist/aws.js')) as AwsModule; // eslint-disable-line @typescript-eslint/no-require-imports

type Json = Record<string, unknown>;

/** An ECS that is newer than the sandbox: it takes a member that nobody knows, and keeps or forgets it. */
function newerEcs(endpoint: string, keeps: boolean): Promise<Server> {
  const kept = new Map<string, unknown>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void forward(Buffer.concat(chunks).toString('utf8')));
    const forward = async (text: string): Promise<void> => {
      const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1];
      const asked = operation?.endsWith('TaskDefinition') ? (JSON.parse(text) as Json) : undefined;
      const { newerThanGantry, ...known } = asked ?? {};
      const headers = Object.entries(request.headers).filter(
        ([name]) => !/^(host|content-length|connection)$/.test(name),
      );
      const answer = await fetch(`${endpoint}${request.url ?? '/'}`, {
        method: request.method ?? 'POST',
        headers: Object.fromEntries(headers) as Record<string, string>,
        body: asked ? JSON.stringify(known) : text,
      });
      let body = await answer.text();
      if (asked && answer.ok) {
        const value = JSON.parse(body) as { taskDefinition: Json };
        const arn = String(value.taskDefinition['taskDefinitionArn']);
        if (newerThanGantry !== undefined && keeps) kept.set(arn, newerThanGantry);
        if (kept.has(arn)) value.taskDefinition['newerThanGantry'] = kept.get(arn);
        body = JSON.stringify(value);
      }
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(body);
    };
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('task definitions of the workspace, over HTTP', () => {
  let sandbox: Sandbox;
  let connection: Connection;
  let file: Json;

  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'simulated' });
    connection = connectTo(sandbox.endpoint);
    const { taskDefinition } = await connection.ecs.describeTaskDefinition('worker', never);
    file = structuredClone(taskDefinition);
    const [container] = file['containerDefinitions'] as Json[];
    Object.assign(container ?? {}, { environment: [{ name: 'EMPTY', value: '' }], image: 'replaced-by-the-ship' });
  });
  after(async () => {
    connection.dispose();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });

  const connectTo = (endpoint: string): Connection =>
    connect({ endpoint, region: 'us-east-1', sandbox: true }, {} as never);
  const planFor = (over: Connection, text: string): Promise<Plan> =>
    makePlan(over, systemClock, target, { commit: 'abc', branch: 'main', dirty: false }, true, never, {
      path: target.taskDefinition,
      input: requireDefinition(text, target.taskDefinition),
    });
  /** Deploys what the registry has by another digest. */
  const ship = async (over: Connection, text: string): Promise<void> => {
    const plan = await planFor(over, text);
    assert.ok(plan.redeploy);
    const image = await over.ecr.findImage('demo/worker', 'v1', never);
    await deploy(over, plan, plan.redeploy, image?.digest ?? '', listener, never);
  };
  const running = async (): Promise<RawTaskDefinition> => {
    const { found } = await connection.ecs.describeServices('demo', ['worker'], never);
    return (await connection.ecs.describeTaskDefinition(found[0]?.taskDefinition ?? '', never)).taskDefinition;
  };
  const updates = async (): Promise<number> =>
    (await sandbox.calls()).filter(({ operation }) => operation === 'UpdateService').length;

  it('are what the next revision is made from, in both formats, with the image of one container', async () => {
    for (const [memory, wrap] of [
      ['1024', (value: Json): unknown => value],
      ['2048', (value: Json): unknown => ({ taskDefinition: value, tags: [{ key: 'team', value: '' }] })],
    ] as const) {
      await ship(connection, JSON.stringify(wrap({ ...file, memory })));
      const now = await running();
      assert.equal(now['memory'], memory);
      const [container] = now['containerDefinitions'] as Json[];
      assert.deepEqual(container?.['environment'], [{ name: 'EMPTY', value: '' }]);
      assert.match(String(container?.['image']), /demo\/worker@sha256:[0-9a-f]{64}$/);
    }
    const { tags } = await connection.ecs.describeTaskDefinition('worker', never);
    assert.deepEqual(tags, [{ key: 'team', value: '' }]);
  });

  it('keep a member that no SDK knows, where ECS does', async () => {
    const server = await newerEcs(sandbox.endpoint, true);
    const over = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await ship(over, JSON.stringify({ ...file, newerThanGantry: { deep: [''] } }));
    const { taskDefinition } = await over.ecs.describeTaskDefinition('worker', never);
    assert.deepEqual(taskDefinition['newerThanGantry'], { deep: [''] });
    over.dispose();
    server.close();
  });

  it('stop before the service is touched where ECS forgets it', async () => {
    const server = await newerEcs(sandbox.endpoint, false);
    const over = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const before = await updates();
    await assert.rejects(
      ship(over, JSON.stringify({ ...file, newerThanGantry: { deep: [''] } })),
      (error) => reasonOf(error) === 'taskDefinitionChanged' && /newerThanGantry/.test((error as Error).message),
    );
    assert.equal(await updates(), before);
    over.dispose();
    server.close();
  });

  it('are refused before anything is done when they lack the container', async () => {
    const text = JSON.stringify({ ...file, containerDefinitions: [{ name: 'other', image: 'x' }] });
    await assert.rejects(planFor(connection, text), (error) =>
      /has no container “worker”/.test((error as Error).message),
    );
  });

  it('are refused by ECS at a place that its words name', async () => {
    const { revision, ...own } = file;
    assert.ok(revision);
    const [container] = structuredClone(file['containerDefinitions']) as Json[];
    const sidecar = { name: 'sidecar', image: 'busybox', portMappings: [{ containerPort: 1, hostPort: 2 }] };
    const at = async (value: Json): Promise<string> => {
      const text = JSON.stringify(value, undefined, 1);
      const document = readDefinition(text);
      assert.ok(document.input);
      const error = await registerCompared(connection.ecs, document.input, never).then(
        () => assert.fail('ECS took it'),
        (caught: { detail?: string; message: string }) => caught,
      );
      const { offset, length } = placeOfRefusal(document, error.detail ?? error.message);
      return text.slice(offset, offset + length);
    };
    assert.equal(await at({ ...own, memory: '700' }), '"256"');
    assert.equal(await at({ ...own, containerDefinitions: [container, sidecar] }), '"awsvpc"');
    const early = { ...sidecar, portMappings: [], memory: 2 };
    assert.equal(await at({ ...own, containerDefinitions: [container, early] }), '2');
  });

  it('are looked up: roles, log groups, secrets and images that are missing, each asked about once', async () => {
    const identity = await connection.identity(never);
    const place: LookupPlace = {
      ...{ connection, identity, key: 'sandbox' },
      isOwnRegistry: (host) => host === sandbox.registry,
    };
    const input = {
      ...{ family: 'web', executionRoleArn: `arn:aws:iam::${identity.account}:role/nobody` },
      containerDefinitions: [
        {
          ...{ name: 'web', image: `${sandbox.registry}/demo/worker:nothing` },
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': '/not/there', 'awslogs-region': 'us-east-1' },
          },
          secrets: [{ name: 'KEY', valueFrom: 'no-such-parameter' }],
        },
        { name: 'sound', image: `${sandbox.registry}/demo/worker:v1` },
        { name: 'elsewhere', image: 'docker.io/library/busybox' },
      ],
    };
    const remembered = new Remembered(systemClock, 15_000);
    const found = await lookupProblems(place, input, remembered, never);
    assert.deepEqual(
      found
        .map(({ path: where, sentence }) => `${where.join('.')}: ${english(sentence)}`)
        .map((text) => text.slice(0, 90))
        .sort(),
      [
        `containerDefinitions.0.image: The image ${sandbox.registry}/demo/worker:nothing does not exist.`.slice(0, 90),
        'containerDefinitions.0.logConfiguration.options.awslogs-group: The log group “/not/there” does not exist, so no container can start.'.slice(
          0,
          90,
        ),
        'containerDefinitions.0.secrets.0.valueFrom: “no-such-parameter” does not exist, so no container that needs it can start.'.slice(
          0,
          90,
        ),
        'executionRoleArn: The role “nobody” does not exist.',
      ].sort(),
    );
    const calls = (await sandbox.calls()).length;
    await lookupProblems(place, input, remembered, never);
    assert.equal((await sandbox.calls()).length, calls);
  });

  it('are warned of an image for one platform that the tasks do not run on', async () => {
    const identity = await connection.identity(never);
    const isOwnRegistry = (host: string): boolean => host === sandbox.registry;
    const place: LookupPlace = { connection, identity, isOwnRegistry, key: 'platform' };
    const [own, other] = process.arch === 'arm64' ? ['ARM64', 'X86_64'] : ['X86_64', 'ARM64'];
    const problems = async (cpuArchitecture: string | undefined): Promise<string[]> => {
      const containers = [{ name: 'web', image: `${sandbox.registry}/demo/worker:v1` }];
      const input = { family: 'web', runtimePlatform: { cpuArchitecture }, containerDefinitions: containers };
      const found = await lookupProblems(place, input, new Remembered(systemClock), never);
      return found.map(({ path: where, sentence }) => `${where.join('.')}: ${english(sentence)}`);
    };
    const [builtFor, runsOn] = own === 'ARM64' ? ['arm64', 'amd64'] : ['amd64', 'arm64'];
    assert.deepEqual(await problems(own), []);
    assert.deepEqual(await problems(other), [
      `containerDefinitions.0.image: The image is built for linux/${builtFor}, but the tasks run on linux/${runsOn}.`,
    ]);
    await sandbox.addFault({ match: { operation: 'GetDownloadUrlForLayer' }, fault: { kind: 'denied' } });
    assert.deepEqual(await problems(other), [], 'nothing is said of what may not be read');
    await sandbox.clearFaults();
  });

  it('have no problem that nobody may look up', async () => {
    await sandbox.addFault({ match: {}, fault: { kind: 'denied' } });
    const identity = { account: '000000000000', region: 'us-east-1', partition: 'aws', caller: '' };
    const place: LookupPlace = { connection, identity, key: 'denied', isOwnRegistry: () => true };
    const input = {
      ...{ family: 'web', executionRoleArn: 'arn:aws:iam::000000000000:role/nobody' },
      containerDefinitions: [{ name: 'web', image: 'registry.example/demo/worker:nothing' }],
    };
    assert.deepEqual(await lookupProblems(place, input, new Remembered(systemClock), never), []);
    await sandbox.clearFaults();
  });
});
