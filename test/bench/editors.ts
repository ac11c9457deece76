import { say } from '../kit/say';
import { type EditorSample, sampleEditor } from './editor';
import { type Figure, median } from './figure';

/**
 * Activation time and memory, from fresh editors with and without Gantry by turns, so that whatever else the machine
 * does meets both alike.
 */
export async function editors(vsix: string, rounds: number): Promise<readonly Figure[]> {
  const [plain, ours]: [EditorSample[], EditorSample[]] = [[], []];
  if (process.platform === 'linux') {
    for (let round = 1; round <= rounds; round += 1) {
      say(`Editors with and without Gantry, round ${round} of ${rounds}.`);
      plain.push(await sampleEditor(undefined));
      ours.push(await sampleEditor(vsix));
    }
  }
  const over = (pick: (sample: EditorSample) => number): number[] => {
    const base = median(plain.map(pick));
    return ours.map((sample) => pick(sample) - base);
  };
  const activations = ours.flatMap(({ activationMs }) => (activationMs === undefined ? [] : [activationMs]));
  return [
    { name: 'activation, as Running Extensions shows it', unit: 'ms', values: activations, aim: 10 },
    { name: 'extension host, idle, without Gantry', unit: 'MiB', values: plain.map(({ idleMiB }) => idleMiB) },
    { name: 'extension host, idle, Gantry adds', unit: 'MiB', values: over(({ idleMiB }) => idleMiB), aim: 10 },
    { name: 'extension host, views looked at, Gantry adds', unit: 'MiB', values: over(({ usedMiB }) => usedMiB) },
  ];
}
