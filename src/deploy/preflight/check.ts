import { message, type Message } from '../../core/message';
import type { Gap } from '../../network/known';

/** What is looked at before a ship. */
export type CheckId =
  | 'engine'
  | 'platform'
  | 'repository'
  | 'executionRole'
  | 'taskRole'
  | 'logGroup'
  | 'secret'
  | 'size'
  | 'port'
  | 'wayOut'
  | 'wayIn'
  | 'healthCheck'
  | 'replacement'
  | 'breaker'
  | 'controller';

/**
 * `failed`: the ship will most probably fail. `warning`: it may, or a failure would hurt more than it has to.
 * `skipped`: nobody knows, because AWS did not say.
 */
export type CheckState = 'passed' | 'warning' | 'failed' | 'skipped';

/** What Gantry can do about a check that failed. */
export interface CheckAction {
  readonly kind: 'createLogGroup';
  readonly name: string;
}

/** The outcome of one check: plain data. */
export interface Check {
  readonly id: CheckId;
  readonly state: CheckState;
  readonly cause: Message;
  readonly fix?: Message;
  readonly action?: CheckAction;
  /** The action that the user may not call, where that is why the check was skipped. */
  readonly permission?: string;
}

export const passed = (id: CheckId, cause: Message): Check => ({ id, state: 'passed', cause });
export const warning = (id: CheckId, cause: Message, fix: Message): Check => ({ id, state: 'warning', cause, fix });
export const failed = (id: CheckId, cause: Message, fix: Message): Check => ({ id, state: 'failed', cause, fix });

/** A check that the user may not make, or that got no answer. */
export function skipped(id: CheckId, { reason, permission }: Gap): Check {
  return { id, state: 'skipped', cause: reason, ...(permission ? { permission } : {}) };
}

/** What a check looks at, in a few words. */
export function titleOf(id: CheckId): Message {
  switch (id) {
    case 'engine':
      return message('Container engine');
    case 'platform':
      return message('Platform');
    case 'repository':
      return message('Repository');
    case 'executionRole':
      return message('Execution role');
    case 'taskRole':
      return message('Task role');
    case 'logGroup':
      return message('Log group');
    case 'secret':
      return message('Secrets');
    case 'size':
      return message('Size');
    case 'port':
      return message('Port');
    case 'wayOut':
      return message('Way out of the subnet');
    case 'wayIn':
      return message('Way in from the load balancer');
    case 'healthCheck':
      return message('Health check');
    case 'replacement':
      return message('Replacement of tasks');
    case 'breaker':
      return message('Circuit breaker');
    case 'controller':
      return message('Deployment controller');
  }
}
