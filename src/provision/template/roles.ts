import { parseImageReference } from '../../core/imageRef';
import { secretArnOf } from '../../ecs/secretReference';
import type { ContainerChoice, RepositoryChoice } from '../choices';
import { getAtt, ref, sub, type Resource, type Value } from './ast';
import { repositoryArn } from './repository';

/** What the roles of a service are made for. */
export interface RoleNeeds {
  readonly repository: RepositoryChoice;
  readonly containers: readonly ContainerChoice[];
  readonly exec: boolean;
}

/**
 * The role with which ECS starts tasks and the role that the tasks have, each with nothing but what these containers
 * need (Amazon ECS Developer Guide, "Task execution IAM role", "Task IAM role").
 */
export function taskRoles(needs: RoleNeeds): Record<string, Resource> {
  return {
    ExecutionRole: {
      type: 'AWS::IAM::Role',
      comment: 'With this role ECS pulls the image, writes the logs and reads the secrets.',
      properties: {
        AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com'),
        Policies: [policy('start-tasks', startStatements(needs))],
      },
    },
    TaskRole: {
      type: 'AWS::IAM::Role',
      comment: 'This role is the application’s own. Add what it may do in AWS.',
      properties: {
        AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com'),
        ...(needs.exec ? { Policies: [policy('ecs-exec', [execStatement])] } : {}),
      },
    },
  };
}

/** The role with which ECS moves traffic between target groups. */
export function trafficRole(): Record<string, Resource> {
  return {
    TrafficRole: {
      type: 'AWS::IAM::Role',
      comment: 'With this role ECS moves the load balancer’s traffic from the old tasks to the new ones.',
      properties: {
        AssumeRolePolicyDocument: trust('ecs.amazonaws.com'),
        ManagedPolicyArns: [awsPolicy('AmazonECSInfrastructureRolePolicyForLoadBalancers')],
      },
    },
  };
}

/** The roles of Managed Instances (Amazon ECS Developer Guide, "Amazon ECS Managed Instances"). */
export function managedInstancesRoles(): Record<string, Resource> {
  return {
    InfrastructureRole: {
      type: 'AWS::IAM::Role',
      comment: 'With this role ECS starts and stops the instances. ECS may pass on roles named ecsInstanceRole… only.',
      properties: {
        AssumeRolePolicyDocument: trust('ecs.amazonaws.com'),
        ManagedPolicyArns: [awsPolicy('AmazonECSInfrastructureRolePolicyForManagedInstances')],
      },
    },
    InstanceRole: {
      type: 'AWS::IAM::Role',
      comment: 'The role of the instances themselves.',
      properties: {
        RoleName: sub('ecsInstanceRole-${AWS::StackName}'),
        AssumeRolePolicyDocument: trust('ec2.amazonaws.com'),
        ManagedPolicyArns: [awsPolicy('AmazonECSInstanceRolePolicyForManagedInstances')],
      },
    },
    InstanceProfile: {
      type: 'AWS::IAM::InstanceProfile',
      comment: 'Gives the role to the instances.',
      properties: { Roles: [ref('InstanceRole')] },
    },
  };
}

/** The roles of Express Mode (Amazon ECS Developer Guide, "Express Mode services"). */
export function expressRole(): Record<string, Resource> {
  return {
    InfrastructureRole: {
      type: 'AWS::IAM::Role',
      comment: 'With this role ECS makes the load balancer, the certificate, the security groups and the scaling.',
      properties: {
        AssumeRolePolicyDocument: trust('ecs.amazonaws.com'),
        ManagedPolicyArns: [awsPolicy('service-role/AmazonECSInfrastructureRoleforExpressGatewayServices')],
      },
    },
  };
}

const awsPolicy = (name: string): Value => sub(`arn:\${AWS::Partition}:iam::aws:policy/${name}`);

function trust(service: string): Value {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  return { Version: '2012-10-17', Statement: [statement] };
}

function policy(name: string, statements: readonly Value[]): Value {
  return { PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement: [...statements] } };
}

const execStatement: Value = {
  Effect: 'Allow',
  Action: [
    ...['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel'],
    ...['ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'],
  ],
  Resource: '*',
};

function startStatements({ repository, containers }: RoleNeeds): Value[] {
  const secrets = valuesOf(containers).filter((value) => value.includes(':secretsmanager:'));
  const parameters = valuesOf(containers).filter((value) => !value.includes(':secretsmanager:'));
  return [
    { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      Resource: [repositoryArn(repository), ...otherRepositories(containers)],
    },
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: getAtt('LogGroup', 'Arn'),
    },
    ...(secrets.length > 0
      ? [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secrets.map(secretArnOf) }]
      : []),
    ...(parameters.length > 0
      ? [{ Effect: 'Allow', Action: 'ssm:GetParameters', Resource: parameters.map(parameterArn) }]
      : []),
  ];
}

function valuesOf(containers: readonly ContainerChoice[]): string[] {
  return [...new Set(containers.flatMap(({ secrets }) => secrets.map(({ valueFrom }) => valueFrom)))];
}

/** A parameter of the same Region may be named without its ARN. */
function parameterArn(valueFrom: string): Value {
  if (valueFrom.startsWith('arn:')) return valueFrom;
  const name = valueFrom.replace(/^\//, '');
  return sub(`arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/${name}`);
}

/** Repositories of ECR that further containers come from. */
function otherRepositories(containers: readonly ContainerChoice[]): Value[] {
  const arns = containers.flatMap(({ image }) => {
    const { host = '', repository = '' } = (image && parseImageReference(image)) || {};
    const [, account, region] = /^(\d{12})\.dkr[.-]ecr\.([a-z0-9-]+)\./.exec(host) ?? [];
    return account ? [`arn:\${AWS::Partition}:ecr:${region}:${account}:repository/${repository}`] : [];
  });
  return [...new Set(arns)].map(sub);
}
