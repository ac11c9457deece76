import { mochaStep } from '../mochaStep';
import { type Lane, minutes } from './lane';

/** Everything that needs no editor, no network and no other program. */
export const unitLane: Lane = {
  name: 'unit',
  limitMs: minutes(3),
  run: () => mochaStep('unit', 'test/unit/**/*.test.ts', { timeoutMs: 5_000 }),
};
