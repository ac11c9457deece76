import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultNetwork } from '../../../src/sandbox/ec2/network';
import { generatedName } from '../../../src/sandbox/cloudFormation/names';
import { inOrder } from '../../../src/sandbox/cloudFormation/order';
import { type GivenParameter, resolveParameters } from '../../../src/sandbox/cloudFormation/parameters';
import { checkedProperties, differences } from '../../../src/sandbox/cloudFormation/properties';
import { provideSchemas } from '../../../src/sandbox/cloudFormation/schemas';
import { StackScope } from '../../../src/sandbox/cloudFormation/scope';
import { type Template, parseTemplate } from '../../../src/sandbox/cloudFormation/template';
import type { Place } from '../../../src/sandbox/place';

provideSchemas(readFileSync(path.resolve(__dirname, '../../../src/sandbox/model/resources.json.gz')));

const place: Place = { account: '123456789012', region: 'eu-central-1', registryHost: '', formerHosts: [] };
const stored = { stored: (name: string) => Promise.resolve(`value of ${name}`), exists: () => true };

/** The properties of the template's first resource, with what `Ref` and `Fn::GetAtt` find being made up. */
async function evaluated(template: Template, given: readonly GivenParameter[] = []): Promise<unknown> {
  const scope = new StackScope({
    ...{ place, network: defaultNetwork(place), stacks: new Map(), template },
    stack: { id: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/s/1', name: 's', notifications: [] },
    parameters: await resolveParameters(template.parameters, given, [], stored),
    resource: (id) => ({ physicalId: `id of ${id}`, attribute: (name) => `${name} of ${id}` }),
  });
  const [first] = template.resources.values();
  return scope.value(first?.properties);
}

/** What a value of a property comes to. */
async function valueOf(value: unknown, rest: object = {}): Promise<unknown> {
  const A = { Type: 'AWS::Logs::LogGroup', Properties: { Value: value } };
  const B = { Type: 'AWS::ECR::Repository' };
  const template = await parseTemplate(JSON.stringify({ Resources: { A, B }, ...rest }));
  return ((await evaluated(template)) as { Value?: unknown }).Value;
}

/** Rules of AWS: CloudFormation's template reference, "Intrinsic function reference". */
describe('the functions of a template', () => {
  const cases: readonly (readonly [name: string, value: unknown, result: unknown])[] = [
    ['Ref of a resource', { Ref: 'B' }, 'id of B'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['B', 'RepositoryUri'] }, 'RepositoryUri of B'],
    ['GetAtt as a text', { 'Fn::GetAtt': 'B.Arn' }, 'Arn of B'],
    ['Sub', { 'Fn::Sub': '${B}/${B.Arn}/${AWS::AccountId}/${!B}' }, 'id of B/Arn of B/123456789012/${B}'],
    ['Sub with values of its own', { 'Fn::Sub': ['${X}-${B}', { X: { Ref: 'AWS::StackName' } }] }, 's-id of B'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'B' }, 1]] }, 'a-id of B-1'],
    ['Select of a Split', { 'Fn::Select': ['1', { 'Fn::Split': ['|', 'a|b|c'] }] }, 'b'],
    ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-central-1a', 'eu-central-1b']],
    ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    ['NoValue', { 'Fn::If': ['Never', 'x', { Ref: 'AWS::NoValue' }] }, undefined],
    ['NoValue in a list', ['a', { 'Fn::If': ['Never', 'x', { Ref: 'AWS::NoValue' }] }], ['a']],
    ['If of And, Or and Not', { 'Fn::If': ['Mixed', 'yes', 'no'] }, 'yes'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'cpu'] }, 256],
  ];
  const Conditions = {
    Never: { 'Fn::Equals': ['a', 'b'] },
    Mixed: {
      'Fn::And': [
        { 'Fn::Not': [{ Condition: 'Never' }] },
        { 'Fn::Or': [{ Condition: 'Never' }, { 'Fn::Equals': [1, '1'] }] },
      ],
    },
  };
  const Mappings = { Sizes: { 'eu-central-1': { cpu: 256 } } };
  for (const [name, value, result] of cases) {
    it(name, async () => assert.deepEqual(await valueOf(value, { Conditions, Mappings }), result));
  }

  it('are refused where they are wrong', async () => {
    const refusals: readonly (readonly [value: unknown, message: RegExp])[] = [
      [{ 'Fn::Select': [5, ['a']] }, /Fn::Select cannot select nonexistent value at index 5/],
      [{ 'Fn::FindInMap': ['Sizes', 'us-east-1', 'cpu'] }, /Unable to get mapping for Sizes::us-east-1::cpu/],
      [{ 'Fn::Foo': 1 }, /Fn::Foo/],
      [{ 'Fn::ImportValue': 'nobody' }, /No export named nobody found/],
    ];
    for (const [value, message] of refusals) await assert.rejects(valueOf(value, { Mappings }), { message });
  });
});

describe('a template in YAML', () => {
  it('has short tags, and dates and versions that are texts', async () => {
    const template = await parseTemplate(`
AWSTemplateFormatVersion: 2010-09-09
Conditions:
  Same: !And [!Equals [a, a], !Not [!Equals [a, b]]]
Resources:
  A:
    Type: AWS::IAM::Role
    Properties:
      Version: 2012-10-17
      Sub: !Sub
        - "\${X} of \${AWS::Region}"
        - { X: !Ref B }
      Att: !GetAtt B.Arn
      Join: !Join ["/", [!Select [0, !Split [",", "x,y"]], !If [Same, 1, 2]]]
      Flag: true
      Text: |
        two
        lines
  B: { Type: AWS::ECR::Repository }
`);
    assert.deepEqual(await evaluated(template), {
      ...{ Version: '2012-10-17', Sub: 'id of B of eu-central-1', Att: 'Arn of B', Join: 'x/1' },
      ...{ Flag: true, Text: 'two\nlines\n' },
    });
  });

  it('is refused with aliases and unknown tags', async () => {
    await assert.rejects(parseTemplate('A: &a [1]\nB: *a'), { message: /YAML aliases are not allowed/ });
    await assert.rejects(parseTemplate('Resources:\n  A: !Foo 1'), {
      message: /^Template format error: YAML not well-formed\. \(line 2, column \d+\)$/,
    });
  });
});

describe('parameters', () => {
  const declared = {
    Count: { Type: 'Number', Default: 2, MinValue: 1, MaxValue: 5 },
    Names: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Stage: { Type: 'String', AllowedPattern: '[a-z]+', MinLength: 2, Default: 'test' },
    Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' },
  };
  const resolve = (key: string, value: string): Promise<unknown> =>
    resolveParameters(declared, [{ ParameterKey: key, ParameterValue: value }], [], stored);

  it('have their defaults, and what Systems Manager holds', async () => {
    const found = await resolveParameters(declared, [], [], stored);
    assert.deepEqual(
      found.map(({ value }) => value),
      ['2', 'a, b', 'test', '/image'],
    );
    assert.equal(found[3]?.resolved, 'value of /image');
  });

  it('keep their values where that is asked for', async () => {
    const before = [{ key: 'Stage', value: 'prod', noEcho: false }];
    const given = [{ ParameterKey: 'Stage', UsePreviousValue: true }];
    const found = await resolveParameters(declared, given, before, stored);
    assert.equal(found.find(({ key }) => key === 'Stage')?.value, 'prod');
  });

  const refusals: readonly (readonly [key: string, value: string, message: string])[] = [
    ['Count', 'x', "Parameter 'Count' must be a number"],
    ['Count', '0', "Parameter 'Count' must be a number not less than 1"],
    ['Count', '6', "Parameter 'Count' must be a number not greater than 5"],
    ['Stage', 'A1', "Parameter 'Stage' must match pattern [a-z]+"],
    ['Stage', 'a', "Parameter 'Stage' must contain at least 2 characters"],
  ];
  for (const [key, value, message] of refusals) {
    it(`refuse ${key}=${value}`, () => assert.rejects(resolve(key, value), { message }));
  }
});

describe('properties', () => {
  it('take numbers for texts and texts for numbers', () => {
    const given = { RetentionInDays: '7', LogGroupName: 12 };
    assert.deepEqual(checkedProperties('A', 'AWS::Logs::LogGroup', given), { RetentionInDays: 7, LogGroupName: '12' });
  });

  it('name every place where they are wrong', () => {
    const ContainerDefinitions = [{ Name: 'web', Image: 'x', portMappings: [], Memory: 'much' }];
    assert.throws(() => checkedProperties('A', 'AWS::ECS::TaskDefinition', { ContainerDefinitions }), {
      message:
        'Properties validation failed for resource A with message:\n' +
        '#/ContainerDefinitions/0: extraneous key [portMappings] is not permitted\n' +
        '#/ContainerDefinitions/0/Memory: expected type: Integer, found: String',
    });
    assert.throws(
      () => checkedProperties('A', 'AWS::IAM::Role', {}),
      /required key \[AssumeRolePolicyDocument\] not found/,
    );
    assert.throws(() => checkedProperties('A', 'AWS::ECS::Cluster', { Arn: 'x' }), {
      message: 'Encountered unsupported property Arn',
    });
  });

  it('say which change makes a new resource', () => {
    const before = { RepositoryName: 'a', ImageTagMutability: 'MUTABLE' };
    const after = { RepositoryName: 'b', ImageTagMutability: 'IMMUTABLE' };
    assert.deepEqual(differences('AWS::ECR::Repository', before, after), [
      { name: 'ImageTagMutability', replaces: false },
      { name: 'RepositoryName', replaces: true },
    ]);
  });
});

describe('names that CloudFormation makes', () => {
  it('are short enough for what they name', () => {
    assert.match(generatedName('shop', 'Web', 32), /^shop-Web-[A-Za-z0-9]{12}$/);
    assert.match(generatedName('my-long-stack', 'PublicLoadBalancer', 32), /^my-lon-Publi-[A-Za-z0-9]{12}$/);
    assert.match(generatedName('a-'.repeat(3) + 'stack', 'PublicLoadBalancer', 32), /^a-a-a-Publi-|^a-a-a-?Publi/);
    for (const limit of [26, 32, 64, 128]) {
      assert.ok(generatedName('s'.repeat(128), 'L'.repeat(255), limit).length <= limit, String(limit));
    }
  });
});

describe('the order of resources', () => {
  it('is that of what they need, and of nothing else', async () => {
    const items = new Map([
      ['C', ['B']],
      ['B', ['A', 'elsewhere']],
      ['A', []],
      ['D', []],
    ]);
    const began: string[] = [];
    await inOrder(
      items,
      (needs) => needs,
      async (_, id) => {
        began.push(id);
        await Promise.resolve();
      },
    );
    assert.deepEqual([...began].sort(), ['A', 'B', 'C', 'D']);
    assert.ok(began.indexOf('A') < began.indexOf('B') && began.indexOf('B') < began.indexOf('C'));
    assert.ok(began.indexOf('D') < began.indexOf('B'));
  });
});
