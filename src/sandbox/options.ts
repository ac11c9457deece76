import { parseArgs } from 'node:util';

export interface SandboxOptions {
  readonly port: number;
  readonly seed: 'empty' | 'tiny' | 'shop' | 'large';
  readonly runtime: 'auto' | 'simulated' | 'engine';
  /** Path or name of the container engine; otherwise the first that answers. */
  readonly engine: string | undefined;
  /** Folder that keeps the state; otherwise it is gone with the process. */
  readonly state: string | undefined;
  /** Factor by which waits are shortened. */
  readonly speed: number;
  /** Roles that are named must exist and may have to be passed. */
  readonly checkRoles: boolean;
  /** Ends together with this process. */
  readonly parent: number | undefined;
}

/** @throws Error in words for the person who typed the command line. */
export function readOptions(argv: readonly string[]): SandboxOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '0' },
      seed: { type: 'string', default: 'empty' },
      runtime: { type: 'string', default: 'auto' },
      engine: { type: 'string' },
      state: { type: 'string' },
      speed: { type: 'string', default: '1' },
      parent: { type: 'string' },
      'check-roles': { type: 'boolean', default: false },
    },
  });
  const port = wholeNumber('port', values.port, 0, 65535);
  const speed = Number(values.speed);
  if (!(speed > 0 && speed <= 10_000)) throw new Error('--speed must be a number above 0.');
  return {
    port,
    seed: oneOf('seed', values.seed, ['empty', 'tiny', 'shop', 'large']),
    runtime: oneOf('runtime', values.runtime, ['auto', 'simulated', 'engine']),
    engine: values.engine,
    state: values.state,
    speed,
    checkRoles: values['check-roles'],
    parent: values.parent === undefined ? undefined : wholeNumber('parent', values.parent, 1, 2 ** 31),
  };
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`--${name} must be one of ${allowed.join(', ')}.`);
  return found;
}

function wholeNumber(name: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new Error(`--${name} must be a whole number from ${min} to ${max}.`);
  }
  return number;
}
