import type { DefinitionServiceChoices } from '../serviceFromDefinition';
import { Intrinsic, ref, when, type Parameter, type Resource, type Template, type Value } from './ast';
import { launchProperties } from './cluster';
import { clientRule, sourceRule, taskGroupResource } from './network';
import { serviceName } from './scaling';

/** A service alone, with a security group of its own where none is chosen. The same choices give the same template. */
export function definitionServiceTemplate(choices: DefinitionServiceChoices): Template {
  const { name, cluster, network } = choices;
  const makesGroup = network !== undefined && !network.securityGroups;
  return {
    description: `The service ${name} in the cluster ${cluster} of Amazon ECS. Written by Gantry.`,
    parameters: parametersOf(choices, makesGroup),
    conditions: { HasTasks: new Intrinsic('Not', [new Intrinsic('Equals', [ref('DesiredCount'), '0'])]) },
    resources: {
      ...(makesGroup ? taskGroupResource(ingressOf(choices)) : {}),
      Service: service(choices),
    },
    outputs: { Service: { description: 'The service', value: serviceName } },
  };
}

function parametersOf(
  { definition, desiredCount, network }: DefinitionServiceChoices,
  makesGroup: boolean,
): Record<string, Parameter> {
  return {
    TaskDefinition: {
      type: 'String',
      description: 'The revision that runs. Give the newest one when you update.',
      default: definition.arn,
    },
    DesiredCount: { type: 'Number', description: 'How many tasks run', default: desiredCount },
    ...(network && makesGroup
      ? { Vpc: { type: 'AWS::EC2::VPC::Id', description: 'The network', default: network.vpc } }
      : {}),
    ...(network
      ? {
          TaskSubnets: {
            type: 'List<AWS::EC2::Subnet::Id>',
            description: 'Subnets of the tasks',
            default: network.subnets.join(','),
          },
        }
      : {}),
  };
}

function ingressOf({ reach }: DefinitionServiceChoices): Value[] {
  switch (reach.kind) {
    case 'none':
      return [];
    case 'publicAddress':
      return [clientRule(reach.port, reach.allowedFrom)];
    case 'targetGroup':
      return reach.sources.map((source) => sourceRule(reach.port, source, 'Load balancer'));
  }
}

function service(choices: DefinitionServiceChoices): Resource {
  const { name, cluster, capacity, network, exec, reach } = choices;
  return {
    type: 'AWS::ECS::Service',
    comment:
      'Keeps the tasks running, and takes a deployment back whose tasks do not come up. Without tasks there is nothing to go back to.',
    properties: {
      ServiceName: name,
      Cluster: cluster,
      TaskDefinition: ref('TaskDefinition'),
      DesiredCount: ref('DesiredCount'),
      ...launchProperties(capacity),
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: when('HasTasks', true, false) },
      },
      ...(network
        ? {
            NetworkConfiguration: {
              AwsvpcConfiguration: {
                Subnets: ref('TaskSubnets'),
                SecurityGroups: network.securityGroups ? [...network.securityGroups] : [ref('TaskSecurityGroup')],
                AssignPublicIp: network.publicAddress ? 'ENABLED' : 'DISABLED',
              },
            },
          }
        : {}),
      ...(reach.kind === 'targetGroup'
        ? {
            LoadBalancers: [{ ContainerName: reach.container, ContainerPort: reach.port, TargetGroupArn: reach.arn }],
            HealthCheckGracePeriodSeconds: 60,
          }
        : {}),
      EnableExecuteCommand: exec,
      EnableECSManagedTags: true,
      PropagateTags: 'SERVICE',
    },
  };
}
