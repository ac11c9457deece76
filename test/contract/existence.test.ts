import assert from 'node:assert/strict';
import { needsOwnSandbox, needsSeed } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli } from './tools';

const subnet = 'subnet-0a1b2c3d4e5f60718';

/**
 * Rules of AWS: ECS RunTask and CreateService awsvpcConfiguration (InvalidParameterException), RegisterTaskDefinition
 * and RunTask roles; IAM user guide, "Granting a user permissions to pass a role" (iam:PassRole).
 */
needsSeed('tiny').describe('what a request names must be there', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', args: ['--speed', '20'] });
    aws = new AwsCli(sandbox);
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    aws.close();
  });

  const run = (network: string): Promise<{ code: string; message: string }> =>
    aws.refusal(
      ...['ecs', 'run-task', '--cluster', 'demo', '--task-definition', 'worker', '--launch-type', 'FARGATE'],
      ...['--network-configuration', `awsvpcConfiguration={${network}}`],
    );

  it('refuses subnets and security groups that are not', async () => {
    const missing = await run('subnets=[subnet-absent]');
    assert.equal(missing.code, 'InvalidParameterException');
    assert.match(
      missing.message,
      /The subnet ID 'subnet-absent' does not exist \(ErrorCode: InvalidSubnetID\.NotFound\)/,
    );
    const group = await run(`subnets=[${subnet}],securityGroups=[sg-absent]`);
    assert.match(group.message, /security group 'sg-absent' does not exist \(ErrorCode: InvalidGroup\.NotFound\)/);
    const service = await aws.refusal(
      ...['ecs', 'update-service', '--cluster', 'demo', '--service', 'worker'],
      ...['--network-configuration', 'awsvpcConfiguration={subnets=[subnet-absent]}'],
    );
    assert.match(service.message, /InvalidSubnetID\.NotFound/);
  });

  const register = (role: string): string[] => [
    ...['ecs', 'register-task-definition', '--family', 'roles', '--execution-role-arn', role],
    ...['--container-definitions', '[{"name":"a","image":"nginx","memory":64}]'],
  ];
  const known = 'arn:aws:iam::000000000000:role/ecsTaskExecutionRole';
  const absent = 'arn:aws:iam::000000000000:role/absent';

  needsOwnSandbox('the lever that checks roles').it(
    'takes roles by their names alone unless they are to be checked',
    async () => {
      await aws.json(...register(absent));
      await sandbox.checkRoles(true);
      assert.deepEqual(await aws.refusal(...register(absent)), {
        code: 'ClientException',
        message: 'Role is not valid',
      });
      await aws.json(...register(known));
    },
  );

  needsOwnSandbox('the lever that checks roles').it(
    'wants a role to trust the service, and the caller to be allowed to pass it',
    async () => {
      await sandbox.checkRoles(true, [known]);
      const denied = await aws.refusal(...register(known));
      assert.equal(denied.code, 'AccessDeniedException');
      assert.match(denied.message, /is not authorized to perform: iam:PassRole on resource: .*ecsTaskExecutionRole/);
      const trust =
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}]}';
      await aws.json('iam', 'create-role', '--role-name', 'other', '--assume-role-policy-document', trust);
      const other = await aws.refusal(...register('arn:aws:iam::000000000000:role/other'));
      assert.equal(other.code, 'ClientException');
      // The trust policy is evaluated, not searched for a name.
      const policy = (effect: string, action: string): string => {
        const statement = { Effect: effect, Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: action };
        return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      };
      const roles = { denying: policy('Deny', 'sts:AssumeRole'), tagging: policy('Allow', 'sts:TagSession') };
      for (const [name, document] of Object.entries(roles)) {
        await aws.json('iam', 'create-role', '--role-name', name, '--assume-role-policy-document', document);
        const refused = await aws.refusal(...register(`arn:aws:iam::000000000000:role/${name}`));
        assert.equal(refused.message, 'Role is not valid', name);
      }
      const good = ['--role-name', 'good', '--assume-role-policy-document', policy('Allow', 'sts:AssumeRole')];
      await aws.json('iam', 'create-role', ...good);
      await aws.json(...register('arn:aws:iam::000000000000:role/good'));
      await sandbox.checkRoles(false);
      await aws.json(...register('arn:aws:iam::000000000000:role/other'));
    },
  );

  needsOwnSandbox('the lever that checks roles').it('can check roles from the start', async () => {
    const strict = await startSandbox({ seed: 'shop', args: ['--speed', '20', '--check-roles'] });
    const own = new AwsCli(strict);
    assert.equal((await own.refusal(...register(absent))).message, 'Role is not valid');
    await strict.stop();
    own.close();
  });
});
