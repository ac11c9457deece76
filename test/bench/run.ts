import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endAll, endOnSignals } from '../kit/cleanup';
import { packageExtension } from '../kit/extensionPackage';
import { outDir } from '../kit/paths';
import { say } from '../kit/say';
import { activation } from './activation';
import { editors } from './editors';
import { explorer } from './explorer';
import { type Figure, median, standing } from './figure';
import { newService } from './newService';
import { sandboxFigures } from './sandbox';
import { rollout } from './rollout';
import { ship } from './ship';
import { sizes } from './sizes';
import { table } from './table';

const rounds = 5;

async function main(): Promise<number> {
  const vsix = await packageExtension();
  const parts: Record<string, () => Promise<readonly Figure[]> | readonly Figure[]> = {
    sizes,
    sandbox: () => sandboxFigures(rounds),
    activation: async () => [await activation(rounds)],
    editors: () => editors(vsix, rounds),
    explorer: () => explorer(vsix, rounds),
    ship: () => ship(vsix, rounds),
    newService: () => newService(vsix, rounds),
    rollout: () => rollout(vsix, rounds),
  };
  const wanted = process.argv.slice(2);
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(name)) figures.push(...(await measure()));
  }
  const results = figures.map((figure) => ({ ...figure, median: median(figure.values), standing: standing(figure) }));
  mkdirSync(outDir, { recursive: true });
  writeFileSync(path.join(outDir, 'bench.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  process.stdout.write(`${table(figures)}\n`);
  const wrong = results.filter(
    (result) => result.standing === 'not measured' || (result.exact && result.standing === 'missed'),
  );
  for (const { name, standing: how } of wrong) say(`!!! ${name}: ${how}`);
  return wrong.length === 0 ? 0 : 1;
}

endOnSignals();
void main()
  .catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  })
  .then(async (code) => {
    await endAll();
    process.exit(code);
  });
