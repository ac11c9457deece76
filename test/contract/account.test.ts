import assert from 'node:assert/strict';
import { needsSeed } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli } from './tools';

/**
 * Rules of AWS: IAM CreateRole, AttachRolePolicy; Application Auto Scaling RegisterScalableTarget (the resource must
 * exist); ECS PutClusterCapacityProviders, CreateCluster.
 */
needsSeed('tiny').describe('roles, scaling and capacity through the AWS CLI', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny' });
    aws = new AwsCli(sandbox);
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    aws.close();
  });

  it('creates a role, attaches a policy to it, and finds both again', async () => {
    const name = ['--role-name', 'deployer'];
    assert.equal((await aws.refusal('iam', 'get-role', ...name)).code, 'NoSuchEntity');
    const statement = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const trust = ['--assume-role-policy-document', document];
    await aws.json('iam', 'create-role', ...name, ...trust);
    assert.equal((await aws.refusal('iam', 'create-role', ...name, ...trust)).code, 'EntityAlreadyExists');
    await aws.json('iam', 'attach-role-policy', ...name, '--policy-arn', 'arn:aws:iam::aws:policy/ReadOnlyAccess');
    const { AttachedPolicies } = await aws.json<{ AttachedPolicies: { PolicyName: string }[] }>(
      ...['iam', 'list-attached-role-policies', ...name],
    );
    assert.equal(AttachedPolicies[0]?.PolicyName, 'ReadOnlyAccess');
    const { Roles } = await aws.json<{ Roles: { RoleName: string }[] }>('iam', 'list-roles');
    assert.ok(Roles.some(({ RoleName }) => RoleName === 'ecsTaskExecutionRole'));
  });

  it('keeps scalable targets of services that exist', async () => {
    const common = ['--service-namespace', 'ecs', '--scalable-dimension', 'ecs:service:DesiredCount'];
    const capacity = ['--min-capacity', '1', '--max-capacity', '4'];
    const register = ['application-autoscaling', 'register-scalable-target', ...common, ...capacity, '--resource-id'];
    await aws.json(...register, 'service/demo/web');
    assert.equal((await aws.refusal(...register, 'service/demo/absent')).code, 'ValidationException');
    const { ScalableTargets } = await aws.json<{ ScalableTargets: { MaxCapacity: number }[] }>(
      ...['application-autoscaling', 'describe-scalable-targets', '--service-namespace', 'ecs'],
    );
    assert.deepEqual(
      ScalableTargets.map(({ MaxCapacity }) => MaxCapacity),
      [4],
    );
  });

  it('associates capacity providers with a cluster', async () => {
    const strategy = ['--default-capacity-provider-strategy', 'capacityProvider=FARGATE_SPOT,weight=1'];
    const put = ['ecs', 'put-cluster-capacity-providers', '--cluster', 'demo', ...strategy, '--capacity-providers'];
    assert.equal((await aws.refusal(...put, 'FARGATE')).code, 'InvalidParameterException');
    await aws.json(...put, 'FARGATE', 'FARGATE_SPOT');
    const { capacityProviders } = await aws.json<{ capacityProviders: { name: string }[] }>(
      ...['ecs', 'describe-capacity-providers'],
    );
    assert.deepEqual(
      capacityProviders.map(({ name }) => name),
      ['FARGATE', 'FARGATE_SPOT'],
    );
  });
});
