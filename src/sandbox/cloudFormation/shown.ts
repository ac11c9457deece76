import type { ChangeSet, Stack, StackEvent, StackParameter, StackResource } from './types';

const date = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));
const notChecked = { StackDriftStatus: 'NOT_CHECKED' };
const resourceNotChecked = { StackResourceDriftStatus: 'NOT_CHECKED' };

export function shownParameters(parameters: readonly StackParameter[]): object[] {
  return parameters.map(({ key, value, resolved, noEcho }) => ({
    ...{ ParameterKey: key, ParameterValue: noEcho ? '****' : value },
    ...(resolved === undefined ? {} : { ResolvedValue: noEcho ? '****' : resolved }),
  }));
}

/** A stack as DescribeStacks answers it. */
export function shownStack(stack: Stack): object {
  const { wish } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(stack.changeSet === undefined ? {} : { ChangeSetId: stack.changeSet }),
    Description: stack.description,
    Parameters: shownParameters(wish.parameters),
    CreationTime: new Date(stack.createdAt),
    DeletionTime: date(stack.deletedAt),
    LastUpdatedTime: date(stack.updatedAt),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: stack.onFailure === 'DO_NOTHING',
    NotificationARNs: [...stack.notifications],
    TimeoutInMinutes: stack.timeoutMinutes,
    Capabilities: [...wish.capabilities],
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      ...{ OutputKey: key, OutputValue: value, Description: description, ExportName: exportName },
    })),
    RoleARN: stack.roleArn,
    Tags: [...wish.tags],
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: notChecked,
  };
}

/** A stack as ListStacks answers it. */
export function shownSummary(stack: Stack): object {
  return {
    ...{ StackId: stack.id, StackName: stack.name, TemplateDescription: stack.description },
    ...{ CreationTime: new Date(stack.createdAt), LastUpdatedTime: date(stack.updatedAt) },
    ...{ DeletionTime: date(stack.deletedAt), StackStatus: stack.status, StackStatusReason: stack.reason },
    DriftInformation: notChecked,
  };
}

export function shownEvent({ id, name }: Stack, event: StackEvent): object {
  return {
    ...{ StackId: id, EventId: event.id, StackName: name, LogicalResourceId: event.logicalId },
    ...{ PhysicalResourceId: event.physicalId, ResourceType: event.type, Timestamp: new Date(event.at) },
    ...{ ResourceStatus: event.status, ResourceStatusReason: event.reason, ResourceProperties: event.properties },
    ClientRequestToken: event.token,
  };
}

const common = ({ logicalId, physicalId, type, status, reason }: StackResource): object => ({
  ...{ LogicalResourceId: logicalId, PhysicalResourceId: physicalId, ResourceType: type },
  ...{ ResourceStatus: status, ResourceStatusReason: reason },
});

/** As DescribeStackResources answers it. */
export function shownResource({ id, name }: Stack, resource: StackResource): object {
  const rest = { Timestamp: new Date(resource.at), DriftInformation: resourceNotChecked };
  return { StackName: name, StackId: id, ...common(resource), ...rest };
}

/** As DescribeStackResource answers it. */
export function shownDetail({ id, name }: Stack, resource: StackResource): object {
  const { at, metadata } = resource;
  const rest = { LastUpdatedTimestamp: new Date(at), Metadata: metadata, DriftInformation: resourceNotChecked };
  return { StackName: name, StackId: id, ...common(resource), ...rest };
}

/** As ListStackResources answers it. */
export function shownResourceSummary(resource: StackResource): object {
  const rest = { LastUpdatedTimestamp: new Date(resource.at), DriftInformation: resourceNotChecked };
  return { ...common(resource), ...rest };
}

/** Whether a change set can be, is being or has been carried out. */
function executionOf({ course, status }: Stack, { execution }: ChangeSet): string {
  if (execution !== 'EXECUTE_IN_PROGRESS' || course) return execution;
  return /FAILED|ROLLBACK|DELETE/.test(status) ? 'EXECUTE_FAILED' : 'EXECUTE_COMPLETE';
}

/** As ListChangeSets answers it, and the head of DescribeChangeSet. */
export function shownChangeSet(stack: Stack, changeSet: ChangeSet): object {
  return {
    ...{ StackId: stack.id, StackName: stack.name, ChangeSetId: changeSet.id, ChangeSetName: changeSet.name },
    ...{ ExecutionStatus: executionOf(stack, changeSet), Status: changeSet.status, StatusReason: changeSet.reason },
    ...{ CreationTime: new Date(changeSet.createdAt), Description: changeSet.description, IncludeNestedStacks: false },
    ImportExistingResources: false,
  };
}
