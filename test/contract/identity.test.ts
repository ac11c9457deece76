import assert from 'node:assert/strict';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { sdkConfig } from './tools';

const document = (Effect: string, Action: string | string[], Resource: string, more: object = {}): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Action, Resource, ...more }] });
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/**
 * Rules of AWS: IAM CreateRole (trust policy), PutRolePolicy, SimulatePrincipalPolicy; SSM GetParametersByPath,
 * DescribeParameters, GetParameterHistory; Secrets Manager PutSecretValue (AWSPREVIOUS), DeleteSecret (recovery
 * window).
 */
describe('IAM, Parameter Store and Secrets Manager', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ seed: 'empty' });
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), []);
    assert.equal(await sandbox.stop(), 0);
  });

  it('keeps roles with their policies, and says what they allow', async () => {
    const iam = new IAMClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'task', AssumeRolePolicyDocument: trust }));
    const arn = Role?.Arn ?? '';
    const bucket = 'arn:aws:s3:::pictures/*';
    const PolicyDocument = document('Allow', ['s3:Get*', 's3:PutObject'], bucket);
    await iam.send(new PutRolePolicyCommand({ RoleName: 'task', PolicyName: 'pictures', PolicyDocument }));
    const denied = {
      PolicyName: 'no-secrets',
      PolicyDocument: document('Deny', 's3:*', 'arn:aws:s3:::pictures/secret/*'),
    };
    const { Policy } = await iam.send(new CreatePolicyCommand(denied));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'task', PolicyArn: Policy?.Arn }));
    const decide = async (action: string, resource: string): Promise<string | undefined> => {
      const { EvaluationResults } = await iam.send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: [action], ResourceArns: [resource] }),
      );
      return EvaluationResults?.[0]?.EvalDecision;
    };
    assert.equal(await decide('s3:GetObject', 'arn:aws:s3:::pictures/cat.png'), 'allowed');
    assert.equal(await decide('s3:GetObject', 'arn:aws:s3:::pictures/secret/cat.png'), 'explicitDeny');
    assert.equal(await decide('s3:GetObject', 'arn:aws:s3:::others/cat.png'), 'implicitDeny');
    assert.equal(await decide('s3:DeleteObject', 'arn:aws:s3:::pictures/cat.png'), 'implicitDeny');
    const { PolicyDocument: kept = '' } = await iam.send(
      new GetRolePolicyCommand({ RoleName: 'task', PolicyName: 'pictures' }),
    );
    assert.equal(decodeURIComponent(kept), PolicyDocument);
    await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName: 'task' })), { name: 'DeleteConflictException' });
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'task', PolicyArn: Policy?.Arn }));
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'task' }));
    assert.deepEqual(AttachedPolicies, []);
    await assert.rejects(iam.send(new GetRoleCommand({ RoleName: 'absent' })), { name: 'NoSuchEntityException' });
    const bad = new PutRolePolicyCommand({ RoleName: 'task', PolicyName: 'bad', PolicyDocument: '{"Statement":[{}]}' });
    await assert.rejects(iam.send(bad), { name: 'MalformedPolicyDocumentException' });
  });

  it('gives an instance profile one role, which cannot go before the profile lets it', async () => {
    const iam = new IAMClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    for (const RoleName of ['machine', 'second']) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    }
    const named = { InstanceProfileName: 'machines' };
    await iam.send(new CreateInstanceProfileCommand({ ...named, Path: '/own/' }));
    const again = iam.send(new CreateInstanceProfileCommand(named));
    await assert.rejects(again, { name: 'EntityAlreadyExistsException' });
    const both = { ...named, RoleName: 'machine' };
    await iam.send(new AddRoleToInstanceProfileCommand(both));
    const second = iam.send(new AddRoleToInstanceProfileCommand({ ...named, RoleName: 'second' }));
    await assert.rejects(second, { name: 'LimitExceededException' });
    const { InstanceProfile: found } = await iam.send(new GetInstanceProfileCommand(named));
    assert.equal(found?.Arn, `arn:aws:iam::${sandbox.info.account}:instance-profile/own/machines`);
    assert.deepEqual(
      found.Roles?.map(({ RoleName }) => RoleName),
      ['machine'],
    );
    const of = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'machine' }));
    assert.equal(of.InstanceProfiles?.[0]?.InstanceProfileName, 'machines');
    const conflict = { name: 'DeleteConflictException' };
    await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName: 'machine' })), conflict);
    await assert.rejects(iam.send(new DeleteInstanceProfileCommand(named)), conflict);
    await iam.send(new RemoveRoleFromInstanceProfileCommand(both));
    await iam.send(new DeleteInstanceProfileCommand(named));
    await iam.send(new DeleteRoleCommand({ RoleName: 'machine' }));
    await assert.rejects(iam.send(new GetInstanceProfileCommand(named)), { name: 'NoSuchEntityException' });
  });

  it('answers a condition only when it is told its value', async () => {
    const iam = new IAMClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'conditional', AssumeRolePolicyDocument: trust }),
    );
    const Condition = { StringLike: { 'aws:ResourceTag/team': 'web*' } };
    const PolicyDocument = document('Allow', 'ecs:*', '*', { Condition });
    await iam.send(new PutRolePolicyCommand({ RoleName: 'conditional', PolicyName: 'p', PolicyDocument }));
    const asked = { PolicySourceArn: Role?.Arn, ActionNames: ['ecs:StopTask'] };
    const [first] = (await iam.send(new SimulatePrincipalPolicyCommand(asked))).EvaluationResults ?? [];
    assert.equal(first?.EvalDecision, 'implicitDeny');
    assert.deepEqual(first.MissingContextValues, ['aws:ResourceTag/team']);
    const ContextEntries = [
      { ContextKeyName: 'aws:ResourceTag/team', ContextKeyValues: ['web-1'], ContextKeyType: 'string' as const },
    ];
    const [second] =
      (await iam.send(new SimulatePrincipalPolicyCommand({ ...asked, ContextEntries }))).EvaluationResults ?? [];
    assert.equal(second?.EvalDecision, 'allowed');
  });

  it('finds parameters by path, by filter and by version', async () => {
    const ssm = new SSMClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    const put = (Name: string, Value: string, Type: 'String' | 'SecureString' = 'String') =>
      ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
    await put('/shop/web/url', 'one');
    await put('/shop/web/url', 'two');
    await put('/shop/key', 'k', 'SecureString');
    await put('plain', 'p');
    const paths = async (input: { Path: string; Recursive?: boolean }): Promise<(string | undefined)[]> =>
      ((await ssm.send(new GetParametersByPathCommand(input))).Parameters ?? []).map(({ Name }) => Name);
    assert.deepEqual(await paths({ Path: '/shop' }), ['/shop/key']);
    assert.deepEqual(await paths({ Path: '/shop', Recursive: true }), ['/shop/key', '/shop/web/url']);
    const { Parameters } = await ssm.send(
      new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] }),
    );
    assert.deepEqual(
      Parameters?.map(({ Name, KeyId }) => [Name, KeyId]),
      [['/shop/key', 'alias/aws/ssm']],
    );
    const older = await ssm.send(new GetParameterCommand({ Name: '/shop/web/url:1' }));
    assert.equal(older.Parameter?.Value, 'one');
    const history = await ssm.send(new GetParameterHistoryCommand({ Name: '/shop/web/url' }));
    assert.deepEqual(
      history.Parameters?.map(({ Value }) => Value),
      ['one', 'two'],
    );
  });

  it('keeps the previous version of a secret, and deletes it later', async () => {
    const secrets = new SecretsManagerClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    await secrets.send(
      new CreateSecretCommand({ Name: 'shop/db', SecretString: 'old', Tags: [{ Key: 'team', Value: 'web' }] }),
    );
    await secrets.send(new CreateSecretCommand({ Name: 'other', SecretBinary: Buffer.from([1, 2]) }));
    await secrets.send(new PutSecretValueCommand({ SecretId: 'shop/db', SecretString: 'new' }));
    const value = async (VersionStage?: string): Promise<string | undefined> =>
      (await secrets.send(new GetSecretValueCommand({ SecretId: 'shop/db', VersionStage }))).SecretString;
    assert.deepEqual([await value(), await value('AWSPREVIOUS')], ['new', 'old']);
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: 'shop/db' }));
    assert.deepEqual(Object.values(VersionIdsToStages).flat().sort(), ['AWSCURRENT', 'AWSPREVIOUS']);
    const { SecretBinary } = await secrets.send(new GetSecretValueCommand({ SecretId: 'other' }));
    assert.deepEqual([...(SecretBinary ?? [])], [1, 2]);
    const names = async (Key: 'name' | 'tag-value', Value: string): Promise<(string | undefined)[]> =>
      ((await secrets.send(new ListSecretsCommand({ Filters: [{ Key, Values: [Value] }] }))).SecretList ?? []).map(
        ({ Name }) => Name,
      );
    assert.deepEqual(await names('name', 'SHOP'), ['shop/db']);
    assert.deepEqual(await names('tag-value', 'web'), ['shop/db']);
    await secrets.send(new DeleteSecretCommand({ SecretId: 'shop/db' }));
    assert.deepEqual(await names('name', 'shop'), []);
    await assert.rejects(value(), { name: 'InvalidRequestException' });
    await secrets.send(new RestoreSecretCommand({ SecretId: 'shop/db' }));
    assert.equal(await value(), 'new');
  });
});
