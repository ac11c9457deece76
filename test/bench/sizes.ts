import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from '../kit/paths';
import type { Figure } from './figure';

/** Every window loads the first; the second comes with the first look at AWS. */
const aims: Readonly<Record<string, number>> = { 'dist/extension.js': 80, 'dist/aws.js': 700, 'gantry.vsix': 1000 };

/** What the last build made, whatever an older one has left beside it. */
function built(): readonly string[] {
  const meta = JSON.parse(readFileSync(path.join(root, 'dist', 'meta.json'), 'utf8')) as { outputs: object };
  return Object.keys(meta.outputs).filter((file) => file.endsWith('.js'));
}

function kilobytes(file: string): readonly number[] {
  const found = statSync(path.join(root, file), { throwIfNoEntry: false });
  return found === undefined ? [] : [found.size / 1000];
}

/** The sizes of what users download and load, as built for production. */
export function sizes(): readonly Figure[] {
  return [...new Set([...Object.keys(aims), ...built()])].map((file) => {
    const aim = aims[file];
    const figure = { name: file, unit: 'KB', values: kilobytes(file), exact: true } as const;
    return aim === undefined ? figure : { ...figure, aim };
  });
}
