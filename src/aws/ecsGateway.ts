import {
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ECSClient,
  type Failure,
} from '@aws-sdk/client-ecs';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Page } from '../core/paging';
import type {
  DescribedTaskDefinition,
  Described,
  EcsGateway,
  ListTasksFilter,
  RawTaskDefinition,
} from '../ecs/gateway';
import type { Cluster, Service, ServiceDeployment, Task } from '../ecs/model';
import type { Caller } from './caller';
import { toCluster, toService, toServiceDeployment, toTask } from './ecsShapes';
import { captureAnswer, replaceRequest } from './rawJson';

/** The JSON answer of DescribeTaskDefinition and RegisterTaskDefinition. */
type RawAnswer = { taskDefinition?: Record<string, unknown>; tags?: { key?: string; value?: string }[] };

/** ECS over the AWS SDK. */
export class SdkEcsGateway implements EcsGateway {
  constructor(
    private readonly client: ECSClient,
    private readonly caller: Caller,
  ) {}

  async listClusters(token: string | undefined, signal: AbortSignal): Promise<Page<string>> {
    const answer = await this.caller.call('ecs:ListClusters', 'clusterRead', signal, (options) =>
      this.client.send(new ListClustersCommand({ maxResults: 100, nextToken: token }), options),
    );
    return { items: answer.clusterArns ?? [], nextToken: answer.nextToken };
  }

  async describeClusters(arns: readonly string[], signal: AbortSignal): Promise<Described<Cluster>> {
    const answer = await this.caller.call('ecs:DescribeClusters', 'clusterRead', signal, (options) =>
      this.client.send(new DescribeClustersCommand({ clusters: [...arns] }), options),
    );
    return { found: (answer.clusters ?? []).map(toCluster), missing: missing(answer.failures) };
  }

  async listServices(cluster: string, token: string | undefined, signal: AbortSignal): Promise<Page<string>> {
    const answer = await this.caller.call('ecs:ListServices', 'serviceRead', signal, (options) =>
      this.client.send(new ListServicesCommand({ cluster, maxResults: 100, nextToken: token }), options),
    );
    return { items: answer.serviceArns ?? [], nextToken: answer.nextToken };
  }

  async describeServices(
    cluster: string,
    services: readonly string[],
    signal: AbortSignal,
  ): Promise<Described<Service>> {
    const answer = await this.caller.call('ecs:DescribeServices', 'serviceRead', signal, (options) =>
      this.client.send(new DescribeServicesCommand({ cluster, services: [...services] }), options),
    );
    return { found: (answer.services ?? []).map(toService), missing: missing(answer.failures) };
  }

  async listTasks(
    cluster: string,
    filter: ListTasksFilter,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<string>> {
    const answer = await this.caller.call('ecs:ListTasks', 'taskRead', signal, (options) =>
      this.client.send(new ListTasksCommand({ cluster, ...filter, maxResults: 100, nextToken: token }), options),
    );
    return { items: answer.taskArns ?? [], nextToken: answer.nextToken };
  }

  async describeTasks(cluster: string, tasks: readonly string[], signal: AbortSignal): Promise<Described<Task>> {
    const answer = await this.caller.call('ecs:DescribeTasks', 'taskRead', signal, (options) =>
      this.client.send(new DescribeTasksCommand({ cluster, tasks: [...tasks] }), options),
    );
    return { found: (answer.tasks ?? []).map(toTask), missing: missing(answer.failures) };
  }

  async describeTaskDefinition(taskDefinition: string, signal: AbortSignal): Promise<DescribedTaskDefinition> {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] });
    const raw = captureAnswer(command);
    await this.caller.call('ecs:DescribeTaskDefinition', 'taskDefinitionRead', signal, (options) =>
      this.client.send(command, options),
    );
    const answer = raw() as RawAnswer;
    return { taskDefinition: present(answer.taskDefinition, 'ecs:DescribeTaskDefinition'), tags: answer.tags ?? [] };
  }

  async registerTaskDefinition(input: RawTaskDefinition, signal: AbortSignal): Promise<string> {
    const command = new RegisterTaskDefinitionCommand({ family: undefined, containerDefinitions: undefined });
    replaceRequest(command, input);
    const answer = await this.caller.call('ecs:RegisterTaskDefinition', 'taskDefinitionWrite', signal, (options) =>
      this.client.send(command, options),
    );
    return present(answer.taskDefinition?.taskDefinitionArn, 'ecs:RegisterTaskDefinition');
  }

  async updateService(input: Parameters<EcsGateway['updateService']>[0], signal: AbortSignal): Promise<Service> {
    const answer = await this.caller.call('ecs:UpdateService', 'serviceWrite', signal, (options) =>
      this.client.send(new UpdateServiceCommand(input), options),
    );
    return toService(present(answer.service, 'ecs:UpdateService'));
  }

  async listServiceDeployments(
    cluster: string,
    service: string,
    createdAfter: number,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const input = { cluster, service, createdAt: { after: new Date(createdAfter) } };
    const answer = await this.caller.call('ecs:ListServiceDeployments', 'deploymentRead', signal, (options) =>
      this.client.send(new ListServiceDeploymentsCommand(input), options),
    );
    return (answer.serviceDeployments ?? []).flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
  }

  async describeServiceDeployments(
    arns: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ServiceDeployment[]> {
    const input = { serviceDeploymentArns: [...arns] };
    const answer = await this.caller.call('ecs:DescribeServiceDeployments', 'deploymentRead', signal, (options) =>
      this.client.send(new DescribeServiceDeploymentsCommand(input), options),
    );
    return (answer.serviceDeployments ?? []).map(toServiceDeployment);
  }

  async instanceOf(cluster: string, containerInstance: string, signal: AbortSignal): Promise<string | undefined> {
    const input = { cluster, containerInstances: [containerInstance] };
    const answer = await this.caller.call('ecs:DescribeContainerInstances', 'taskRead', signal, (options) =>
      this.client.send(new DescribeContainerInstancesCommand(input), options),
    );
    return answer.containerInstances?.[0]?.ec2InstanceId;
  }
}

function missing(failures: readonly Failure[] | undefined): { arn: string; reason: string }[] {
  return (failures ?? []).map(({ arn, reason }) => ({ arn: arn ?? '', reason: reason ?? '' }));
}

/** A member that AWS always gives: an answer without it is not from AWS. */
function present<T>(value: T | undefined, operation: string): T {
  if (value !== undefined) return value;
  throw new GantryError('badAnswer', message('{0} got an answer without its result.', operation));
}
