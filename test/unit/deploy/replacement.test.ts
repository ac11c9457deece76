import assert from 'node:assert/strict';
import { english } from '../../../src/core/message';
import { canReplace, describeReplacement } from '../../../src/deploy/replacement';
import type { Service } from '../../../src/ecs/model';
import { service } from '../kit/ecsShapes';

type Says = Partial<Service['rules']> & Partial<Pick<Service, 'desired' | 'scheduling' | 'strategy'>>;

const of = ({ desired = 2, scheduling = 'REPLICA', strategy = 'ROLLING', ...rules }: Says): Service =>
  service({ desired, scheduling, strategy, rules: { ...service().rules, ...rules } });

const table: readonly (readonly [Says, boolean, RegExp])[] = [
  [{}, true, /^Starts 2 new tasks, then stops the 2 old ones\.$/],
  [{ desired: 1 }, true, /^Starts the new task, then stops the old one\.$/],
  [{ desired: 4, maximumPercent: 150 }, true, /^Starts 2 at a time in place of 4; between 4 and 6 run\.$/],
  [{ desired: 4, minimumPercent: 50, maximumPercent: 100 }, true, /^Stops 2 of 4 first.* at least 2 keep running\.$/],
  [{ desired: 1, minimumPercent: 0, maximumPercent: 100 }, true, /^Stops 1 of 1 first.* at least 0/],
  [
    { desired: 2, minimumPercent: 100, maximumPercent: 100 },
    false,
    /^No task can be replaced: at least 2 and at most 2 of 2/,
  ],
  // Both are rounded so that they leave no room: 75 % of one is one, 150 % of one is one.
  [{ desired: 1, minimumPercent: 75, maximumPercent: 150 }, false, /^No task can be replaced/],
  [{ desired: 0, minimumPercent: 100, maximumPercent: 100 }, true, /^No task is wanted/],
  [
    { desired: 3, scheduling: 'DAEMON', minimumPercent: 0, maximumPercent: 100 },
    true,
    /^On each instance .* at least 0/,
  ],
  [{ desired: 3, scheduling: 'DAEMON', minimumPercent: 100, maximumPercent: 100 }, false, /^No task can be replaced/],
  [
    { strategy: 'BLUE_GREEN', maximumPercent: 100, bakeMinutes: 5 },
    true,
    /beside the old ones.* all requests at once.* 5 min/,
  ],
  [
    { strategy: 'CANARY', shift: { percent: 10, minutes: 3 }, bakeMinutes: 1 },
    true,
    /10 % of the requests, all after 3 min.* 1 min/,
  ],
  [{ strategy: 'LINEAR', shift: { percent: 25, minutes: 2 } }, true, /25 % more of the requests every 2 min/],
];

describe('what ECS will do with the tasks', () => {
  for (const [says, can, sentence] of table) {
    it(JSON.stringify(says), () => {
      assert.equal(canReplace(of(says)), can);
      assert.match(english(describeReplacement(of(says))), sentence);
    });
  }
});
