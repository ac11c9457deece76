import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { type ApiModel, type ServiceModel, parseApiModel } from '../../src/sandbox/model/apiModel';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { type JsonService, ecr, ecs, signedPost } from './signedPost';

/** The same run for the same seed; another one with GANTRY_FUZZ_SEED. */
const seed = Number(process.env['GANTRY_FUZZ_SEED'] ?? 20260101);
const rounds = Number(process.env['GANTRY_FUZZ_ROUNDS'] ?? 12);

/** Mulberry32: small, and the same on every machine. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const hostile: readonly unknown[] = [
  '',
  'a'.repeat(10_000),
  '../../../etc/passwd',
  '\u0000',
  '💥',
  '__proto__',
  "'; DROP TABLE",
  '$(touch /tmp/x)',
  -1,
  0,
  1e308,
  2 ** 53,
  0.5,
  true,
  [],
  [[[[]]]],
  {},
  { constructor: { prototype: {} } },
  [null],
  Array.from({ length: 500 }, () => 'x'),
];

/**
 * Rules of AWS: the constraints of the API models: types, required members, lengths, patterns, enums; an answer below
 * 500 for every client error.
 */
needsOwnSandbox('somebody who wants thousands of hostile requests').describe(
  `hostile requests (seed ${seed})`,
  function () {
    this.timeout(180_000);
    const file = (name: string): Buffer => readFileSync(path.resolve(__dirname, '../../src/sandbox/model', name));
    const model: ApiModel = parseApiModel(file('model.json.gz'), file('more.json.gz'));
    const random = randomFrom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    let sandbox: Sandbox;
    before(async () => {
      sandbox = await startSandbox({ seed: 'tiny', runtime: 'simulated', args: ['--speed', '20'] });
    });
    after(async () => {
      assert.deepEqual(await sandbox.violations(), [], 'no crash, and every answer keeps to the model');
      assert.equal(await sandbox.stop(), 0);
    });

    const services: readonly (readonly [JsonService, ServiceModel])[] = [ecs, ecr].map((service) => {
      const found = model.services[service.name];
      assert.ok(found);
      return [service, found];
    });

    /** An input of the right members with values that are right, wrong or hostile. */
    function input(service: ServiceModel, operation: string): Record<string, unknown> {
      const shape = service.shapes[service.ops[operation]?.in ?? ''];
      const members = Object.entries(shape?.m ?? {}).filter(() => random() < 0.5);
      return Object.fromEntries(members.map(([name, type]) => [name, value(service, type, 0)]));
    }

    function value(service: ServiceModel, type: string, depth: number): unknown {
      if (random() < 0.25 || depth > 3) return pick(hostile);
      const shape = service.shapes[type];
      switch (shape?.t) {
        case 'structure':
          return Object.fromEntries(
            Object.entries(shape.m ?? {})
              .filter(() => random() < 0.5)
              .map(([name, member]) => [name, value(service, member, depth + 1)]),
          );
        case 'list':
          return Array.from({ length: Math.floor(random() * 3) }, () => value(service, shape.e ?? '', depth + 1));
        case 'map':
          return { key: value(service, shape.v ?? '', depth + 1) };
        case 'boolean':
          return random() < 0.5;
        case 'string':
          return shape.enum ? pick(shape.enum) : pick(['demo', 'web', 'worker', 'demo/web', 'web:1', 'x']);
        default:
          return Math.floor(random() * 200) - 20;
      }
    }

    async function alive(): Promise<void> {
      assert.equal((await sandbox.health())['status'], 'ok');
    }

    it('meet an answer below 500 from every operation of the model', async () => {
      for (const [service, shapes] of services) {
        for (const operation of Object.keys(shapes.ops)) {
          for (let round = 0; round < rounds; round += 1) {
            const sent = input(shapes, operation);
            const { status, body } = await signedPost(sandbox, service, operation, sent);
            const told = `${operation} ${JSON.stringify(sent).slice(0, 300)} → ${status} ${JSON.stringify(body).slice(0, 200)}`;
            assert.ok(status < 500, told);
            if (status !== 200) assert.equal(typeof body['__type'], 'string', told);
          }
        }
      }
      await alive();
    });

    it('meet no 200 when a member has the wrong type, is unknown or is missing', async () => {
      for (const [service, shapes] of services) {
        for (const operation of Object.keys(shapes.ops)) {
          const shape = shapes.shapes[shapes.ops[operation]?.in ?? ''];
          const refused = async (sent: unknown): Promise<void> => {
            const { status, body } = await signedPost(sandbox, service, operation, sent);
            assert.ok(
              status >= 400 && status < 500,
              `${operation} ${JSON.stringify(sent)} → ${status} ${JSON.stringify(body)}`,
            );
          };
          for (const [name, type] of Object.entries(shape?.m ?? {})) {
            await refused({
              [name]: shapes.shapes[type]?.t === 'string' ? { not: 'a string' } : 'not a number or a list',
            });
          }
          await refused({ noSuchMember: 1 });
          if ((shape?.required ?? []).length > 0) await refused({});
          await refused('{"cut": ');
          await refused('[]');
          await refused('null');
        }
      }
      await alive();
    });

    /** The other services, with how their requests are written. */
    const others: readonly (readonly [name: string, signingName: string])[] = [
      ['logs', 'logs'],
      ['application-autoscaling', 'application-autoscaling'],
      ['ssm', 'ssm'],
      ['secretsmanager', 'secretsmanager'],
      ['acm', 'acm'],
      ['cloudwatch', 'monitoring'],
      ['elbv2', 'elasticloadbalancing'],
      ['ec2', 'ec2'],
      ['iam', 'iam'],
      ['sts', 'sts'],
    ];

    async function formPost(
      signingName: string,
      action: string,
      sent: unknown,
    ): Promise<{ status: number; text: string }> {
      const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
      const scope = `AKID/${date.slice(0, 8)}/us-east-1/${signingName}/aws4_request`;
      const body = new URLSearchParams({ Action: action, Version: '2015-01-01' });
      flatten(body, '', sent);
      const headers = {
        'x-amz-date': date,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
      };
      const signal = AbortSignal.timeout(10_000);
      const answer = await fetch(sandbox.endpoint, { method: 'POST', headers, body, signal });
      // Live Tail goes on for hours.
      if (answer.headers.get('content-type')?.includes('eventstream')) return { status: answer.status, text: '' };
      return { status: answer.status, text: await answer.text() };
    }

    function flatten(form: URLSearchParams, name: string, value: unknown): void {
      if (form.size > 60) return;
      const inside = (part: string | number): string => (name === '' ? String(part) : `${name}.${part}`);
      if (Array.isArray(value)) value.forEach((item, index) => flatten(form, inside(index + 1), item));
      else if (typeof value === 'object' && value !== null) {
        for (const [key, member] of Object.entries(value)) flatten(form, inside(key), member);
      } else form.append(name, String(value));
    }

    it('meet an answer below 500 from every operation of every other service', async () => {
      for (const [name, signingName] of others) {
        const service = model.services[name];
        assert.ok(service);
        for (const operation of Object.keys(service.ops)) {
          for (let round = 0; round < Math.ceil(rounds / 4); round += 1) {
            if (operation === 'StartLiveTail') continue;
            const sent = input(service, operation);
            const told = `${name} ${operation} ${JSON.stringify(sent).slice(0, 300)}`;
            if (service.target !== null) {
              const { status, body } = await signedPost(
                sandbox,
                { name: signingName, target: service.target },
                operation,
                sent,
              );
              assert.ok(status < 500, `${told} → ${status} ${JSON.stringify(body).slice(0, 200)}`);
            }
            if (service.target === null || name === 'cloudwatch') {
              const { status, text } = await formPost(signingName, operation, sent);
              assert.ok(status < 500, `${told} → ${status} ${text.slice(0, 200)}`);
              if (status !== 200) assert.match(text, /<Code>[\w.]+<\/Code>/, told);
            }
          }
        }
      }
      await alive();
    });

    it('meet no 200 from any other service when a member is unknown or missing', async () => {
      for (const [name, signingName] of others) {
        const service = model.services[name];
        for (const [operation, { in: shape }] of Object.entries(service?.ops ?? {})) {
          const wrong: unknown[] = [{ noSuchMember: 'x' }];
          if ((service?.shapes[shape ?? '']?.required ?? []).length > 0) wrong.push({});
          for (const sent of wrong) {
            const target = service?.target ?? null;
            const { status } =
              target === null
                ? await formPost(signingName, operation, sent)
                : await signedPost(sandbox, { name: signingName, target }, operation, sent);
            const empty = shape === null || Object.keys(service?.shapes[shape]?.m ?? {}).length === 0;
            assert.ok(
              empty || (status >= 400 && status < 500),
              `${name} ${operation} ${JSON.stringify(sent)} → ${status}`,
            );
          }
        }
      }
      await alive();
    });

    it('meet no crash in the registry', async () => {
      const { body } = await signedPost(sandbox, ecr, 'GetAuthorizationToken', {});
      const [data] = body['authorizationData'] as { authorizationToken: string }[];
      const authorization = `Basic ${data?.authorizationToken ?? ''}`;
      const names = ['demo/web', 'absent', '../../etc', 'demo%2fweb', 'UPPER', 'a'.repeat(5000), '%', '%00'];
      const rests = ['blobs/', 'blobs/uploads/', 'manifests/', 'tags/', 'referrers/', ''];
      const references = [
        'v1',
        'list',
        'sha256:00',
        `sha256:${'0'.repeat(64)}`,
        '..%2f..%2fstate',
        '%ff',
        '',
        'sha512:00',
      ];
      for (let round = 0; round < 600; round += 1) {
        const url = `${sandbox.endpoint}/v2/${pick(names)}/${pick(rests)}${pick(references)}?digest=${pick(references)}&n=${pick(['-1', 'x', '0'])}`;
        const method = pick(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS']);
        const sends = ['PUT', 'POST', 'PATCH'].includes(method);
        const headers = { authorization, range: 'bytes=9-1', 'content-range': pick(['9-1', 'x', '0-0']) };
        const answer = await fetch(url, {
          method,
          headers,
          ...(sends ? { body: pick(['', '{}', '{"manifests":{}}', 'null', '\u0000']) } : {}),
        });
        assert.ok(answer.status < 500, `${method} ${url} → ${answer.status}`);
        await answer.arrayBuffer();
      }
      await alive();
    });

    it('meet no hang when they are not HTTP', async () => {
      for (const bytes of [
        '\u0016\u0003\u0001\u0002',
        'GET\r\n\r\n',
        'POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n',
        '\r\n'.repeat(50),
      ]) {
        const socket = net.connect(Number(new URL(sandbox.endpoint).port), '127.0.0.1');
        await new Promise<void>((resolve) => {
          socket.once('close', () => resolve());
          socket.once('error', () => resolve());
          socket.setTimeout(3000, () => socket.destroy());
          socket.write(bytes, 'latin1');
          socket.resume();
          socket.end();
        });
      }
      await alive();
    });
  },
);
