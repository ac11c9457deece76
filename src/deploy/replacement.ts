import { message, type Message } from '../core/message';
import type { Service } from '../ecs/model';

/** The counts between which ECS stays while it replaces the tasks of a rolling deployment. */
export interface Room {
  /** At least so many tasks run (rounded up). */
  readonly lower: number;
  /** At most so many tasks run or start (rounded down). */
  readonly upper: number;
}

type Replaced = Pick<Service, 'desired' | 'scheduling' | 'strategy' | 'rules' | 'controller'>;

/** The rounding is ECS's: CreateService, `minimumHealthyPercent` and `maximumPercent`. */
export function roomOf({ desired, rules }: Replaced): Room {
  return {
    lower: Math.ceil((desired * rules.minimumPercent) / 100),
    upper: Math.floor((desired * rules.maximumPercent) / 100),
  };
}

/** Whether the percentages leave room to replace a task at all. Strategies that shift traffic start a second set. */
export function canReplace(service: Replaced): boolean {
  if (service.strategy !== 'ROLLING' || service.controller !== 'ECS' || service.desired === 0) return true;
  const { lower, upper } = roomOf(service);
  // A daemon has one task on an instance, so the old one has to go first.
  if (service.scheduling === 'DAEMON') return lower < service.desired;
  return upper > service.desired || lower < service.desired;
}

/** What ECS will do with the tasks, in one sentence. */
export function describeReplacement(service: Replaced): Message {
  const { desired, scheduling, strategy } = service;
  if (strategy !== 'ROLLING') return describeShift(service);
  if (service.controller === 'CODE_DEPLOY' && desired > 0) {
    return message(
      'CodeDeploy starts {0} new tasks beside the old ones and moves the requests as its deployment group says.',
      desired,
    );
  }
  if (desired === 0) return message('No task is wanted, so none is replaced and the image is not tried out.');
  const { lower, upper } = roomOf(service);
  if (!canReplace(service)) {
    return message(
      'No task can be replaced: at least {0} and at most {1} of {2} may run.',
      scheduling === 'DAEMON' ? desired : lower,
      scheduling === 'DAEMON' ? desired : upper,
      desired,
    );
  }
  if (scheduling === 'DAEMON') {
    return message('On each instance stops the old task, then starts the new one; at least {0} keep running.', lower);
  }
  const more = upper - desired;
  if (more >= desired) {
    return desired === 1
      ? message('Starts the new task, then stops the old one.')
      : message('Starts {0} new tasks, then stops the {0} old ones.', desired);
  }
  if (more > 0) {
    return message('Starts {0} at a time in place of {1}; between {2} and {3} run.', more, desired, lower, upper);
  }
  return message(
    'Stops {0} of {1} first, then starts new ones; at least {2} keep running.',
    desired - lower,
    desired,
    lower,
  );
}

function describeShift({ desired, strategy, rules: { shift, bakeMinutes } }: Replaced): Message {
  const [percent, minutes] = [shift?.percent ?? 100, shift?.minutes ?? 0];
  switch (strategy) {
    case 'CANARY':
      return message(
        'Starts {0} new tasks beside the old ones, gives them {1} % of the requests, all after {2} min, and stops the old ones {3} min later.',
        ...[desired, percent, minutes, bakeMinutes],
      );
    case 'LINEAR':
      return message(
        'Starts {0} new tasks beside the old ones, gives them {1} % more of the requests every {2} min, and stops the old ones {3} min later.',
        ...[desired, percent, minutes, bakeMinutes],
      );
    default:
      return message(
        'Starts {0} new tasks beside the old ones, gives them all requests at once, and stops the old ones {1} min later.',
        desired,
        bakeMinutes,
      );
  }
}
