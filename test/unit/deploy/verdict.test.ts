import assert from 'node:assert/strict';
import { judge } from '../../../src/deploy/verdict';
import { deployment, other, ours, record, service, startedAt } from '../kit/ecsShapes';

const kind = (observation: Omit<Parameters<typeof judge>[0], 'deploymentId'>): string | undefined =>
  judge({ deploymentId: ours, ...observation })?.kind;

const takenBack = [
  deployment({ id: other, createdAt: startedAt + 60_000, rolloutState: 'COMPLETED', running: 1, pending: 0 }),
];

describe('the verdict by deployments[]', () => {
  const noRecord = { record: undefined };
  it('is open while our deployment goes on', () => {
    assert.equal(kind({ service: service(), ...noRecord }), undefined);
  });
  it('is healthy when our deployment has completed', () => {
    assert.equal(
      kind({ service: service({ deployments: [deployment({ rolloutState: 'COMPLETED' })] }), ...noRecord }),
      'healthy',
    );
  });
  it('is “not exercised” when nothing should run', () => {
    const deployments = [deployment({ rolloutState: 'COMPLETED', desired: 0 })];
    assert.equal(kind({ service: service({ desired: 0, deployments }), ...noRecord }), 'notExercised');
  });
  it('is failed when our deployment failed and nothing took its place', () => {
    assert.equal(
      kind({ service: service({ deployments: [deployment({ rolloutState: 'FAILED' })] }), ...noRecord }),
      'failed',
    );
  });
  it('is superseded when somebody deployed something newer', () => {
    const deployments = [deployment({ id: other }), deployment({ status: 'ACTIVE' })];
    assert.equal(kind({ service: service({ deployments }), ...noRecord }), 'superseded');
  });
  it('is open while the rollback of our failed deployment goes on', () => {
    const deployments = [deployment({ id: other }), deployment({ status: 'ACTIVE', rolloutState: 'FAILED' })];
    assert.equal(kind({ service: service({ deployments }), ...noRecord }), undefined);
  });
  it('is rolled back when that is done: one deployment, running == desired, and still not healthy', () => {
    const events = [
      { id: '1', at: startedAt, text: `(service web) (deployment ${ours}) deployment failed: tasks failed to start.` },
    ];
    assert.equal(kind({ service: service({ deployments: takenBack, events }), ...noRecord }), 'rolledBack');
  });
  it('is failed when the service is gone', () => {
    assert.equal(kind({ service: undefined, ...noRecord }), 'failed');
    assert.equal(kind({ service: service({ status: 'DRAINING' }), ...noRecord }), 'failed');
    assert.equal(kind({ service: service({ status: 'INACTIVE' }), ...noRecord }), 'failed');
  });
});

describe('the verdict by the service deployment', () => {
  it('is healthy on success', () =>
    assert.equal(kind({ service: service(), record: record({ status: 'SUCCESSFUL' }) }), 'healthy'));
  for (const status of ['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']) {
    it(`is open while it is ${status}`, () =>
      assert.equal(kind({ service: service(), record: record({ status }) }), undefined));
  }
  it('stays open during a rollback, though another deployment is PRIMARY already', () => {
    const status = 'ROLLBACK_IN_PROGRESS';
    assert.equal(kind({ service: service({ deployments: takenBack }), record: record({ status }) }), undefined);
  });
  it('is rolled back, with AWS’s reason', () => {
    const observed = {
      service: service({ deployments: takenBack }),
      record: record({ status: 'ROLLBACK_SUCCESSFUL', reason: 'breaker' }),
    };
    const verdict = judge({ deploymentId: ours, ...observed });
    assert.equal(verdict?.kind, 'rolledBack');
    assert.deepEqual(verdict?.reason?.args, ['breaker']);
  });
  it('is failed when even the rollback failed', () => {
    assert.equal(kind({ service: service(), record: record({ status: 'ROLLBACK_FAILED' }) }), 'failed');
  });
  it('is superseded when a newer deployment stopped it, and failed when somebody stopped it', () => {
    const stopped = record({ status: 'STOPPED' });
    assert.equal(kind({ service: service({ deployments: takenBack }), record: stopped }), 'superseded');
    assert.equal(kind({ service: service(), record: stopped }), 'failed');
  });
  it('believes deployments[] when the record lags behind', () => {
    const deployments = [deployment({ rolloutState: 'COMPLETED' })];
    assert.equal(kind({ service: service({ deployments }), record: record() }), 'healthy');
  });
});
