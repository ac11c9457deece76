import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Sandbox } from './sandboxProcess';
import { sdkConfig } from './tools';

const subnets = ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'];

/** A load balancer with two listeners and two target groups for each service, as CodeDeploy wants them. */
export class CodeDeployWorld {
  readonly ecs: ECSClient;
  readonly #elb: ElasticLoadBalancingV2Client;

  constructor(sandbox: Sandbox) {
    this.ecs = new ECSClient(sdkConfig(sandbox));
    this.#elb = new ElasticLoadBalancingV2Client(sdkConfig(sandbox));
  }

  async open(): Promise<void> {
    await this.ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
  }

  /** @returns the ARN of a revision that fares as a scenario of the sandbox says. */
  async define(family: string, scenario?: string, image = 'nginx'): Promise<string> {
    const { taskDefinition } = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family, networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' },
        containerDefinitions: [
          {
            ...{ name: 'web', image, portMappings: [{ containerPort: 80 }] },
            ...(scenario ? { dockerLabels: { 'gantry.sandbox.scenario': scenario } } : {}),
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  }

  /** A service of the controller CODE_DEPLOY, and what a deployment group needs of its load balancer. */
  async service(name: string, desiredCount = 1): Promise<object> {
    const blue = await this.#group(`${name}-blue`);
    await this.#group(`${name}-green`);
    const { LoadBalancers } = await this.#elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: subnets }));
    const listener = async (Port: number): Promise<string> => {
      const { Listeners } = await this.#elb.send(
        new CreateListenerCommand({
          ...{ LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn, Protocol: 'HTTP', Port },
          DefaultActions: [{ Type: 'forward', TargetGroupArn: blue }],
        }),
      );
      return Listeners?.[0]?.ListenerArn ?? '';
    };
    const [production, test] = [await listener(80), await listener(8443)];
    await this.ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'demo', serviceName: name, taskDefinition: await this.define(name), desiredCount },
        ...{ launchType: 'FARGATE', deploymentController: { type: 'CODE_DEPLOY' } },
        networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups: ['sg-0a1b2c3d4e5f60718'] } },
        loadBalancers: [{ targetGroupArn: blue, containerName: 'web', containerPort: 80 }],
      }),
    );
    return {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: `${name}-blue` }, { name: `${name}-green` }],
          prodTrafficRoute: { listenerArns: [production] },
          testTrafficRoute: { listenerArns: [test] },
        },
      ],
    };
  }

  close(): void {
    this.ecs.destroy();
    this.#elb.destroy();
  }

  async #group(Name: string): Promise<string> {
    const { TargetGroups } = await this.#elb.send(
      new CreateTargetGroupCommand({
        ...{ Name, Protocol: 'HTTP', Port: 80, TargetType: 'ip', VpcId: 'vpc-0a1b2c3d4e5f60718' },
        ...{ HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2 },
      }),
    );
    return TargetGroups?.[0]?.TargetGroupArn ?? '';
  }
}

/** What CreateDeploymentGroup is told, with AWS's usual answers. */
export function deploymentGroup(name: string, loadBalancerInfo: object, more: object = {}): object {
  return {
    ...{ applicationName: 'shop', deploymentGroupName: name, loadBalancerInfo },
    serviceRoleArn: 'arn:aws:iam::000000000000:role/codeDeploy',
    ecsServices: [{ clusterName: 'demo', serviceName: name }],
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    blueGreenDeploymentConfiguration: {
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 0 },
      deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT', waitTimeInMinutes: 0 },
    },
    autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST'] },
    ...more,
  };
}
