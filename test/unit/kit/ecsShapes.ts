import type { EcsGateway } from '../../../src/ecs/gateway';
import type { Container, ContainerInstance, Deployment, Service, Task } from '../../../src/ecs/model';
import type { ServiceDeployment } from '../../../src/ecs/serviceDeployment';

/* ECS's things as tests need them: everything usual, except what a test says. */

export const ours = 'ecs-svc/1111111111111111111';
export const other = 'ecs-svc/2222222222222222222';
export const startedAt = Date.UTC(2026, 0, 2, 3, 4, 0);

export function deployment(says: Partial<Deployment> = {}): Deployment {
  return {
    id: ours,
    status: 'PRIMARY',
    taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:2',
    desired: 1,
    running: 0,
    pending: 1,
    failed: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutReason: undefined,
    createdAt: startedAt,
    ...says,
  };
}

export function service(says: Partial<Service> = {}): Service {
  return {
    arn: 'arn:aws:ecs:us-east-1:123456789012:service/demo/web',
    name: 'web',
    clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/demo',
    status: 'ACTIVE',
    desired: 1,
    running: 1,
    pending: 0,
    taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:2',
    launchType: 'FARGATE',
    scheduling: 'REPLICA',
    execEnabled: false,
    strategy: 'ROLLING',
    rules: { minimumPercent: 100, maximumPercent: 200, breaker: { enabled: true, rollback: true }, bakeMinutes: 0 },
    placement: undefined,
    gracePeriod: undefined,
    createdAt: startedAt,
    controller: 'ECS',
    express: false,
    deployments: [deployment()],
    revisions: [],
    targetGroups: [],
    events: [],
    ...says,
  };
}

export function record(says: Partial<ServiceDeployment> = {}): ServiceDeployment {
  return {
    arn: 'arn:aws:ecs:us-east-1:123456789012:service-deployment/demo/web/abc',
    status: 'IN_PROGRESS',
    reason: undefined,
    lifecycleStage: undefined,
    createdAt: startedAt,
    finishedAt: undefined,
    target: undefined,
    sources: [],
    failureCount: undefined,
    failureThreshold: undefined,
    alarms: undefined,
    hooks: [],
    bakeMinutes: undefined,
    ...says,
  };
}

export function container(says: Partial<Container> = {}): Container {
  return {
    name: 'web',
    image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1',
    imageDigest: undefined,
    status: 'STOPPED',
    health: undefined,
    exitCode: undefined,
    reason: undefined,
    networkBindings: [],
    ...says,
  };
}

export function task(says: Partial<Task> = {}): Task {
  return {
    arn: 'arn:aws:ecs:us-east-1:123456789012:task/demo/0123456789abcdef0123456789abcdef',
    id: '0123456789abcdef0123456789abcdef',
    clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/demo',
    group: 'service:web',
    startedBy: ours,
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    health: undefined,
    taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:2',
    launchType: 'FARGATE',
    stopCode: undefined,
    stoppedReason: undefined,
    startedAt: undefined,
    createdAt: startedAt,
    stoppedAt: undefined,
    containerInstance: undefined,
    execEnabled: false,
    cpu: undefined,
    memory: undefined,
    zone: undefined,
    networkInterface: undefined,
    subnet: undefined,
    privateAddress: undefined,
    containers: [container()],
    ...says,
  };
}

export function containerInstance(says: Partial<ContainerInstance> = {}): ContainerInstance {
  return {
    arn: 'arn:aws:ecs:us-east-1:123456789012:container-instance/demo/abc',
    id: 'abc',
    ec2Instance: undefined,
    status: 'ACTIVE',
    agentConnected: true,
    agentVersion: undefined,
    runningTasks: 1,
    pendingTasks: 0,
    capacityProvider: undefined,
    cpu: { remaining: 1024, registered: 2048 },
    memory: { remaining: 1024, registered: 2048 },
    zone: undefined,
    instanceType: undefined,
    registeredAt: undefined,
    ...says,
  };
}

const unexpected = (operation: string) => (): never => {
  throw new Error(`the test did not expect ${operation}`);
};

/** A gateway that answers only what a test says; everything else is a mistake of the code under test. */
export function gateway(says: Partial<EcsGateway>): EcsGateway {
  return {
    listClusters: unexpected('ListClusters'),
    describeClusters: unexpected('DescribeClusters'),
    listServices: unexpected('ListServices'),
    describeServices: unexpected('DescribeServices'),
    listTasks: unexpected('ListTasks'),
    describeTasks: unexpected('DescribeTasks'),
    deregisterRevision: unexpected('DeregisterTaskDefinition'),
    describeTaskDefinition: unexpected('DescribeTaskDefinition'),
    registerTaskDefinition: unexpected('RegisterTaskDefinition'),
    updateService: unexpected('UpdateService'),
    describeExpress: unexpected('DescribeExpressGatewayService'),
    updateExpress: unexpected('UpdateExpressGatewayService'),
    stopTask: unexpected('StopTask'),
    runTask: unexpected('RunTask'),
    describeRawService: unexpected('DescribeServices'),
    listContainerInstances: unexpected('ListContainerInstances'),
    describeContainerInstances: unexpected('DescribeContainerInstances'),
    describeManagedProviders: unexpected('DescribeCapacityProviders'),
    listDaemons: unexpected('ListDaemons'),
    listFamilies: unexpected('ListTaskDefinitionFamilies'),
    listRevisions: unexpected('ListTaskDefinitions'),
    listServiceDeployments: unexpected('ListServiceDeployments'),
    describeServiceDeployments: unexpected('DescribeServiceDeployments'),
    describeServiceRevisions: unexpected('DescribeServiceRevisions'),
    rollBackServiceDeployment: unexpected('StopServiceDeployment'),
    continueServiceDeployment: unexpected('ContinueServiceDeployment'),
    ...says,
  };
}
