import { message, type Message } from '../core/message';
import type { CodeDeployment } from '../ecs/codeDeploy';
import type { Service } from '../ecs/model';
import type { Verdict } from './verdict';

/** What is known of a deployment of CodeDeploy at one moment. */
export interface CodeDeployObservation {
  readonly deployment: CodeDeployment;
  /** The deployment that takes it back, where there is one. */
  readonly rollback: CodeDeployment | undefined;
  /** Undefined when ECS does not know the service any more. */
  readonly service: Service | undefined;
  /** Milliseconds since it was first seen to have ended. */
  readonly endedFor: number;
}

/** Milliseconds in which CodeDeploy names the rollback of a deployment that has ended. */
const rollbackComes = 15_000;

/** The verdict, or undefined while the deployment, or the one that takes it back, goes on. */
export function judgeCodeDeploy({
  deployment,
  rollback,
  service,
  endedFor,
}: CodeDeployObservation): Verdict | undefined {
  if (!service || service.status !== 'ACTIVE') {
    return { kind: 'failed', reason: message('The service was deleted meanwhile.') };
  }
  switch (deployment.status) {
    case 'Succeeded':
      return { kind: service.desired === 0 ? 'notExercised' : 'healthy', reason: undefined };
    case 'Failed':
    case 'Stopped':
      if (deployment.rollback) return judgeRollback(deployment, rollback);
      if (endedFor < rollbackComes) return undefined;
      return { kind: hasNewer(deployment, service) ? 'superseded' : 'failed', reason: reasonOf(deployment) };
    default:
      return undefined;
  }
}

function judgeRollback(deployment: CodeDeployment, rollback: CodeDeployment | undefined): Verdict | undefined {
  switch (rollback?.status) {
    case 'Succeeded':
      return { kind: 'rolledBack', reason: reasonOf(deployment) };
    case 'Failed':
    case 'Stopped':
      return { kind: 'failed', reason: reasonOf(rollback) ?? reasonOf(deployment) };
    default:
      return undefined;
  }
}

/** A group deploys one thing at a time, so a newer deployment can only follow one that was stopped. */
function hasNewer({ id, createdAt }: CodeDeployment, { deployments }: Service): boolean {
  return deployments.some(
    (taskSet) => taskSet.externalId !== undefined && taskSet.externalId !== id && taskSet.createdAt > createdAt,
  );
}

function reasonOf({ error }: CodeDeployment): Message | undefined {
  return error && message('{0}', error.text || error.code);
}
