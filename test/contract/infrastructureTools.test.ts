import assert from 'node:assert/strict';
import { needsSeed } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli } from './tools';

/**
 * What Terraform's AWS provider asks beside the obvious. Rules of AWS: ECS CreateService (an empty capacity provider
 * strategy is none), ListServiceDeployments; EC2 RevokeSecurityGroupEgress (ports do not count where every protocol is
 * meant); Secrets Manager PutResourcePolicy; Application Auto Scaling TagResource; ELBv2 ModifyLoadBalancerAttributes.
 */
needsSeed('tiny').describe('what tools that describe infrastructure ask', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let subnets: string[];
  let vpc: string;

  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny' });
    aws = new AwsCli(sandbox);
    const { Subnets } = await aws.json<{ Subnets: { SubnetId: string; VpcId: string }[] }>('ec2', 'describe-subnets');
    subnets = Subnets.map(({ SubnetId }) => SubnetId);
    vpc = Subnets[0]?.VpcId ?? '';
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
    aws.close();
  });

  it('makes a service with a launch type and an empty strategy', async () => {
    const network = JSON.stringify({ awsvpcConfiguration: { subnets } });
    const { taskDefinition } = await aws.json<{ taskDefinition: { taskDefinitionArn: string } }>(
      ...['ecs', 'register-task-definition', '--family', 'tool', '--network-mode', 'awsvpc', '--cpu', '256'],
      ...['--memory', '512', '--requires-compatibilities', 'FARGATE'],
      ...['--container-definitions', JSON.stringify([{ name: 'c', image: 'busybox:stable' }])],
    );
    const { service } = await aws.json<{ service: { launchType: string; capacityProviderStrategy?: unknown } }>(
      ...['ecs', 'create-service', '--cluster', 'demo', '--service-name', 'tool', '--desired-count', '1'],
      ...['--task-definition', taskDefinition.taskDefinitionArn, '--launch-type', 'FARGATE'],
      ...['--capacity-provider-strategy', '[]', '--network-configuration', network],
    );
    assert.deepEqual([service.launchType, service.capacityProviderStrategy ?? []], ['FARGATE', []]);
  });

  it('knows a deployment by the digits of the revision that it brings', async () => {
    const where = ['--cluster', 'demo'];
    const { services } = await aws.json<{ services: { deployments: { id: string }[] }[] }>(
      ...['ecs', 'describe-services', ...where, '--services', 'web'],
    );
    const { serviceDeployments } = await aws.json<{ serviceDeployments: { targetServiceRevisionArn: string }[] }>(
      ...['ecs', 'list-service-deployments', ...where, '--service', 'web'],
    );
    const digits = services[0]?.deployments[0]?.id.split('/')[1] ?? '';
    assert.match(digits, /^\d{19}$/);
    assert.equal(serviceDeployments[0]?.targetServiceRevisionArn.split('/').at(-1), digits);
  });

  it('takes the rule to everywhere out of a new security group, whatever ports are named with it', async () => {
    const { GroupId } = await aws.json<{ GroupId: string }>(
      ...['ec2', 'create-security-group', '--group-name', 'tool', '--description', 'of a tool', '--vpc-id', vpc],
    );
    const everywhere = [{ IpProtocol: '-1', FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    const permissions = ['--group-id', GroupId, '--ip-permissions', JSON.stringify(everywhere)];
    await aws.json('ec2', 'revoke-security-group-egress', ...permissions);
    const { SecurityGroups } = await aws.json<{ SecurityGroups: { IpPermissionsEgress: unknown[] }[] }>(
      ...['ec2', 'describe-security-groups', '--group-ids', GroupId],
    );
    assert.deepEqual(SecurityGroups[0]?.IpPermissionsEgress, []);
    const again = await aws.refusal('ec2', 'revoke-security-group-egress', ...permissions);
    assert.equal(again.code, 'InvalidPermission.NotFound');
  });

  it('keeps who else may have a secret', async () => {
    const of = ['--secret-id', 'tool/key'];
    await aws.json('secretsmanager', 'create-secret', '--name', 'tool/key', '--secret-string', 'hidden');
    const policyOf = async (): Promise<string | undefined> =>
      (await aws.json<{ ResourcePolicy?: string }>('secretsmanager', 'get-resource-policy', ...of)).ResourcePolicy;
    assert.equal(await policyOf(), undefined);
    const statement = { Effect: 'Allow', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*' };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const put = ['secretsmanager', 'put-resource-policy', ...of, '--resource-policy'];
    await aws.json(...put, policy);
    assert.equal(await policyOf(), policy);
    assert.equal((await aws.refusal(...put, 'nonsense')).code, 'MalformedPolicyDocumentException');
    await aws.json('secretsmanager', 'delete-resource-policy', ...of);
    assert.equal(await policyOf(), undefined);
  });

  it('keeps tags of scalable targets', async () => {
    const { ScalableTargetARN: arn } = await aws.json<{ ScalableTargetARN: string }>(
      ...['application-autoscaling', 'register-scalable-target', '--service-namespace', 'ecs'],
      ...['--scalable-dimension', 'ecs:service:DesiredCount', '--resource-id', 'service/demo/web'],
      ...['--min-capacity', '1', '--max-capacity', '2', '--tags', 'team=web'],
    );
    const scaling = (verb: string, ...more: string[]): Promise<{ Tags?: Record<string, string> }> =>
      aws.json('application-autoscaling', verb, '--resource-arn', arn, ...more);
    await scaling('tag-resource', '--tags', 'stage=test');
    assert.deepEqual((await scaling('list-tags-for-resource')).Tags, { team: 'web', stage: 'test' });
    await scaling('untag-resource', '--tag-keys', 'team');
    assert.deepEqual((await scaling('list-tags-for-resource')).Tags, { stage: 'test' });
  });

  it('has the attributes of a load balancer that are off until somebody wants them', async () => {
    const { LoadBalancers } = await aws.json<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
      ...['elbv2', 'create-load-balancer', '--name', 'tool', '--subnets', ...subnets],
    );
    const of = ['--load-balancer-arn', LoadBalancers[0]?.LoadBalancerArn ?? ''];
    const names = ['connection_logs.s3.enabled', 'health_check_logs.s3.enabled', 'zonal_shift.config.enabled'];
    const off = names.map((name) => `Key=${name},Value=false`);
    await aws.json('elbv2', 'modify-load-balancer-attributes', ...of, '--attributes', ...off);
    const { Attributes } = await aws.json<{ Attributes: { Key: string; Value: string }[] }>(
      ...['elbv2', 'describe-load-balancer-attributes', ...of],
    );
    assert.equal(Attributes.find(({ Key }) => Key === 'connection_logs.s3.enabled')?.Value, 'false');
  });
});
