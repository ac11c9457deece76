import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths';

/** A step as a reader gets it: with the texts of `package.nls.json`. */
export interface WalkthroughStep {
  readonly id: string;
  readonly description: string;
  /** Path of its Markdown. */
  readonly media: string;
  readonly event: string;
}

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

/** The steps of the walkthrough, in their order. */
export function walkthroughSteps(): WalkthroughStep[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const texts = read('package.nls.json') as Record<string, string>;
  const say = (text: string): string => text.replace(/^%(.+)%$/, (whole, key: string) => texts[key] ?? whole);
  const { contributes } = read('package.json') as Manifest;
  return contributes.walkthroughs
    .flatMap(({ steps }) => steps)
    .map(({ id, description, media, completionEvents }) => ({
      ...{ id, description: say(description), media: say(media.markdown) },
      event: completionEvents[0] ?? '',
    }));
}

/** The commands for a shell that a Markdown file shows. */
export function shellBlocks(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^```sh\n([^]*?)^```$/gm), ([, block = '']) => block);
}
