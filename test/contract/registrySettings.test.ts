import assert from 'node:assert/strict';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeRegistryCommand,
  ECRClient,
  GetRegistryPolicyCommand,
  PutRegistryPolicyCommand,
  PutRegistryScanningConfigurationCommand,
  PutReplicationConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { DescribeContainerInstancesCommand, ECSClient, ListContainerInstancesCommand } from '@aws-sdk/client-ecs';
import { needsSeed } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { sdkConfig } from './tools';

/**
 * Rules of AWS: ECR PutRegistryPolicy, PutReplicationConfiguration, PutRegistryScanningConfiguration; EC2
 * AuthorizeSecurityGroupIngress and -Egress, RevokeSecurityGroupIngress, DescribeInstances.
 */
needsSeed('tiny').describe('settings of the registry and of the network', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny' });
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), []);
    assert.equal(await sandbox.stop(), 0);
  });

  it('keep the policy, the replication and the scanning rules of the registry', async () => {
    const ecr = new ECRClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    await assert.rejects(ecr.send(new GetRegistryPolicyCommand({})), { name: 'RegistryPolicyNotFoundException' });
    await ecr.send(new PutRegistryPolicyCommand({ policyText: '{"Statement":[]}' }));
    assert.equal((await ecr.send(new GetRegistryPolicyCommand({}))).policyText, '{"Statement":[]}');
    const rules = [{ destinations: [{ region: 'eu-west-1', registryId: '000000000000' }] }];
    await ecr.send(new PutReplicationConfigurationCommand({ replicationConfiguration: { rules } }));
    const { replicationConfiguration } = await ecr.send(new DescribeRegistryCommand({}));
    assert.deepEqual(replicationConfiguration, { rules });
    const repositoryFilters = [{ filter: 'demo/*', filterType: 'WILDCARD' as const }];
    const scanning = { rules: [{ scanFrequency: 'SCAN_ON_PUSH' as const, repositoryFilters }] };
    await ecr.send(new PutRegistryScanningConfigurationCommand({ scanType: 'BASIC', ...scanning }));
    const { scanningConfigurations, failures } = await ecr.send(
      new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: ['demo/web', 'absent'] }),
    );
    assert.equal(scanningConfigurations?.[0]?.scanFrequency, 'SCAN_ON_PUSH');
    assert.deepEqual(scanningConfigurations[0].appliedScanFilters, repositoryFilters);
    assert.equal(failures?.[0]?.failureCode, 'REPOSITORY_NOT_FOUND');
    const manual = { scanType: 'ENHANCED' as const, rules: [{ scanFrequency: 'MANUAL' as const, repositoryFilters }] };
    await assert.rejects(ecr.send(new PutRegistryScanningConfigurationCommand(manual)), {
      name: 'InvalidParameterException',
    });
  });

  it('add and revoke rules of security groups in both directions', async () => {
    const ec2 = new EC2Client({ ...sdkConfig(sandbox), maxAttempts: 1 });
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' }));
    const permission = {
      ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
      IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'inside' }],
      UserIdGroupPairs: [{ GroupId }],
    };
    const { SecurityGroupRules = [] } = await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }),
    );
    assert.equal(SecurityGroupRules.length, 2);
    await assert.rejects(ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] })), {
      name: 'InvalidPermission.Duplicate',
    });
    const group = async () =>
      (await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ''] }))).SecurityGroups?.[0];
    assert.deepEqual((await group())?.IpPermissions?.[0]?.IpRanges, permission.IpRanges);
    const [first] = SecurityGroupRules;
    const SecurityGroupRuleIds = [first?.SecurityGroupRuleId ?? ''];
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
    const left = await ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId ?? ''] }] }),
    );
    assert.deepEqual(
      left.SecurityGroupRules?.map(({ IsEgress, ReferencedGroupInfo }) => [IsEgress, ReferencedGroupInfo?.GroupId]),
      [
        [false, GroupId],
        [true, undefined],
      ],
    );
    const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: all }));
    assert.deepEqual((await group())?.IpPermissionsEgress, []);
    await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: all }));
    assert.equal((await group())?.IpPermissionsEgress?.length, 1);
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    await assert.rejects(group(), { name: 'InvalidGroup.NotFound' });
  });

  it('show the instances behind container instances', async () => {
    const ecs = new ECSClient(sdkConfig(sandbox));
    const ec2 = new EC2Client(sdkConfig(sandbox));
    const { containerInstanceArns = [] } = await ecs.send(new ListContainerInstancesCommand({ cluster: 'demo' }));
    const { containerInstances } = await ecs.send(
      new DescribeContainerInstancesCommand({ cluster: 'demo', containerInstances: containerInstanceArns }),
    );
    const id = containerInstances?.[0]?.ec2InstanceId ?? '';
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const [instance] = Reservations?.[0]?.Instances ?? [];
    assert.equal(instance?.InstanceId, id);
    assert.equal(instance.State?.Name, 'running');
    assert.equal(instance.PublicIpAddress, undefined);
    await assert.rejects(ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })), {
      name: 'InvalidInstanceID.NotFound',
    });
  });
});
