import assert from 'node:assert/strict';
import type { Service } from '../../../src/ecs/model';
import { ServiceFilter, type ViewChoice } from '../../../src/explorer/serviceFilter';
import { deployment, other, service, startedAt } from '../kit/ecsShapes';

const completed = deployment({ rolloutState: 'COMPLETED', running: 1, pending: 0 });
const known: Record<string, Service> = {
  api: service({ name: 'api', deployments: [completed] }),
  orders: service({ name: 'orders', desired: 3, deployments: [completed] }),
  search: service({ name: 'search', running: 0, deployments: [deployment({ failed: 3 })] }),
  web: service({
    name: 'web',
    deployments: [
      deployment({ createdAt: startedAt + 60_000 }),
      { ...completed, id: other, status: 'ACTIVE', createdAt: startedAt },
    ],
  }),
};
const names = [...Object.keys(known), 'unread'];
const select = (choice: ViewChoice): string[] => new ServiceFilter(choice).select(names, (name) => known[name]);

describe('which services are shown', () => {
  const cases: [string, ViewChoice, string[]][] = [
    ['everything by name', {}, names],
    ['a part of the name, whatever its case', { text: 'R' }, ['orders', 'search', 'unread']],
    ['those that fail', { state: 'failing' }, ['search']],
    ['those that deploy', { state: 'deploying' }, ['web']],
    ['those that are not where they should be', { state: 'notAtDesired' }, ['orders', 'search']],
    ['the name and the state', { text: 'o', state: 'notAtDesired' }, ['orders']],
    ['what needs eyes first', { sort: 'state' }, ['search', 'orders', 'web', 'api', 'unread']],
    ['the newest deployment first', { sort: 'age' }, ['web', 'api', 'orders', 'search', 'unread']],
  ];
  for (const [what, choice, expected] of cases) {
    it(what, () => assert.deepEqual(select(choice), expected));
  }
});
