import assert from 'node:assert/strict';
import { passed, failed, type Check } from '../../../src/deploy/preflight/check';
import { Remembered } from '../../../src/deploy/preflight/remembered';
import { grantsFor, trusts } from '../../../src/deploy/preflight/roles';
import { sourceOf } from '../../../src/deploy/preflight/secrets';
import { memoriesFor } from '../../../src/ecs/fargateSizes';
import { checkSize } from '../../../src/deploy/preflight/size';
import { message } from '../../../src/core/message';
import { needsOf, type TaskNeeds } from '../../../src/ecs/taskNeeds';
import { VirtualClock } from '../sandbox/virtualClock';

const identity = { account: '123456789012', region: 'eu-west-1', partition: 'aws', caller: '' };
const needs = (definition: Record<string, unknown> = {}): TaskNeeds => needsOf(definition);

describe('what a task definition needs', () => {
  it('is read off as ECS understands it', () => {
    const logConfiguration = {
      logDriver: 'awslogs',
      options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-create-group': 'true' },
      secretOptions: [{ name: 'token', valueFrom: 'log-token' }],
    };
    const found = needs({
      containerDefinitions: [
        {
          ...{ name: 'web', image: 'x', logConfiguration, environment: [{ name: 'PORT', value: '80' }] },
          portMappings: [{ containerPort: 80 }, { containerPort: 53, protocol: 'udp' }],
          secrets: [{ name: 'A', valueFrom: '/a' }],
          repositoryCredentials: { credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub' },
        },
        { name: 'sidecar', image: 'y', logConfiguration },
        { name: 'other', image: 'z', logConfiguration: { logDriver: 'json-file' } },
      ],
    });
    assert.equal(found.networkMode, 'bridge');
    assert.deepEqual(found.logGroups, [{ name: '/ecs/web', region: 'eu-west-1', isCreated: true }]);
    assert.deepEqual(found.containers[0], { name: 'web', image: 'x', ports: [80], portVariable: '80' });
    assert.deepEqual(
      found.secrets.map(({ container, valueFrom }) => [container, valueFrom]),
      [
        ['web', '/a'],
        ['web', 'log-token'],
        ['web', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub'],
        ['sidecar', 'log-token'],
      ],
    );
  });
});

describe('sizes of Fargate', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['256', '512', true],
    ['256', '1536', false],
    ['256', '2048', true],
    ['512', '1024', true],
    ['512', '512', false],
    ['1024', '8192', true],
    ['2048', '3072', false],
    ['4096', '30720', true],
    ['8192', '18432', false],
    ['8192', '20480', true],
    ['16384', '122880', true],
    ['300', '512', false],
    ['', '', false],
  ];
  for (const [cpu, memory, fits] of rows) {
    it(`${cpu || 'no'} CPU units with ${memory || 'no'} MiB ${fits ? 'exist' : 'do not exist'}`, () => {
      const [check] = checkSize({ ...needs(), networkMode: 'awsvpc', cpu, memory }, true);
      assert.equal(check?.state, fits ? 'passed' : 'failed');
    });
  }
  it('matter on Fargate only, and in awsvpc mode only', () => {
    assert.deepEqual(checkSize(needs(), false), []);
    assert.equal(checkSize(needs({ cpu: '256', memory: '512' }), true)[0]?.state, 'failed');
    assert.equal(memoriesFor(16384).at(-1), 122_880);
  });
});

describe('a trust policy', () => {
  const policy = (Principal: unknown, Action: unknown = 'sts:AssumeRole', Effect = 'Allow'): string =>
    JSON.stringify({ Statement: [{ Effect, Principal, Action }] });
  const tasks = 'ecs-tasks.amazonaws.com';
  it('lets ECS tasks in by name, in a list, or with everybody', () => {
    assert.equal(trusts(policy({ Service: tasks })), true);
    assert.equal(trusts(policy({ Service: ['ec2.amazonaws.com', tasks] }, ['sts:TagSession', 'sts:AssumeRole'])), true);
    assert.equal(trusts(policy('*')), true);
    assert.equal(
      trusts(JSON.stringify({ Statement: { Effect: 'Allow', Principal: { Service: tasks }, Action: 'sts:*' } })),
      true,
    );
  });
  it('does not where it is for others, for another action, or denies', () => {
    assert.equal(trusts(policy({ Service: 'ecs.amazonaws.com' })), false);
    assert.equal(trusts(policy({ AWS: 'arn:aws:iam::123456789012:root' })), false);
    assert.equal(trusts(policy({ Service: tasks }, 'sts:TagSession')), false);
    assert.equal(trusts(policy({ Service: tasks }, 'sts:AssumeRole', 'Deny')), false);
  });
});

describe('where a secret is', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf';
  const rows: readonly (readonly [string, string, string])[] = [
    ['db-password', 'parameter', 'db-password'],
    ['/team/db', 'parameter', '/team/db'],
    ['arn:aws:ssm:eu-west-1:123456789012:parameter/team/db', 'parameter', '/team/db'],
    ['arn:aws:ssm:eu-west-1:123456789012:parameter/db', 'parameter', 'db'],
    [arn, 'secret', arn],
    [`${arn}:password::`, 'secret', arn],
    [`${arn}:password:AWSPREVIOUS:`, 'secret', arn],
    [arn.replace('eu-west-1', 'us-east-1'), 'elsewhere', arn.replace('eu-west-1', 'us-east-1')],
    [arn.replace('123456789012', '210987654321'), 'elsewhere', arn.replace('123456789012', '210987654321')],
  ];
  for (const [valueFrom, kind, id] of rows) {
    it(`is a ${kind} for ${valueFrom}`, () => assert.deepEqual(sourceOf(valueFrom, identity), { kind, id }));
  }
});

describe('what an execution role must be allowed', () => {
  it('is pulling from the repository of its own account, writing its logs, and reading its secrets', () => {
    const repository = 'arn:aws:ecr:eu-west-1:123456789012:repository/web';
    const definition = {
      containerDefinitions: [
        {
          name: 'web',
          secrets: [{ name: 'A', valueFrom: '/team/a' }],
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web' } },
        },
      ],
    };
    assert.deepEqual(
      grantsFor(needs(definition), repository, identity).map(({ resource }) => resource),
      [
        repository,
        'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web:*',
        'arn:aws:ssm:eu-west-1:123456789012:parameter/team/a',
      ],
    );
    const foreign = repository.replace('123456789012', '210987654321');
    assert.deepEqual(grantsFor(needs(), foreign, identity), [], 'the other account decides by a policy of its own');
  });
});

describe('answers of the last minute', () => {
  it('are believed when they passed, and asked for again when they did not', async () => {
    const clock = new VirtualClock();
    const remembered = new Remembered(clock);
    let asked = 0;
    let answer: Check = passed('logGroup', message('there'));
    const ask = (): Promise<Check[]> => {
      asked++;
      return Promise.resolve([answer]);
    };
    await remembered.checks('a', ask);
    await remembered.checks('a', ask);
    assert.equal(asked, 1);
    await remembered.checks('b', ask);
    assert.equal(asked, 2, 'another question');
    await clock.advance(61_000);
    answer = failed('logGroup', message('gone'), message('make it'));
    assert.equal((await remembered.checks('a', ask))[0]?.state, 'failed');
    await remembered.checks('a', ask);
    assert.equal(asked, 4);
  });
});
