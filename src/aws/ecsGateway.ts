import {
  ContinueServiceDeploymentCommand,
  DescribeCapacityProvidersCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeExpressGatewayServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListDaemonsCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopServiceDeploymentCommand,
  StopTaskCommand,
  UpdateExpressGatewayServiceCommand,
  UpdateServiceCommand,
  type ECSClient,
  type Failure,
} from '@aws-sdk/client-ecs';
import { nameOf } from '../core/arn';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Page } from '../core/paging';
import type {
  DescribedTaskDefinition,
  Described,
  EcsGateway,
  HookAnswer,
  ListTasksFilter,
  RawTaskDefinition,
  RunTaskInput,
  ServiceChange,
  ServiceDeploymentFilter,
} from '../ecs/gateway';
import type { ExpressChange, ExpressService } from '../ecs/express';
import type { Cluster, ContainerInstance, Daemon, Service, Task } from '../ecs/model';
import type { ServiceDeployment, ServiceDeploymentBrief, ServiceRevision } from '../ecs/serviceDeployment';
import type { Caller } from './caller';
import { toCluster, toContainerInstance, toService, toTask } from './ecsShapes';
import { toExpressService } from './expressShapes';
import { captureAnswer, replaceRequest } from './rawJson';
import { toBrief, toServiceDeployment, toServiceRevision } from './serviceDeploymentShapes';

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
      this.client.send(new DescribeClustersCommand({ clusters: [...arns], include: ['SETTINGS'] }), options),
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

  async deregisterRevision(revision: string, signal: AbortSignal): Promise<void> {
    await this.caller.call('ecs:DeregisterTaskDefinition', 'taskDefinitionWrite', signal, (options) =>
      this.client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: revision }), options),
    );
  }

  async registerTaskDefinition(input: RawTaskDefinition, signal: AbortSignal): Promise<string> {
    const command = new RegisterTaskDefinitionCommand({ family: undefined, containerDefinitions: undefined });
    replaceRequest(command, input);
    const answer = await this.caller.call('ecs:RegisterTaskDefinition', 'taskDefinitionWrite', signal, (options) =>
      this.client.send(command, options),
    );
    return present(answer.taskDefinition?.taskDefinitionArn, 'ecs:RegisterTaskDefinition');
  }

  async updateService({ settings, ...change }: ServiceChange, signal: AbortSignal): Promise<Service> {
    const input = { ...settings, ...change };
    const answer = await this.caller.call('ecs:UpdateService', 'serviceWrite', signal, (options) =>
      this.client.send(new UpdateServiceCommand(input), options),
    );
    return toService(present(answer.service, 'ecs:UpdateService'));
  }

  async describeExpress(arn: string, signal: AbortSignal): Promise<ExpressService> {
    const command = new DescribeExpressGatewayServiceCommand({ serviceArn: arn });
    const raw = captureAnswer(command);
    const answer = await this.caller.call('ecs:DescribeExpressGatewayService', 'serviceRead', signal, (options) =>
      this.client.send(command, options),
    );
    return toExpressService(present(answer.service, 'ecs:DescribeExpressGatewayService'), raw());
  }

  async updateExpress(arn: string, change: ExpressChange, signal: AbortSignal): Promise<void> {
    const command = new UpdateExpressGatewayServiceCommand({ serviceArn: arn });
    replaceRequest(command, { serviceArn: arn, ...change });
    await this.caller.call('ecs:UpdateExpressGatewayService', 'serviceWrite', signal, (options) =>
      this.client.send(command, options),
    );
  }

  async stopTask(cluster: string, task: string, reason: string, signal: AbortSignal): Promise<void> {
    await this.caller.call('ecs:StopTask', 'clusterWrite', signal, (options) =>
      this.client.send(new StopTaskCommand({ cluster, task, reason }), options),
    );
  }

  async runTask(input: RunTaskInput, signal: AbortSignal): Promise<readonly string[]> {
    const answer = await this.caller.call('ecs:RunTask', 'taskWrite', signal, (options) =>
      this.client.send(new RunTaskCommand(input), options),
    );
    const [failure] = answer.failures ?? [];
    if (failure && !answer.tasks?.length) {
      const reason = failure.detail ?? failure.reason ?? '';
      throw new GantryError('refused', message('{0} was refused: {1}', 'ecs:RunTask', reason));
    }
    return (answer.tasks ?? []).flatMap(({ taskArn }) => taskArn ?? []);
  }

  async describeRawService(
    cluster: string,
    service: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const command = new DescribeServicesCommand({ cluster, services: [service] });
    const raw = captureAnswer(command);
    await this.caller.call('ecs:DescribeServices', 'serviceRead', signal, (options) =>
      this.client.send(command, options),
    );
    const { services } = raw() as { services?: Record<string, unknown>[] };
    return present(services?.[0], 'ecs:DescribeServices');
  }

  async listContainerInstances(cluster: string, token: string | undefined, signal: AbortSignal): Promise<Page<string>> {
    const answer = await this.caller.call('ecs:ListContainerInstances', 'taskRead', signal, (options) =>
      this.client.send(new ListContainerInstancesCommand({ cluster, maxResults: 100, nextToken: token }), options),
    );
    return { items: answer.containerInstanceArns ?? [], nextToken: answer.nextToken };
  }

  async describeContainerInstances(
    cluster: string,
    arns: readonly string[],
    signal: AbortSignal,
  ): Promise<Described<ContainerInstance>> {
    const input = { cluster, containerInstances: [...arns] };
    const answer = await this.caller.call('ecs:DescribeContainerInstances', 'taskRead', signal, (options) =>
      this.client.send(new DescribeContainerInstancesCommand(input), options),
    );
    return { found: (answer.containerInstances ?? []).map(toContainerInstance), missing: missing(answer.failures) };
  }

  async describeManagedProviders(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const input = { capacityProviders: [...names] };
    const answer = await this.caller.call('ecs:DescribeCapacityProviders', 'clusterRead', signal, (options) =>
      this.client.send(new DescribeCapacityProvidersCommand(input), options),
    );
    return (answer.capacityProviders ?? []).flatMap(({ name, managedInstancesProvider }) =>
      name && managedInstancesProvider ? name : [],
    );
  }

  async listDaemons(cluster: string, token: string | undefined, signal: AbortSignal): Promise<Page<Daemon>> {
    const answer = await this.caller.call('ecs:ListDaemons', 'clusterRead', signal, (options) =>
      this.client.send(new ListDaemonsCommand({ clusterArn: cluster, maxResults: 100, nextToken: token }), options),
    );
    const items = (answer.daemonSummariesList ?? []).map(({ daemonArn = '', status = '' }) => ({
      ...{ arn: daemonArn, name: nameOf(daemonArn), status },
    }));
    return { items, nextToken: answer.nextToken };
  }

  async listFamilies(token: string | undefined, signal: AbortSignal): Promise<Page<string>> {
    const input = { status: 'ACTIVE', maxResults: 100, nextToken: token } as const;
    const answer = await this.caller.call('ecs:ListTaskDefinitionFamilies', 'taskDefinitionRead', signal, (options) =>
      this.client.send(new ListTaskDefinitionFamiliesCommand(input), options),
    );
    return { items: answer.families ?? [], nextToken: answer.nextToken };
  }

  async listRevisions(family: string, token: string | undefined, signal: AbortSignal): Promise<Page<string>> {
    const input = { familyPrefix: family, sort: 'DESC', maxResults: 100, nextToken: token } as const;
    const answer = await this.caller.call('ecs:ListTaskDefinitions', 'taskDefinitionRead', signal, (options) =>
      this.client.send(new ListTaskDefinitionsCommand(input), options),
    );
    return { items: answer.taskDefinitionArns ?? [], nextToken: answer.nextToken };
  }

  async listServiceDeployments(
    cluster: string,
    service: string,
    { createdAfter, status }: ServiceDeploymentFilter,
    signal: AbortSignal,
  ): Promise<readonly ServiceDeploymentBrief[]> {
    const input = {
      ...{ cluster, service, maxResults: 100 },
      ...(createdAfter === undefined ? {} : { createdAt: { after: new Date(createdAfter) } }),
      ...(status === undefined ? {} : { status: [status] }),
    };
    const answer = await this.caller.call('ecs:ListServiceDeployments', 'deploymentRead', signal, (options) =>
      this.client.send(new ListServiceDeploymentsCommand(input), options),
    );
    return (answer.serviceDeployments ?? []).map(toBrief);
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

  async describeServiceRevisions(arns: readonly string[], signal: AbortSignal): Promise<readonly ServiceRevision[]> {
    const input = { serviceRevisionArns: [...arns] };
    const answer = await this.caller.call('ecs:DescribeServiceRevisions', 'revisionRead', signal, (options) =>
      this.client.send(new DescribeServiceRevisionsCommand(input), options),
    );
    return (answer.serviceRevisions ?? []).map(toServiceRevision);
  }

  async rollBackServiceDeployment(arn: string, signal: AbortSignal): Promise<void> {
    const input = { serviceDeploymentArn: arn, stopType: 'ROLLBACK' } as const;
    await this.caller.call('ecs:StopServiceDeployment', 'serviceWrite', signal, (options) =>
      this.client.send(new StopServiceDeploymentCommand(input), options),
    );
  }

  async continueServiceDeployment(arn: string, hook: string, action: HookAnswer, signal: AbortSignal): Promise<void> {
    const input = { serviceDeploymentArn: arn, hookId: hook, action };
    await this.caller.call('ecs:ContinueServiceDeployment', 'serviceWrite', signal, (options) =>
      this.client.send(new ContinueServiceDeploymentCommand(input), options),
    );
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
