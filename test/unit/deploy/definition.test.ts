import assert from 'node:assert/strict';
import { reasonOf } from '../../../src/core/errors';
import { english } from '../../../src/core/message';
import { placeOf, readDefinition, requireDefinition } from '../../../src/deploy/definition/document';
import { definitionProblems } from '../../../src/deploy/definition/problems';
import { unexpectedDifferences } from '../../../src/deploy/taskDefinition';

const input = {
  family: 'web',
  aMemberThatNoSdkKnows: { deep: ['', 0, false, null] },
  containerDefinitions: [
    { name: 'web', image: 'web:1', environment: [{ name: 'EMPTY', value: '' }], command: [''] },
    { name: 'agent', image: 'agent:1', essential: false },
  ],
  memory: '512',
};
const tags = [{ key: 'team', value: '' }];
const ofRevision = {
  taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:7',
  ...{ revision: 7, status: 'ACTIVE', requiresAttributes: [], compatibilities: ['EC2'] },
  ...{ registeredAt: '2026-01-01T00:00:00+00:00', registeredBy: 'somebody' },
  ...{ deregisteredAt: '', deleteRequestedAt: '' },
};
const write = (value: unknown): string => JSON.stringify(value, undefined, 2);

describe('a task definition as a document', () => {
  it('is the input of RegisterTaskDefinition, in which nothing is lost', () => {
    assert.deepEqual(readDefinition(write({ ...input, tags })).input, { ...input, tags });
  });

  it('is what describe-task-definition prints, without the nine members of a revision', () => {
    const text = write({ taskDefinition: { ...input, ...ofRevision }, tags });
    assert.deepEqual(readDefinition(text).input, { ...input, tags });
    assert.deepEqual(readDefinition(write({ ...input, ...ofRevision, tags: [] })).input, input);
  });

  it('says where it is none', () => {
    const fail = (text: string, sentence: RegExp): void =>
      assert.throws(
        () => requireDefinition(text, 'web.task-definition.json'),
        (error) => reasonOf(error) === 'targetInvalid' && sentence.test((error as Error).message),
      );
    fail('{\n  "family": web\n}', /^web\.task-definition\.json:2:13 is no task definition\..*InvalidSymbol/);
    fail('{\n  "family": "web", // a comment\n "containerDefinitions": []}', /:2:20 .*InvalidCommentToken/);
    fail('{"family": "web"}', /:1:1 .*“containerDefinitions” is missing/);
    fail('[]', /:1:1 .*is a JSON object/);
    fail('', /:1:1 /);
  });

  it('knows the place of a member in both shapes, and of what lacks one', () => {
    for (const value of [input, { taskDefinition: input }]) {
      const document = readDefinition(write(value));
      const textAt = (...path: (string | number)[]): string => {
        const { offset, length } = placeOf(document, path);
        return document.text.slice(offset, offset + length);
      };
      assert.equal(textAt('containerDefinitions', 1, 'image'), '"agent:1"');
      assert.equal(textAt('containerDefinitions', 0, 'environment', 0, 'value'), '""');
      assert.equal(textAt('containerDefinitions', 0, 'environment'), '"environment"');
      assert.equal(textAt('containerDefinitions', 0, 'memory'), '{');
      assert.equal(textAt('executionRoleArn'), '{');
    }
  });
});

describe('the rules of task definitions', () => {
  const web = { name: 'web', image: 'web:1' };
  const fargate = {
    ...{ family: 'web', requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512' },
    containerDefinitions: [web],
  };
  const onEc2 = (...containerDefinitions: object[]): object => ({ family: 'web', memory: '512', containerDefinitions });
  /** `path: sentence` of everything that is wrong. */
  const problems = (value: object): string[] =>
    definitionProblems(value as Record<string, unknown>).map(
      ({ path, sentence }) => `${path.join('.')}: ${english(sentence)}`,
    );
  const check = (title: string, value: object, ...wanted: RegExp[]): void => {
    it(title, () => {
      const found = problems(value);
      assert.equal(found.length, wanted.length, found.join('\n'));
      wanted.forEach((pattern, index) => assert.match(found[index] ?? '', pattern));
    });
  };

  check('find nothing in a sound one', fargate);
  check('take sizes with units', { ...fargate, cpu: '.25 vCPU', memory: '1 GB' });
  check(
    'know the sizes of Fargate',
    { ...fargate, memory: '4096' },
    /^memory: Fargate does not have 4096 MiB with 256/,
  );
  check('know its CPU units', { ...fargate, cpu: '300' }, /^cpu: Fargate has no size of 300 CPU units/);
  check('know its network mode', { ...fargate, networkMode: 'bridge' }, /^networkMode: Fargate runs tasks in awsvpc/);
  check(
    'want a size on Fargate',
    { ...fargate, cpu: undefined, memory: undefined },
    /^requiresCompatibilities: .*“cpu”/,
    /“memory”/,
  );
  check('want names once', onEc2(web, web), /^containerDefinitions\.1\.name: Two containers have the name “web”/);
  check(
    'want an essential container',
    onEc2({ ...web, essential: false }),
    /^containerDefinitions\.0\.essential: No container is essential/,
  );
  check(
    'compare the containers’ memory with the task’s',
    onEc2({ ...web, memory: 400 }, { ...web, name: 'b', memory: 200 }),
    /^memory: The containers want 600 MiB, but the task has 512/,
  );
  check('compare one container’s memory', onEc2({ ...web, memory: 900 }), /^containerDefinitions\.0\.memory: “web”/);
  check(
    'want memory somewhere',
    { family: 'web', containerDefinitions: [web] },
    /^containerDefinitions\.0\.name: Nothing says how much memory/,
  );
  check(
    'know that a reservation is within the limit',
    onEc2({ ...web, memory: 100, memoryReservation: 200 }),
    /memoryReservation: “web” reserves 200 MiB of at most 100/,
  );
  const ports = (...portMappings: object[]): object => ({
    ...fargate,
    containerDefinitions: [{ ...web, portMappings }],
  });
  check('take the same host port in awsvpc mode', ports({ containerPort: 80, hostPort: 80 }));
  check(
    'refuse another one',
    ports({ containerPort: 80, hostPort: 8080 }),
    /^containerDefinitions\.0\.portMappings\.0\.hostPort: In awsvpc mode/,
  );
  check(
    'refuse a port that another container has, of the same protocol',
    {
      ...fargate,
      containerDefinitions: [
        { ...web, portMappings: [{ containerPort: 53 }] },
        { ...web, name: 'b', portMappings: [{ containerPort: 53, protocol: 'udp' }, { containerPort: 53 }] },
      ],
    },
    /^containerDefinitions\.1\.portMappings\.1\.containerPort: “web” has the port 53\/tcp already/,
  );
  check(
    'let containers in bridge mode listen on the same port',
    onEc2(
      { ...web, portMappings: [{ containerPort: 80 }] },
      { ...web, name: 'b', portMappings: [{ containerPort: 80 }] },
    ),
  );
  check(
    'know what may be waited for',
    onEc2(web, {
      ...{ ...web, name: 'b' },
      dependsOn: [
        { containerName: 'web', condition: 'HEALTHY' },
        { containerName: 'web', condition: 'SUCCESS' },
        { containerName: 'nobody', condition: 'START' },
      ],
    }),
    /dependsOn\.0\.condition: “web” has no health check/,
    /dependsOn\.1\.condition: “web” is essential/,
    /dependsOn\.2\.containerName: There is no other container “nobody”/,
  );
  check(
    'want volumes that are there, and a role for secrets',
    onEc2({ ...web, mountPoints: [{ sourceVolume: 'data' }], secrets: [{ name: 'KEY', valueFrom: 'key' }] }),
    /mountPoints\.0\.sourceVolume: There is no volume “data”/,
    /secrets: Without an execution role/,
  );
  check('leave to the schema what has another shape', { ...fargate, containerDefinitions: ['web', null] });
});

describe('the comparison of a file with what ECS makes of it', () => {
  const asked = {
    ...{ family: 'web', cpu: '1 vCPU', memory: '2 GB' },
    containerDefinitions: [
      {
        ...{ name: 'web', image: 'web:1', portMappings: [{ containerPort: 80 }], healthCheck: { command: ['x'] } },
        environment: [
          { name: 'B', value: '' },
          { name: 'A', value: '1' },
        ],
      },
    ],
  };
  const [container] = asked.containerDefinitions;
  assert.ok(container);
  const made = {
    ...{ family: 'web', cpu: '1024', memory: '2048', volumes: [], placementConstraints: [] },
    containerDefinitions: [
      {
        ...{ ...container, essential: true, cpu: 0, mountPoints: [] },
        portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
        healthCheck: { command: ['x'], interval: 30, timeout: 5, retries: 3 },
        environment: [...container.environment].reverse(),
      },
    ],
  };

  it('knows the defaults that ECS writes, and its order of the environment', () => {
    assert.deepEqual(unexpectedDifferences(asked, { taskDefinition: made, tags: [] }), []);
  });

  it('finds another value in the place of a default', () => {
    const [other] = structuredClone(made.containerDefinitions);
    assert.ok(other);
    other.portMappings = [{ containerPort: 80, hostPort: 81, protocol: 'udp' }];
    other.environment = [{ name: 'A', value: '1' }, { name: 'B' } as { name: string; value: string }];
    const found = unexpectedDifferences(asked, {
      taskDefinition: { ...made, containerDefinitions: [other] },
      tags: [],
    });
    assert.deepEqual(found, [
      'containerDefinitions[0].portMappings[0].hostPort',
      'containerDefinitions[0].portMappings[0].protocol',
      'containerDefinitions[0].environment[1].value',
    ]);
  });
});
