import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { root } from '../../kit/paths';

type Texts = Readonly<Record<string, string>>;

const manifest = read('package.json') as unknown as { readonly l10n: string };
/** Where VS Code looks: beside the manifest, and in the folder that the manifest names. */
const files = [
  { english: 'package.nls.json', vietnamese: 'package.nls.vi.json' },
  { english: inBundles('bundle.l10n.json'), vietnamese: inBundles('bundle.l10n.vi.json') },
];
const [titles, bundle] = files.map(({ english, vietnamese }) => ({
  english: read(english),
  vietnamese: read(vietnamese),
})) as [Translation, Translation];

interface Translation {
  readonly english: Texts;
  readonly vietnamese: Texts;
}

/**
 * Words that a Vietnamese text without a single Vietnamese letter may consist of: terms of art that stay English, and
 * Vietnamese words that are written without marks (the last line).
 */
const plainWords = new Set(
  `acl aes agent alarm arn artifact attestation auto aws balancer blue breaker build cache capacity chart check circuit client cluster
  constraint container controller count cpu definition deployment desired digest dockerfile draining driver ebs ec ecr ecs
  endpoint engine exec execution fault gantry gateway gib green group health helm host image insights instance interface internet launch
  listener load log nat network placement platform policy port production profile provider pull quota region
  repository revision role rollback rolling rollout route router rule sandbox scale scaling secret security segmentation service
  subnet table tag target task template through tracking type unhealthy vcpu version volume zone
  cam cho menu theo thay trong xem`.split(/\s+/),
);

describe('the Vietnamese translation', () => {
  for (const [name, { english, vietnamese }] of Object.entries({ manifest: titles, bundle })) {
    describe(`of the ${name}`, () => {
      it('has every text, and no other', () => {
        const missing = Object.keys(english).filter((key) => vietnamese[key] === undefined);
        const surplus = Object.keys(vietnamese).filter((key) => english[key] === undefined);
        assert.deepEqual({ missing, surplus }, { missing: [], surplus: [] });
      });

      it('keeps placeholders, quotation marks, code, emphasis, links and line breaks', () => {
        assert.deepEqual(
          wrong(({ text, translation }) => fixedParts(text) !== fixedParts(translation)),
          [],
        );
      });

      it('ends as the English text does', () => {
        assert.deepEqual(
          wrong(({ text, translation }) => ending(text) !== ending(translation)),
          [],
        );
      });

      it('leaves nothing empty and nothing in English but the terms of art', () => {
        assert.deepEqual(
          wrong(({ translation }) => translation.trim() === '' || isUntranslated(translation)),
          [],
        );
      });

      it('calls commands by their titles', () => {
        assert.deepEqual(
          wrong(({ text, translation }) =>
            [...commandTitles].some(
              ([title, vietnameseTitle]) => names(text, title) && !names(translation, vietnameseTitle),
            ),
          ),
          [],
        );
      });
    });

    /** The texts that break a rule, each beside its translation. */
    function wrong(breaks: (pair: { text: string; translation: string }) => boolean): string[] {
      return Object.entries(english).flatMap(([key, text]) => {
        const translation = vietnamese[key];
        return translation !== undefined && breaks({ text, translation }) ? [`${text} → ${translation}`] : [];
      });
    }
  }

  it('says the same English in one way', () => {
    const differing = [...commandTitles].filter(([title, vietnameseTitle]) => {
      const inBundle = bundle.vietnamese[title];
      return inBundle !== undefined && inBundle !== vietnameseTitle;
    });
    assert.deepEqual(differing, []);
  });

  it('goes to users', async () => {
    const needed = files.flatMap((each) => Object.values(each));
    assert.deepEqual(await packaged(needed), [...needed].sort());
  });
});

/** Which of these files the package would have. They are looked at by themselves: the checkout is large. */
async function packaged(names: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-translations-'));
  try {
    for (const name of ['package.json', '.vscodeignore', ...names]) {
      cpSync(path.join(root, name), path.join(folder, name));
    }
    const found = await listFiles({ cwd: folder, packageManager: PackageManager.None });
    return found.filter((file) => names.includes(file)).sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** English title of each command → the Vietnamese one. A button may name a command without its dots. */
const commandTitles = new Map(
  Object.entries(titles.english)
    .filter(([key]) => key.startsWith('command.'))
    .flatMap(([key, title]): [string, string][] => {
      const vietnamese = titles.vietnamese[key] ?? '';
      const [bare, vietnameseBare] = [title, vietnamese].map((each) => each.replace(/…$/, '')) as [string, string];
      return [
        [title, vietnamese],
        [bare, vietnameseBare],
      ];
    }),
);

/** Whether a text names a command: in quotation marks, in bold or as a link. */
function names(text: string, title: string): boolean {
  return [`“${title}”`, `**${title}**`, `[${title}]`].some((named) => text.includes(named));
}

function fixedParts(text: string): string {
  const parts = text.match(/\{\w+\}|`[^`]*`|\]\([^)]*\)|\*\*|[“”]|\n/g) ?? [];
  return parts.sort().join(' ');
}

function ending(text: string): string {
  return /[.:?…]$/.exec(text)?.[0] ?? '';
}

function isUntranslated(text: string): boolean {
  // A path to a file that is written in the language itself.
  if (/^media\/\S+\/vi\/\S+\.md$/.test(text)) return false;
  if (/[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]/i.test(text)) return false;
  const words = text.replaceAll(/\{\w+\}/g, ' ').match(/[A-Za-z]+/g) ?? [];
  return words.some((word) => !plainWords.has(word.toLowerCase()));
}

function inBundles(file: string): string {
  return path.posix.join(manifest.l10n, file);
}

function read(file: string): Texts {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Texts;
}
