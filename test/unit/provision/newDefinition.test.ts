import assert from 'node:assert/strict';
import { definitionProblems } from '../../../src/deploy/definition/problems';
import {
  definitionInput,
  familyLike,
  needsExecutionRole,
  type DefinitionChoices,
} from '../../../src/provision/newDefinition';
import { familyRule, logGroupRule, roleRule } from '../../../src/provision/rules';

const choices: DefinitionChoices = {
  ...{
    image: 'registry.example/team/web:v1',
    family: 'web',
    cpu: 256,
    memory: 512,
    platform: 'linux/arm64',
    port: 8080,
  },
  ...{ logGroup: '/ecs/web', region: 'eu-west-1', executionRole: 'arn:aws:iam::123456789012:role/start' },
  environment: { MODE: 'live', EMPTY_IS: 'fine' },
};

describe('a new task definition', () => {
  it('is the input of RegisterTaskDefinition with what was asked for', () => {
    assert.deepEqual(definitionProblems(definitionInput(choices)), []);
    assert.deepEqual(definitionInput(choices), {
      ...{ family: 'web', requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512' },
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      executionRoleArn: 'arn:aws:iam::123456789012:role/start',
      containerDefinitions: [
        {
          ...{ name: 'web', image: 'registry.example/team/web:v1', essential: true },
          portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
          environment: [
            { name: 'MODE', value: 'live' },
            { name: 'EMPTY_IS', value: 'fine' },
          ],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              ...{ 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'web' },
            },
          },
        },
      ],
    });
  });

  it('leaves out what there is not', () => {
    const bare = { ...choices, port: undefined, logGroup: undefined, executionRole: undefined, environment: {} };
    const input = definitionInput(bare);
    assert.equal('executionRoleArn' in input, false);
    assert.deepEqual(input['containerDefinitions'], [{ name: 'web', image: choices.image, essential: true }]);
  });

  it('is named after the image', () => {
    assert.equal(familyLike('123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web.api:v1'), 'web-api');
    assert.equal(familyLike(''), 'app');
  });

  it('needs an execution role for logs and for images in ECR', () => {
    assert.equal(needsExecutionRole('/ecs/web', false), true);
    assert.equal(needsExecutionRole(undefined, true), true);
    assert.equal(needsExecutionRole(undefined, false), false);
  });

  it('refuses names that AWS refuses', () => {
    const takes = (rule: typeof familyRule, text: string): boolean => rule(text) === undefined;
    assert.deepEqual(
      ['web', 'Web_1', 'a b', '', 'x'.repeat(256)].map((text) => takes(familyRule, text)),
      [...[true, true, false, false, false]],
    );
    assert.deepEqual(
      ['/ecs/web', 'a b', 'aws/x', ''].map((text) => takes(logGroupRule, text)),
      [...[true, false, false, false]],
    );
    assert.deepEqual(
      ['arn:aws:iam::123456789012:role/team/start', 'start'].map((text) => takes(roleRule, text)),
      [...[true, false]],
    );
  });
});
