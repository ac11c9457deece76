import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import type { Sandbox } from './sandboxProcess';
import { sdkConfig } from './tools';

/** Everything in the account that a stack may make, by what AWS's services themselves list. */
export class AccountThings {
  readonly #config: ReturnType<typeof sdkConfig>;

  constructor(sandbox: Sandbox) {
    this.#config = sdkConfig(sandbox);
  }

  async all(): Promise<Record<string, unknown>> {
    const parts = await Promise.all([this.#containers(), this.#network(), this.#others()]);
    return Object.assign({}, ...parts) as Record<string, unknown>;
  }

  async #containers(): Promise<object> {
    const ecs = new ECSClient(this.#config);
    const ecr = new ECRClient(this.#config);
    try {
      const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}));
      const services = await Promise.all(clusterArns.map((cluster) => ecs.send(new ListServicesCommand({ cluster }))));
      const tasks = await Promise.all(clusterArns.map((cluster) => ecs.send(new ListTasksCommand({ cluster }))));
      const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ status: 'ACTIVE' }));
      const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
      return {
        clusterArns,
        taskDefinitionArns,
        services: services.flatMap(({ serviceArns = [] }) => serviceArns),
        tasks: tasks.flatMap(({ taskArns = [] }) => taskArns),
        repositories: repositories.map(({ repositoryName }) => repositoryName),
      };
    } finally {
      for (const client of [ecs, ecr]) client.destroy();
    }
  }

  async #network(): Promise<object> {
    const ec2 = new EC2Client(this.#config);
    const elb = new ElasticLoadBalancingV2Client(this.#config);
    try {
      const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
      const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
      const listeners = await Promise.all(
        LoadBalancers.map(({ LoadBalancerArn }) => elb.send(new DescribeListenersCommand({ LoadBalancerArn }))),
      );
      const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
      return {
        securityGroups: SecurityGroups.map(({ GroupId, IpPermissions, IpPermissionsEgress }) => [
          ...[GroupId, IpPermissions, IpPermissionsEgress],
        ]),
        balancers: LoadBalancers.map(({ LoadBalancerArn }) => LoadBalancerArn),
        listeners: listeners.flatMap(({ Listeners = [] }) => Listeners.map(({ ListenerArn }) => ListenerArn)),
        targetGroups: TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn),
      };
    } finally {
      for (const client of [ec2, elb]) client.destroy();
    }
  }

  async #others(): Promise<object> {
    const logs = new CloudWatchLogsClient(this.#config);
    const iam = new IAMClient(this.#config);
    const scaling = new ApplicationAutoScalingClient(this.#config);
    const alarms = new CloudWatchClient(this.#config);
    try {
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
      const { Roles = [] } = await iam.send(new ListRolesCommand({}));
      const named = { ServiceNamespace: 'ecs' as const };
      const { ScalableTargets = [] } = await scaling.send(new DescribeScalableTargetsCommand(named));
      const { ScalingPolicies = [] } = await scaling.send(new DescribeScalingPoliciesCommand(named));
      const { MetricAlarms = [] } = await alarms.send(new DescribeAlarmsCommand({}));
      return {
        logGroups: logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]),
        roles: Roles.map(({ RoleName }) => RoleName),
        targets: ScalableTargets.map(({ ResourceId }) => ResourceId),
        policies: ScalingPolicies.map(({ PolicyARN }) => PolicyARN),
        alarms: MetricAlarms.map(({ AlarmName }) => AlarmName),
      };
    } finally {
      for (const client of [logs, iam, scaling, alarms]) client.destroy();
    }
  }
}
