import type { Choices, ServiceChoices } from '../choices';
import { getAtt, isGiven, ref, sub, type Parameter, type Resource, type Template } from './ast';
import { clusterName, clusterResources } from './cluster';
import { expressResources } from './express';
import { balancerResources } from './loadBalancer';
import { securityGroups } from './network';
import { repositoryResources } from './repository';
import { taskRoles } from './roles';
import { scalingResources, serviceName } from './scaling';
import { serviceResource } from './service';
import { logGroup, taskDefinition } from './taskDefinition';

const image: Parameter = {
  type: 'String',
  description: 'Image with its digest. Empty until the first one is pushed. Give the one that runs when you update.',
  default: '',
};

/** The template of a new service. The same choices give the same template. */
export function templateOf(choices: Choices): Template {
  const resources = choices.kind === 'express' ? expressResources(choices) : serviceResources(choices);
  const { repository, cluster } = choices;
  return {
    description: `The service ${choices.name} on Amazon ECS with everything that it needs. Written by Gantry.`,
    parameters: choices.kind === 'express' ? { Image: image } : parametersOf(choices),
    conditions: { HasImage: isGiven('Image') },
    resources,
    outputs: {
      Cluster: { description: 'The cluster', value: clusterName(cluster) },
      Repository: {
        description: 'The repository',
        value: repository.kind === 'new' ? ref('Repository') : repository.name,
      },
      ...(choices.kind === 'express' ? expressOutputs : serviceOutputs(choices)),
    },
  };
}

function serviceResources(choices: ServiceChoices): Record<string, Resource> {
  const { name, repository, logRetention, containers, exec, scaling, cluster } = choices;
  return {
    ...repositoryResources(repository),
    ...clusterResources(choices),
    ...logGroup(name, logRetention),
    ...taskRoles({ repository, containers, exec }),
    ...taskDefinition(choices),
    ...securityGroups(choices),
    ...balancerResources(choices),
    ...serviceResource(choices),
    ...scalingResources(scaling, cluster),
  };
}

function parametersOf({ network, front, desiredCount, scaling, capacity }: ServiceChoices): Record<string, Parameter> {
  const usesVpc = !network.securityGroups || front.kind === 'loadBalancer' || capacity.kind === 'managedInstances';
  return {
    Image: image,
    DesiredCount: { type: 'Number', description: 'How many tasks run', default: desiredCount },
    ...(scaling
      ? {
          MinimumTasks: { type: 'Number', description: 'Tasks that scaling leaves at least', default: scaling.minimum },
        }
      : {}),
    ...(usesVpc ? { Vpc: { type: 'AWS::EC2::VPC::Id', description: 'The network', default: network.vpc } } : {}),
    TaskSubnets: {
      type: 'List<AWS::EC2::Subnet::Id>',
      description: 'Subnets of the tasks',
      default: network.subnets.join(','),
    },
    ...(front.kind === 'loadBalancer'
      ? {
          BalancerSubnets: {
            type: 'List<AWS::EC2::Subnet::Id>',
            description: 'Subnets of the load balancer, in two Availability Zones at least',
            default: front.subnets.join(','),
          },
        }
      : {}),
    ...(front.kind === 'loadBalancer' && front.certificate
      ? { Certificate: { type: 'String', description: 'Certificate in ACM', default: front.certificate } }
      : {}),
  };
}

const expressOutputs: Template['outputs'] = {
  Service: { description: 'The service', value: ref('Service'), condition: 'HasImage' },
  Address: { description: 'Its address', value: getAtt('Service', 'Endpoint'), condition: 'HasImage' },
};

function serviceOutputs({ front }: ServiceChoices): Template['outputs'] {
  const scheme = front.kind === 'loadBalancer' && front.certificate ? 'https' : 'http';
  return {
    Service: { description: 'The service', value: serviceName },
    ...(front.kind === 'loadBalancer'
      ? { Address: { description: 'Its address', value: sub(`${scheme}://\${LoadBalancer.DNSName}`) } }
      : {}),
  };
}
