import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Change,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListStacksCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { AccountThings } from './accountThings';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { otherTypes, serviceTemplate, yamlTemplate } from './stackTemplates';
import { StackWorld, refused } from './stackWorld';
import { AwsCli, type Ended, until } from './tools';

/**
 * Rules of AWS: CloudFormation's API reference (CreateStack, CreateChangeSet, ExecuteChangeSet, UpdateStack,
 * DeleteStack), its template reference (Ref and Fn::GetAtt of each type), and the AWS CLI's own waiters and `deploy`.
 */
needsOwnSandbox('a faster clock').describe('CloudFormation', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let world: StackWorld;
  let things: AccountThings;
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-contract-'));

  before(async () => {
    sandbox = await startSandbox({ args: ['--speed', '50'] });
    aws = new AwsCli(sandbox);
    world = new StackWorld(sandbox);
    things = new AccountThings(sandbox);
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    world.close();
    aws.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Wanted {
    readonly stack: string;
    readonly type: 'CREATE' | 'UPDATE';
    readonly template: object;
  }
  /** Makes a change set. @returns its changes: `Action LogicalId Replacement [names]` */
  async function plan({ stack, type, template }: Wanted): Promise<{ id: string; changes: string[] }> {
    const { Id = '' } = await world.client.send(
      new CreateChangeSetCommand({
        ...{
          StackName: stack,
          ChangeSetName: `change-${Date.now()}`,
          ChangeSetType: type,
        },
        ...{
          TemplateBody: JSON.stringify(template),
          Capabilities: ['CAPABILITY_IAM'],
        },
      }),
    );
    const { Status, Changes = [] } = await world.client.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
    assert.equal(Status, 'CREATE_COMPLETE');
    return { id: Id, changes: Changes.map(inWords) };
  }
  const inWords = ({ ResourceChange: change }: Change): string => {
    const names = new Set(change?.Details?.map(({ Target }) => Target?.Name ?? Target?.Attribute));
    const replacement = change?.Replacement === undefined ? '' : ` ${change.Replacement} [${[...names].join(', ')}]`;
    return `${String(change?.Action)} ${String(change?.LogicalResourceId)}${replacement}`;
  };

  describe('a service with everything around it', () => {
    it('is made by a change set', async () => {
      const { id, changes } = await plan({
        stack: 'shop',
        type: 'CREATE',
        template: serviceTemplate(),
      });
      const all = Object.keys(serviceTemplate().Resources);
      assert.deepEqual(
        changes,
        all.sort().map((name) => `Add ${name}`),
      );
      assert.equal((await world.describe('shop')).StackStatus, 'REVIEW_IN_PROGRESS');
      await world.client.send(new ExecuteChangeSetCommand({ ChangeSetName: id }));
      const stack = await world.settled('shop');
      assert.equal(stack.StackStatus, 'CREATE_COMPLETE', (await world.events('shop')).join('\n'));
      const outputs = Object.fromEntries((stack.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]));
      assert.equal(outputs['Url'], 'http://127.0.0.1');
      assert.match(outputs['RepositoryUri'] ?? '', /\/shop-repository-[a-z0-9]{12}$/);
    });

    it('has AWS’s kinds of physical ids, names and tags', async () => {
      const ids = await world.resources('shop');
      const patterns = {
        Cluster: /^shop-Cluster-\w{12}$/,
        Service: /^arn:aws:ecs:us-east-1:\d{12}:service\/shop-Cluster-\w{12}\/shop-Service-\w{12}$/,
        TaskDefinition: /^arn:aws:ecs:.*:task-definition\/shop-TaskDefinition-\w{12}:1$/,
        LoadBalancer: /loadbalancer\/app\/shop-LoadBalancer-\w{12}\/[0-9a-f]{16}$/,
        TargetGroup: /targetgroup\/shop-TargetGroup-\w{12}\/[0-9a-f]{16}$/,
        TaskGroup: /^sg-[0-9a-f]{17}$/,
        TaskIngress: /^sgr-[0-9a-f]{17}$/,
        ScalableTarget: /^service\/shop-Cluster-\w{12}\/shop-Service-\w{12}\|ecs:service:DesiredCount\|ecs$/,
        TaskRole: /^shop-TaskRole-\w{12}$/,
      };
      for (const [name, pattern] of Object.entries(patterns)) assert.match(ids[name] ?? '', pattern, name);
      const service = [
        'ecs',
        'describe-services',
        '--cluster',
        ids['Cluster'] ?? '',
        '--services',
        ids['Service'] ?? '',
      ];
      const { services } = await aws.json<{
        services: { runningCount: number; tags: { key: string }[] }[];
      }>(...[...service, '--include', 'TAGS']);
      assert.equal(services[0]?.runningCount, 1);
      assert.deepEqual(
        services[0]?.tags.map(({ key }) => key).sort(),
        ['logical-id', 'stack-id', 'stack-name'].map((name) => `aws:cloudformation:${name}`),
      );
    });

    it('says what happened, each resource after what it needs', async () => {
      const events = await world.events('shop');
      assert.deepEqual(events.slice(0, 2), [
        'shop REVIEW_IN_PROGRESS User Initiated',
        'shop CREATE_IN_PROGRESS User Initiated',
      ]);
      assert.equal(events.at(-1), 'shop CREATE_COMPLETE');
      const steps = events.filter((event) => event.startsWith('Service '));
      assert.deepEqual(steps, [
        'Service CREATE_IN_PROGRESS',
        'Service CREATE_IN_PROGRESS Resource creation Initiated',
        'Service CREATE_COMPLETE',
      ]);
      assert.ok(events.indexOf('Listener CREATE_COMPLETE') < events.indexOf('Service CREATE_IN_PROGRESS'));
    });

    it('is changed in place, and by a new task definition', async () => {
      const before = await world.resources('shop');
      const template = serviceTemplate({ image: 'nginx:1', retention: 14 });
      const { id, changes } = await plan({
        stack: 'shop',
        type: 'UPDATE',
        template,
      });
      // What refers to an attribute of a resource that changes may change with it: known when it is carried out.
      assert.deepEqual(changes, [
        'Modify LogGroup False [RetentionInDays]',
        'Modify ScalableTarget Conditional [ResourceId]',
        'Modify ScalingPolicy Conditional [ScalingTargetId]',
        'Modify Service False [TaskDefinition]',
        'Modify TaskDefinition True [ContainerDefinitions, TaskRoleArn]',
        'Modify TaskRole False [Policies]',
      ]);
      await world.client.send(new ExecuteChangeSetCommand({ ChangeSetName: id }));
      const { StackStatus } = await world.settled('shop');
      assert.equal(StackStatus, 'UPDATE_COMPLETE', (await world.events('shop')).join('\n'));
      const after = await world.resources('shop');
      const different = Object.keys(before).filter((name) => before[name] !== after[name]);
      assert.deepEqual(different, ['TaskDefinition']);
      const { taskDefinition } = await aws.json<{
        taskDefinition: { status: string };
      }>(...['ecs', 'describe-task-definition', '--task-definition', before['TaskDefinition'] ?? '']);
      assert.equal(taskDefinition.status, 'INACTIVE');
      const { logGroups } = await aws.json<{
        logGroups: { retentionInDays: number }[];
      }>(...['logs', 'describe-log-groups', '--log-group-name-prefix', after['LogGroup'] ?? '']);
      assert.equal(logGroups[0]?.retentionInDays, 14);
      assert.ok((await world.events('shop')).includes('shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'));
    });

    it('is rolled back when the circuit breaker trips', async () => {
      const before = await world.resources('shop');
      const template = serviceTemplate({
        image: 'nginx:scenario-start-fails',
        retention: 30,
      });
      const { StackStatus } = await world.update('shop', template);
      const events = await world.events('shop');
      assert.equal(StackStatus, 'UPDATE_ROLLBACK_COMPLETE', events.join('\n'));
      const failed = events.find((event) => event.startsWith('Service UPDATE_FAILED'));
      const text = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.";
      assert.ok(failed?.includes(`Resource handler returned message: "${text}" (RequestToken: `), failed);
      assert.ok(
        events.includes('shop UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [Service].'),
        events.join('\n'),
      );
      assert.deepEqual(await world.resources('shop'), before);
    });

    it('is deleted without a trace', async () => {
      assert.equal(
        (await world.delete('shop')).StackStatus,
        'DELETE_COMPLETE',
        (await world.events('shop').catch(() => [])).join('\n'),
      );
      assert.equal((await refused(world.describe('shop'))).message, 'Stack with id shop does not exist');
      const { StackSummaries = [] } = await world.client.send(
        new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
      );
      assert.deepEqual(
        StackSummaries.filter(({ StackName }) => StackName === 'shop').map(({ StackStatus }) => StackStatus),
        ['DELETE_COMPLETE'],
      );
    });
  });

  describe('through the AWS CLI', () => {
    const file = path.join(folder, 'template.yaml');

    it('deploys YAML, again without changes, and again with others', async () => {
      writeFileSync(file, yamlTemplate);
      const deploy = async (...more: string[]): Promise<Ended> => {
        // The CLI names its change sets by the second, and a name that is taken is refused.
        await new Promise((resolve) => setTimeout(resolve, 1001 - (Date.now() % 1000)));
        const ended = await aws.run(
          'cloudformation',
          'deploy',
          '--stack-name',
          'team',
          '--template-file',
          file,
          ...more,
        );
        assert.equal(ended.code, 0, ended.stderr + ended.stdout);
        return ended;
      };
      await deploy();
      assert.match((await deploy('--no-fail-on-empty-changeset')).stdout, /No changes to deploy/);
      await deploy('--parameter-overrides', 'Stage=prod', '--tags', 'team=blue');
      const { repositories } = await aws.json<{
        repositories: { imageTagMutability: string; repositoryArn: string }[];
      }>(...['ecr', 'describe-repositories', '--repository-names', 'team/app']);
      assert.equal(repositories[0]?.imageTagMutability, 'IMMUTABLE');
      const { tags } = await aws.json<{
        tags: { Key: string; Value: string }[];
      }>(...['ecr', 'list-tags-for-resource', '--resource-arn', repositories[0]?.repositoryArn ?? '']);
      const own = tags.filter(({ Key }) => !Key.startsWith('aws:')).map(({ Key, Value }) => `${Key}=${Value}`);
      assert.deepEqual(own.sort(), ['team=blue', 'zone=b']);
    });

    it('shows parameters, outputs and exports', async () => {
      const { Parameters = [], Outputs = [], Description } = await world.describe('team');
      assert.equal(Description, 'A repository and a cluster');
      assert.deepEqual(
        Parameters.map((one) => `${one.ParameterKey ?? ''}=${one.ParameterValue ?? ''}`),
        ['Stage=prod', 'Secret=****', 'Zones=a, b'],
      );
      assert.equal(Outputs.find(({ OutputKey }) => OutputKey === 'Bare')?.OutputValue, '${Literal} us-east-1');
      const { Exports = [] } = await world.client.send(new ListExportsCommand({}));
      assert.deepEqual(
        Exports.map(({ Name }) => Name),
        ['team-cluster'],
      );
    });

    it('waits for a deletion that fails, because the repository is not empty', async () => {
      const manifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: [],
      });
      await aws.json(
        'ecr',
        'put-image',
        '--repository-name',
        'team/app',
        '--image-tag',
        'one',
        '--image-manifest',
        manifest,
      );
      await aws.json('cloudformation', 'delete-stack', '--stack-name', 'team');
      const waited = await aws.run('cloudformation', 'wait', 'stack-delete-complete', '--stack-name', 'team');
      assert.notEqual(waited.code, 0);
      const stack = await world.settled('team');
      assert.equal(stack.StackStatus, 'DELETE_FAILED');
      assert.equal(stack.StackStatusReason?.trim(), 'The following resource(s) failed to delete: [Repository].');
      const failed = (await world.events('team')).find((event) => event.startsWith('Repository DELETE_FAILED')) ?? '';
      assert.match(
        failed,
        /Resource handler returned message: "The repository with name 'team\/app' .* cannot be deleted because it still contains images/,
      );
      await aws.json(...['cloudformation', 'delete-stack', '--stack-name', 'team', '--retain-resources', 'Repository']);
      const gone = await aws.run(
        'cloudformation',
        'wait',
        'stack-delete-complete',
        '--stack-name',
        stack.StackId ?? '',
      );
      assert.equal(gone.code, 0, gone.stderr);
    });
  });

  it('knows the other types too, makes, changes and deletes them', async () => {
    const before = await things.all();
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
    const made = await world.create('rest', otherTypes({ priority: 5, target: 60 }), { Capabilities });
    assert.equal(made.StackStatus, 'CREATE_COMPLETE', (await world.events('rest')).join('\n'));
    const outputs = Object.fromEntries((made.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]));
    assert.match(outputs['Endpoint'] ?? '', /^(http:\/\/)?[a-z0-9-]+\.localhost:\d+/);
    assert.match(outputs['Profile'] ?? '', /^arn:aws:iam::\d{12}:instance-profile\/rest-Profile-\w{12}$/);
    const changed = await world.update('rest', otherTypes({ priority: 9, target: 80 }), { Capabilities });
    assert.equal(changed.StackStatus, 'UPDATE_COMPLETE', (await world.events('rest')).join('\n'));
    const steps = (await world.events('rest')).filter((event) => / UPDATE_COMPLETE$/.test(event)).sort();
    assert.deepEqual(
      steps,
      ['Policy', 'Provider', 'Rule', 'rest'].map((name) => `${name} UPDATE_COMPLETE`),
    );
    assert.equal((await world.delete('rest')).StackStatus, 'DELETE_COMPLETE');
    // Express Mode takes its shared load balancer away afterwards, and leaves its log group and its task definition.
    const left = (all: object): string => JSON.stringify({ ...all, logGroups: [], taskDefinitionArns: [] });
    await until('the load balancer is gone', 20, async () =>
      left(await things.all()) === left(before) ? true : undefined,
    );
  });

  /** A resource that has no tags. */
  const bareRule = {
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: {
      ...{ GroupId: 'sg-0a1b2c3d4e5f60718', IpProtocol: 'tcp' },
      ...{ FromPort: 9, ToPort: 9, CidrIp: '10.0.0.0/8' },
    },
  };
  const bare = { Resources: { Logs: { Type: 'AWS::Logs::LogGroup' } } };
  const creation = (template: unknown, more: object = {}): CreateStackCommand =>
    new CreateStackCommand({
      StackName: 'refused',
      TemplateBody: JSON.stringify(template),
      ...more,
    });

  it('wants capabilities for what gives permissions', async () => {
    const template = serviceTemplate();
    const error = await refused(world.client.send(creation(template)));
    assert.equal(error.name, 'InsufficientCapabilitiesException');
    assert.equal(error.message, 'Requires capabilities : [CAPABILITY_IAM]');
    const named = {
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'mine' } },
      },
    };
    const again = await refused(world.client.send(creation(named, { Capabilities: ['CAPABILITY_IAM'] })));
    assert.equal(again.message, 'Requires capabilities : [CAPABILITY_NAMED_IAM]');
    const summary = await world.client.send(new GetTemplateSummaryCommand({ TemplateBody: JSON.stringify(template) }));
    assert.deepEqual(summary.Capabilities, ['CAPABILITY_IAM']);
  });

  describe('refuses a template in CloudFormation’s words', () => {
    const withResource = (more: object): object => ({
      Resources: { ...bare.Resources, ...more },
    });
    const logs = (Properties: object, more: object = {}): object => ({
      Other: { Type: 'AWS::Logs::LogGroup', Properties, ...more },
    });
    const parameters = (Stage: object): object => ({
      ...bare,
      Parameters: { Stage },
    });
    const cases: readonly (readonly [why: string, template: unknown, message: string, more?: object])[] = [
      ['no resources', {}, 'Template format error: At least one Resources member must be defined.'],
      ['an unknown section', { ...bare, Foo: {} }, 'Invalid template property or properties [Foo]'],
      [
        'an unknown type',
        withResource({ Other: { Type: 'AWS::ECS::Foo' } }),
        'Template format error: Unrecognized resource types: [AWS::ECS::Foo]',
      ],
      [
        'an unknown reference',
        withResource(logs({ LogGroupName: { Ref: 'Nobody' } })),
        'Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
      ],
      [
        'an unknown attribute',
        withResource(logs({ LogGroupName: { 'Fn::GetAtt': ['Logs', 'Foo'] } })),
        'Template error: resource Logs does not support attribute type Foo in Fn::GetAtt',
      ],
      [
        'a circle',
        {
          Resources: {
            A: { Type: 'AWS::Logs::LogGroup', DependsOn: 'B' },
            B: { Type: 'AWS::Logs::LogGroup', DependsOn: 'A' },
          },
        },
        'Circular dependency between resources: [A, B]',
      ],
      ['a missing parameter', parameters({ Type: 'String' }), 'Parameters: [Stage] must have values'],
      [
        'a parameter too many',
        bare,
        'Parameters: [Foo] do not exist in the template',
        { Parameters: [{ ParameterKey: 'Foo', ParameterValue: 'x' }] },
      ],
      [
        'a value that is not allowed',
        parameters({ Type: 'String', AllowedValues: ['a'], Default: 'b' }),
        "Parameter 'Stage' must be one of AllowedValues",
      ],
      [
        'a network that is not there',
        parameters({ Type: 'AWS::EC2::VPC::Id', Default: 'vpc-1' }),
        'Parameter validation failed: parameter value vpc-1 for parameter name Stage does not exist',
      ],
    ];
    for (const [why, template, message, more] of cases) {
      it(why, async () => {
        const error = await refused(world.client.send(creation(template, more)));
        assert.deepEqual(error, { name: 'ValidationError', message });
      });
    }
    it('text that is no template', async () => {
      const validate = (TemplateBody: string): Promise<{ message: string }> =>
        refused(world.client.send(new ValidateTemplateCommand({ TemplateBody })));
      assert.match(
        (await validate('{"Resources": }')).message,
        /^Template format error: JSON not well-formed\. \(line 1, column \d+\)$/,
      );
      assert.match(
        (await validate('Resources:\n  A: [')).message,
        /^Template format error: YAML not well-formed\. \(line \d+, column \d+\)$/,
      );
    });
  });

  it('fails a resource whose properties its type does not have, and rolls back', async () => {
    const template = {
      Resources: {
        Logs: { Type: 'AWS::Logs::LogGroup', Properties: { Foo: 1 } },
      },
    };
    assert.equal((await world.create('strange', template)).StackStatus, 'ROLLBACK_COMPLETE');
    const events = await world.events('strange');
    assert.ok(events.includes('Logs CREATE_FAILED Encountered unsupported property Foo'), events.join('\n'));
    const rollback = 'The following resource(s) failed to create: [Logs]. Rollback requested by user.';
    assert.ok(events.includes(`strange ROLLBACK_IN_PROGRESS ${rollback}`), events.join('\n'));
    const update = new UpdateStackCommand({
      StackName: 'strange',
      TemplateBody: JSON.stringify(bare),
    });
    assert.match(
      (await refused(world.client.send(update))).message,
      /is in ROLLBACK_COMPLETE state and can not be updated\.$/,
    );
    await world.delete('strange');
  });

  it('says when there is nothing to change', async () => {
    await world.create('same', bare);
    const update = new UpdateStackCommand({
      StackName: 'same',
      TemplateBody: JSON.stringify(bare),
    });
    assert.equal((await refused(world.client.send(update))).message, 'No updates are to be performed.');
    await world.client.send(
      new CreateChangeSetCommand({
        StackName: 'same',
        ChangeSetName: 'none',
        TemplateBody: JSON.stringify(bare),
      }),
    );
    const described = { StackName: 'same', ChangeSetName: 'none' };
    const answer = await world.client.send(new DescribeChangeSetCommand(described));
    assert.deepEqual([answer.Status, answer.ExecutionStatus], ['FAILED', 'UNAVAILABLE']);
    assert.equal(
      answer.StatusReason,
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    );
    assert.equal(
      (await refused(world.client.send(new ExecuteChangeSetCommand(described)))).name,
      'InvalidChangeSetStatusException',
    );
    const missing = new DescribeChangeSetCommand({
      StackName: 'same',
      ChangeSetName: 'nobody',
    });
    assert.equal((await refused(world.client.send(missing))).name, 'ChangeSetNotFoundException');
    assert.equal(
      (await refused(world.client.send(creation(bare, { StackName: 'same' })))).name,
      'AlreadyExistsException',
    );
  });

  it('takes new tags of the stack alone for a change', async () => {
    const template = { Resources: { Rule: bareRule } };
    await world.create('tagged', template);
    const Tags = [{ Key: 'team', Value: 'blue' }];
    assert.equal((await world.update('tagged', template, { Tags })).StackStatus, 'UPDATE_COMPLETE');
    assert.deepEqual((await world.describe('tagged')).Tags, Tags);
    await world.delete('tagged');
  });

  it('refuses what it would only overlook', async () => {
    const [StackPolicyBody, ResourceTypes] = ['{"Statement":[]}', ['AWS::*']];
    const RollbackConfiguration = {
      RollbackTriggers: [{ Arn: 'arn:aws:cloudwatch:us-east-1:1:alarm:a', Type: 'AWS::CloudWatch::Alarm' }],
    };
    for (const more of [
      { StackPolicyBody },
      { ResourceTypes },
      { RollbackConfiguration },
      { TemplateURL: 'https://s3/x' },
    ]) {
      const error = await refused(world.client.send(creation(bare, more)));
      assert.match(`${error.name} ${error.message}`, /^ValidationError .* is not in the sandbox\.$/);
    }
    assert.match((await refused(world.describe('refused'))).message, /does not exist$/);
  });

  it('keeps a stack that is protected', async () => {
    const protect = (EnableTerminationProtection: boolean): Promise<unknown> =>
      world.client.send(
        new UpdateTerminationProtectionCommand({
          StackName: 'same',
          EnableTerminationProtection,
        }),
      );
    await protect(true);
    const error = await refused(world.client.send(new DeleteStackCommand({ StackName: 'same' })));
    assert.equal(error.message, 'Stack [same] cannot be deleted while TerminationProtection is enabled');
    await protect(false);
    assert.equal((await world.delete('same')).StackStatus, 'DELETE_COMPLETE');
  });
});
