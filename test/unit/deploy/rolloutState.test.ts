import assert from 'node:assert/strict';
import { fractionOf, stateOf } from '../../../src/deploy/rolloutState';
import type { RevisionShare } from '../../../src/ecs/serviceDeployment';
import { deployment, other, ours, record, service } from '../kit/ecsShapes';

const share = (arn: string, production?: number): RevisionShare => ({
  ...{ arn, requested: 2, running: 2, pending: 0, production, test: undefined },
});

describe('the state of a rollout', () => {
  const both = service({
    strategy: 'CANARY',
    deployments: [
      deployment({ desired: 2, running: 1 }),
      deployment({ id: other, status: 'ACTIVE', desired: 2, running: 2 }),
    ],
  });

  it('tells what is new from what it replaces, with their shares of the traffic', () => {
    const shifting = record({ target: share('r2', 10), sources: [share('r1', 90)] });
    const { target, sources } = stateOf(both, ours, shifting);
    assert.deepEqual([target?.running, target?.desired, target?.production], [1, 2, 10]);
    assert.deepEqual(
      sources.map(({ running, production }) => [running, production]),
      [[2, 90]],
    );
  });

  it('takes the higher count of failures: ECS sets one of them back when a task runs', () => {
    const failing = service({ deployments: [deployment({ failed: 0 })] });
    assert.equal(stateOf(failing, ours, record({ failureCount: 2, failureThreshold: 3 })).failed, 2);
  });

  it('says while ECS takes the deployment back', () => {
    const state = (status: string): boolean => stateOf(both, ours, record({ status })).rollingBack;
    const rolling = ['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'IN_PROGRESS', 'ROLLBACK_SUCCESSFUL'].map(state);
    assert.deepEqual(rolling, [true, true, false, false]);
  });

  it('names the hook that waits for a person, and no other', () => {
    const hook = (
      status: string,
    ): { id: string; kind: string; status: string; expiresAt: number; onTimeout: string } => ({
      ...{ id: status, kind: 'PAUSE', status, expiresAt: 0, onTimeout: 'ROLLBACK' },
    });
    const waiting = record({ hooks: [hook('SUCCEEDED'), hook('AWAITING_ACTION')] });
    assert.equal(stateOf(both, ours, waiting).hook?.id, 'AWAITING_ACTION');
    assert.equal(stateOf(both, ours, record({ hooks: [hook('SUCCEEDED')] })).hook, undefined);
  });

  it('grows from stage to stage, and is whole only with a verdict', () => {
    const stages = ['PRE_SCALE_UP', 'SCALE_UP', 'PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME', 'CLEAN_UP'];
    const fractions = stages.map((lifecycleStage) => fractionOf(stateOf(both, ours, record({ lifecycleStage }))));
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
    assert.ok(fractions.every((fraction) => fraction < 1));
  });

  it('counts running tasks where no traffic is shifted, and nothing at desired count 0', () => {
    const of = (running: number, desired: number): number =>
      fractionOf(stateOf(service({ deployments: [deployment({ running, desired })] }), ours, undefined));
    assert.deepEqual([of(0, 2), of(1, 2), of(2, 2), of(0, 0)], [0, 0.475, 0.95, 0]);
  });
});
