import {
  BatchGetDeploymentGroupsCommand,
  BatchGetDeploymentsCommand,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  ListApplicationsCommand,
  ListDeploymentGroupsCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
  type CodeDeployClient,
  type DeploymentGroupInfo,
  type DeploymentInfo,
} from '@aws-sdk/client-codedeploy';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Page } from '../core/paging';
import type {
  CodeDeployGateway,
  CodeDeployment,
  CodeDeployWait,
  DeploymentGroup,
  DeploymentTarget,
} from '../ecs/codeDeploy';
import type { Caller } from './caller';

type GroupName = Pick<DeploymentGroup, 'application' | 'name'>;

/** CodeDeploy over the AWS SDK. */
export class SdkCodeDeployGateway implements CodeDeployGateway {
  constructor(
    private readonly client: CodeDeployClient,
    private readonly caller: Caller,
  ) {}

  async listApplications(nextToken: string | undefined, signal: AbortSignal): Promise<Page<string>> {
    const answer = await this.caller.call('codedeploy:ListApplications', 'other', signal, (options) =>
      this.client.send(new ListApplicationsCommand({ nextToken }), options),
    );
    return { items: answer.applications ?? [], nextToken: answer.nextToken };
  }

  async listGroups(applicationName: string, nextToken: string | undefined, signal: AbortSignal): Promise<Page<string>> {
    const answer = await this.caller.call('codedeploy:ListDeploymentGroups', 'other', signal, (options) =>
      this.client.send(new ListDeploymentGroupsCommand({ applicationName, nextToken }), options),
    );
    return { items: answer.deploymentGroups ?? [], nextToken: answer.nextToken };
  }

  async describeGroups(
    applicationName: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly DeploymentGroup[]> {
    const input = { applicationName, deploymentGroupNames: [...names] };
    const answer = await this.caller.call('codedeploy:BatchGetDeploymentGroups', 'other', signal, (options) =>
      this.client.send(new BatchGetDeploymentGroupsCommand(input), options),
    );
    return (answer.deploymentGroupsInfo ?? []).map(toGroup);
  }

  async createDeployment({ application, name }: GroupName, content: string, signal: AbortSignal): Promise<string> {
    const input = {
      ...{ applicationName: application, deploymentGroupName: name },
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content } } as const,
    };
    const answer = await this.caller.call('codedeploy:CreateDeployment', 'serviceWrite', signal, (options) =>
      this.client.send(new CreateDeploymentCommand(input), options),
    );
    return present(answer.deploymentId, 'codedeploy:CreateDeployment');
  }

  async describeDeployment(deploymentId: string, signal: AbortSignal): Promise<CodeDeployment> {
    const answer = await this.caller.call('codedeploy:GetDeployment', 'other', signal, (options) =>
      this.client.send(new GetDeploymentCommand({ deploymentId }), options),
    );
    return toDeployment(present(answer.deploymentInfo, 'codedeploy:GetDeployment'));
  }

  async describeDeployments(ids: readonly string[], signal: AbortSignal): Promise<readonly CodeDeployment[]> {
    const answer = await this.caller.call('codedeploy:BatchGetDeployments', 'other', signal, (options) =>
      this.client.send(new BatchGetDeploymentsCommand({ deploymentIds: [...ids] }), options),
    );
    return (answer.deploymentsInfo ?? []).map(toDeployment);
  }

  async listDeployments({ application, name }: GroupName, signal: AbortSignal): Promise<readonly string[]> {
    const input = { applicationName: application, deploymentGroupName: name };
    const answer = await this.caller.call('codedeploy:ListDeployments', 'other', signal, (options) =>
      this.client.send(new ListDeploymentsCommand(input), options),
    );
    return answer.deployments ?? [];
  }

  async describeTarget(deploymentId: string, targetId: string, signal: AbortSignal): Promise<DeploymentTarget> {
    const answer = await this.caller.call('codedeploy:GetDeploymentTarget', 'other', signal, (options) =>
      this.client.send(new GetDeploymentTargetCommand({ deploymentId, targetId }), options),
    );
    const { lifecycleEvents = [], taskSetsInfo = [] } = answer.deploymentTarget?.ecsTarget ?? {};
    return {
      events: lifecycleEvents.map(({ lifecycleEventName: name = '', status = '' }) => ({ name, status })),
      // AWS's own spelling.
      taskSets: taskSetsInfo.map(({ identifer: id = '', trafficWeight: traffic = 0, taskSetLabel }) => ({
        ...{ id, traffic, isNew: taskSetLabel === 'Green' },
      })),
    };
  }

  async rollBack(deploymentId: string, signal: AbortSignal): Promise<void> {
    await this.caller.call('codedeploy:StopDeployment', 'serviceWrite', signal, (options) =>
      this.client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }), options),
    );
  }

  async continueDeployment(
    deploymentId: string,
    deploymentWaitType: CodeDeployWait,
    signal: AbortSignal,
  ): Promise<void> {
    await this.caller.call('codedeploy:ContinueDeployment', 'serviceWrite', signal, (options) =>
      this.client.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType }), options),
    );
  }
}

function toGroup(from: DeploymentGroupInfo): DeploymentGroup {
  return {
    application: from.applicationName ?? '',
    name: from.deploymentGroupName ?? '',
    services: (from.ecsServices ?? []).map(({ clusterName: cluster = '', serviceName: service = '' }) => ({
      ...{ cluster, service },
    })),
    appSpec: from.targetRevision?.appSpecContent?.content,
    appSpecInS3: from.targetRevision?.revisionType === 'S3',
  };
}

function toDeployment(from: DeploymentInfo): CodeDeployment {
  const { errorInformation: error } = from;
  return {
    id: from.deploymentId ?? '',
    application: from.applicationName ?? '',
    group: from.deploymentGroupName ?? '',
    status: from.status ?? '',
    createdAt: from.createTime?.getTime() ?? 0,
    error: error && { code: error.code ?? '', text: error.message ?? '' },
    rollback: from.rollbackInfo?.rollbackDeploymentId,
    waitsToTerminate: from.instanceTerminationWaitTimeStarted === true,
    appSpec: from.revision?.appSpecContent?.content,
  };
}

function present<T>(value: T | undefined, operation: string): T {
  if (value !== undefined) return value;
  throw new GantryError('badAnswer', message('{0} got an answer without its result.', operation));
}
