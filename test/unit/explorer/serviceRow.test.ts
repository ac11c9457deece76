import assert from 'node:assert/strict';
import { serviceRow } from '../../../src/explorer/serviceRow';
import { deployment, other, service } from '../kit/ecsShapes';

const completed = deployment({ rolloutState: 'COMPLETED', running: 1, pending: 0 });

describe('a service’s row', () => {
  const cases: [string, Parameters<typeof service>[0], string][] = [
    ['all tasks run', { deployments: [completed] }, 'steady'],
    ['fewer run than should', { desired: 2, deployments: [completed] }, 'short'],
    [
      'a deployment goes on',
      { deployments: [deployment(), { ...completed, id: other, status: 'ACTIVE' }] },
      'deploying',
    ],
    ['tasks of a deployment fail', { deployments: [deployment({ failed: 2 })] }, 'failing'],
    ['the deployment failed', { deployments: [deployment({ rolloutState: 'FAILED' })] }, 'failing'],
    ['nothing should run', { desired: 0, running: 0, deployments: [completed] }, 'stopped'],
    ['it is being deleted', { status: 'DRAINING', deployments: [] }, 'draining'],
    [
      'a controller other than ECS has no rollout state',
      { deployments: [deployment({ rolloutState: undefined })] },
      'steady',
    ],
  ];
  for (const [what, says, state] of cases) {
    it(`${state}: ${what}`, () => assert.equal(serviceRow(service(says)).state, state));
  }
});
