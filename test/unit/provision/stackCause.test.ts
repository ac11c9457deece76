import assert from 'node:assert/strict';
import { english } from '../../../src/core/message';
import { causeOfFailure } from '../../../src/provision/stackCause';
import type { StackEvent } from '../../../src/provision/stacks';

let count = 0;
const event = (status: string, logicalId: string, reason?: string): StackEvent => ({
  ...{ id: String((count += 1)), at: count, logicalId, physicalId: undefined, status, reason },
  type: logicalId === 'web' ? 'AWS::CloudFormation::Stack' : `AWS::ECS::${logicalId}`,
});

describe('why a stack failed', () => {
  it('is the first resource that failed by itself, in the words of its service', () => {
    const words =
      'Resource handler returned message: "Repository web already exists (Service: Ecr, Status Code: 400, Request ID: 1) (SDK Attempt Count: 1)" (RequestToken: 2, HandlerErrorCode: AlreadyExists)';
    const events = [
      event('CREATE_IN_PROGRESS', 'web', 'User Initiated'),
      event('CREATE_FAILED', 'Repository', words),
      event('CREATE_FAILED', 'Cluster', 'Resource creation cancelled'),
      event(
        'ROLLBACK_IN_PROGRESS',
        'web',
        'The following resource(s) failed to create: [Repository, Cluster]. Rollback requested by user.',
      ),
      event('DELETE_FAILED', 'Role', 'Cannot delete entity'),
    ];
    const cause = causeOfFailure([...events].reverse());
    assert.equal(
      cause && english(cause.sentence),
      'ECS Repository Repository could not be created: Repository web already exists',
    );
  });

  it('is what could not be deleted', () => {
    const cause = causeOfFailure([event('DELETE_FAILED', 'Repository', 'The repository is not empty')]);
    assert.match(cause ? english(cause.sentence) : '', /could not be deleted: The repository is not empty/);
  });

  it('is none where nothing failed', () => {
    assert.equal(causeOfFailure([event('CREATE_COMPLETE', 'Cluster')]), undefined);
  });
});
