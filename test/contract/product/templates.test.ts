import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Choices, ServiceChoices } from '../../../src/provision/choices';
import { problemsOf } from '../../../src/provision/rules';
import { clusterTemplate } from '../../../src/provision/template/clusterTemplate';
import { templateOf } from '../../../src/provision/template/template';
import { definitionServiceTemplate } from '../../../src/provision/template/serviceFromDefinition';
import { writeTemplate } from '../../../src/provision/template/yaml';
import { express, service } from '../../unit/provision/choices';
import { balanced as behindBalancer, definitionService } from '../../unit/provision/fromDefinition';

type Change = (choices: ServiceChoices) => ServiceChoices;

const [container] = service().containers;
const { front } = service();
const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000';
const group =
  'arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/web';
const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf';
const plain = (choices: ServiceChoices): ServiceChoices => choices;
const sets =
  (says: Partial<ServiceChoices>): Change =>
  (choices) => ({ ...choices, ...says });
const balanced =
  (says: object): Change =>
  (choices) => ({ ...choices, front: { ...front, ...says } as ServiceChoices['front'] });
const contained =
  (says: object): Change =>
  (choices) => ({ ...choices, containers: [{ ...choices.containers[0], ...says }, ...choices.containers.slice(1)] });
const inside: Change = (choices) => ({ ...choices, network: { ...choices.network, publicAddress: false } });
const onInstances =
  (capacity: ServiceChoices['capacity']): Change =>
  (choices) =>
    inside({ ...choices, capacity });

/** What the form can make, choice by choice. */
const factors: readonly (readonly Change[])[] = [
  [
    plain,
    sets({ repository: { kind: 'new', name: 'team/web', scanOnPush: false, immutableTags: true } }),
    sets({
      repository: {
        ...{ kind: 'existing', name: 'web', arn: 'arn:aws:ecr:us-east-1:123456789012:repository/web' },
        uri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web',
      },
    }),
  ],
  [
    plain,
    sets({ cluster: { kind: 'new', name: 'main', insights: true } }),
    sets({ cluster: { kind: 'existing', name: 'main' } }),
  ],
  [
    plain,
    sets({ capacity: { kind: 'fargateSpot' } }),
    onInstances({ kind: 'autoScalingGroup', arn: group }),
    onInstances({ kind: 'managedInstances' }),
    onInstances({ kind: 'provider', name: 'own' }),
    onInstances({ kind: 'registeredInstances' }),
  ],
  [plain, sets({ cpu: 4096, memory: 30_720, platform: 'linux/arm64' })],
  [
    plain,
    contained({
      environment: { MODE: 'a: b', YES: 'yes' },
      secrets: [{ name: 'PASSWORD', valueFrom: `${secret}:key::` }],
    }),
    contained({ secrets: [{ name: 'KEY', valueFrom: 'arn:aws:ssm:us-east-1:123456789012:parameter/team/key' }] }),
  ],
  [
    plain,
    contained({
      healthCheck: {
        command: 'curl -f http://localhost/ || exit 1',
        interval: 10,
        timeout: 5,
        retries: 3,
        startPeriod: 0,
      },
    }),
    (choices) => ({
      ...choices,
      containers: [
        choices.containers[0],
        {
          ...{ ...container, name: 'redis', ports: [6379], essential: false },
          image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/redis:7',
        },
      ],
    }),
  ],
  [
    plain,
    balanced({ scheme: 'internal', allowedFrom: '10.0.0.0/8', healthCheckPath: '/health' }),
    balanced({ certificate, allowedFrom: '2001:db8::/32' }),
    sets({ front: { kind: 'publicAddress', allowedFrom: '0.0.0.0/0' } }),
    sets({ front: { kind: 'none' } }),
  ],
  [plain, sets({ deployment: 'blueGreen' })],
  [plain, sets({ network: { ...service().network, publicAddress: false, securityGroups: ['sg-12345678'] } })],
  [plain, sets({ exec: false, logRetention: 1 })],
  [plain, sets({ desiredCount: 3, scaling: { minimum: 1, maximum: 4, cpuTarget: 60 } })],
];

type Row = readonly number[];

/** Rows in which every two values of two factors meet, where the rules let them: greedy, and the same each time. */
function pairwise(): Row[] {
  const rows: Row[] = [];
  const met = new Set<string>();
  const pair = (a: number, i: number, b: number, j: number): string => `${a}.${i}-${b}.${j}`;
  for (let a = 0; a < factors.length; a++) {
    for (let b = a + 1; b < factors.length; b++) {
      for (let i = 0; i < (factors[a]?.length ?? 0); i++) {
        for (let j = 0; j < (factors[b]?.length ?? 0); j++) {
          if (met.has(pair(a, i, b, j))) continue;
          const start = factors.map((_, at) => (at === a ? i : at === b ? j : 0));
          if (problemsOf(madeOf(start)).length > 0) continue;
          const row = filled(start, [a, b], (at, value, so) =>
            so.some(
              (other, where) =>
                where !== at && !met.has(at < where ? pair(at, value, where, other) : pair(where, other, at, value)),
            ),
          );
          rows.push(row);
          row.forEach((x, at) => row.forEach((y, where) => at < where && met.add(pair(at, x, where, y))));
        }
      }
    }
  }
  return rows;
}

/** Takes for every free factor the last value that brings something new and keeps the rules. */
function filled(start: Row, fixed: readonly number[], isNew: (at: number, value: number, so: Row) => boolean): Row {
  let row = start;
  factors.forEach((values, at) => {
    if (fixed.includes(at)) return;
    for (let value = values.length - 1; value > 0; value--) {
      const next = row.map((old, where) => (where === at ? value : old));
      if (!isNew(at, value, next) || problemsOf(madeOf(next)).length > 0) continue;
      row = next;
      return;
    }
  });
  return row;
}

function madeOf(row: Row): Choices {
  return row.reduce((choices, value, at) => (factors[at]?.[value] ?? plain)(choices), service());
}

/** Services from task definitions that are there. */
const fromDefinitions = [
  definitionService(),
  definitionService({ reach: behindBalancer }),
  definitionService({ reach: { kind: 'publicAddress', container: 'web', port: 8080, allowedFrom: '2001:db8::/32' } }),
  definitionService({ network: undefined, capacity: { kind: 'registeredInstances' } }),
  definitionService({ capacity: { kind: 'provider', name: 'own' }, exec: true, desiredCount: 0 }),
];

describe('templates of new services', function () {
  this.timeout(300_000);
  let folder: string;
  const lint = process.env['GANTRY_TEST_CFN_LINT'] ?? 'cfn-lint';

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'gantry-templates-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('have nothing that AWS’s linter would change, whatever two choices meet', async () => {
    const rows = pairwise();
    assert.ok(rows.length >= 30, `${rows.length} rows`);
    const texts = [
      ...rows.map((row) => writeTemplate(templateOf(madeOf(row)))),
      writeTemplate(templateOf(express())),
      writeTemplate(templateOf(express({ scaling: { minimum: 1, maximum: 3, cpuTarget: 60 } }))),
      writeTemplate(clusterTemplate({ kind: 'new', name: 'main', insights: true })),
      ...fromDefinitions.map((choices) => writeTemplate(definitionServiceTemplate(choices))),
    ];
    const files = await Promise.all(
      [...new Set(texts)].map(async (text, index) => {
        const file = path.join(folder, `${index}.yaml`);
        await writeFile(file, text);
        return file;
      }),
    );
    const { stdout } = await promisify(execFile)(lint, ['--regions', 'us-east-1', '--', ...files]).catch(
      (error: { stdout?: string; message: string }) => ({ stdout: error.stdout ?? error.message }),
    );
    assert.equal(stdout.trim(), '');
  });
});
