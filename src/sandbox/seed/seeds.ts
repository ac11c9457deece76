import type { SandboxOptions } from '../options';
import type { World } from '../world';
import { seedLarge } from './large';
import { fillShop, seedShop } from './shop';
import { fillTiny, seedTiny } from './tiny';

/** A world to begin with. */
export interface Seed {
  /** What is there at once. */
  readonly prepare: (world: World) => void | Promise<void>;
  /** Makes images and lets the services start; goes on while the sandbox already answers. */
  readonly fill?: (world: World) => Promise<void>;
}

export const seeds: Readonly<Record<SandboxOptions['seed'], Seed>> = {
  empty: { prepare: () => undefined },
  tiny: { prepare: seedTiny, fill: fillTiny },
  shop: { prepare: seedShop, fill: fillShop },
  large: { prepare: seedLarge },
};
