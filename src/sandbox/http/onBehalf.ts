import { AsyncLocalStorage } from 'node:async_hooks';

const inside = new AsyncLocalStorage<true>();

/** Runs what one service of AWS does at another: it may set tags whose keys begin with `aws:`. */
export function onBehalf<T>(action: () => T): T {
  return inside.run(true, action);
}

export function isOnBehalf(): boolean {
  return inside.getStore() ?? false;
}
