import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Learned, View } from '../../../src/core/contributions';
import { shellBlocks, walkthroughSteps } from '../../kit/walkthrough';

const root = path.join(__dirname, '..', '..', '..');

/** All of the product's code but the table of contributions. */
const code = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox') && !file.endsWith('contributions.ts'))
  .map((file) => readFileSync(path.join(root, 'src', file), 'utf8'))
  .join('\n');

const vietnamese = JSON.parse(readFileSync(path.join(root, 'package.nls.vi.json'), 'utf8')) as Record<string, string>;

/** Where the links and the pictures of a Markdown file lead: addresses, and paths in the extension. */
function targets(file: string, markdown: string): string[] {
  return Array.from(markdown.matchAll(/\]\(([^)]+)\)/g), ([, target = '']) =>
    target.includes('://') ? target : path.posix.join(path.posix.dirname(file), target),
  );
}

describe('the walkthrough', () => {
  const steps = walkthroughSteps();

  it('has its six parts, a failure to find, and cleaning up', () => {
    assert.ok(steps.length >= 16, String(steps.length));
    const ids = steps.map(({ id }) => id);
    for (const id of ['build', 'repository', 'push', 'look', 'service', 'network', 'break', 'find', 'mend', 'clean']) {
      assert.ok(ids.includes(id), id);
    }
  });

  for (const { id, description, media, event } of steps) {
    describe(id, () => {
      it('is one action of the product', () => {
        const commands = Array.from(description.matchAll(/\]\(command:([\w.]+)/g), ([, command = '']) => command);
        const known = new Set<string>(Object.values(Command));
        assert.ok(commands.length > 0);
        assert.deepEqual(
          commands.filter((command) => !known.has(command) && !command.startsWith('workbench.view.extension.')),
          [],
        );
      });

      it('checks itself off by something that the product has or sets', () => {
        const [kind, name = ''] = event.split(/:(.*)/s);
        if (kind === 'onContext') {
          const lesson = Object.entries(Learned).find(([, key]) => key === name)?.[0];
          assert.ok(lesson, name);
          assert.match(code, new RegExp(`learned\\(.*'${lesson}'|'${lesson}'.*\\]`), `nothing sets ${name}`);
        } else {
          const known: string[] = kind === 'onView' ? Object.values(View) : Object.values(Command);
          assert.ok(known.includes(name), event);
        }
      });

      it('says in a paragraph what happened, with commands and a page of AWS', () => {
        const file = path.join(root, media);
        assert.ok(existsSync(file), media);
        const text = readFileSync(file, 'utf8');
        const prose = text.replace(/```[^]*?```/g, '').replace(/^#.*$/m, '');
        assert.ok(prose.length > 150, 'no paragraph');
        assert.match(text, /\]\(https:\/\/docs\.aws\.amazon\.com\/\S+\.html\)/);
        if (id !== 'account') assert.ok(shellBlocks(text).length > 0, 'no commands');
      });

      it('says it in Vietnamese with the same commands, links and pictures', () => {
        const translated = vietnamese[`walkthrough.${id}.media`] ?? '';
        assert.notEqual(translated, media);
        const [english, translation] = [media, translated].map((file) => readFileSync(path.join(root, file), 'utf8'));
        assert.deepEqual(shellBlocks(translation ?? ''), shellBlocks(english ?? ''));
        assert.deepEqual(targets(translated, translation ?? ''), targets(media, english ?? ''));
      });
    });
  }

  it('has every lesson in a step', () => {
    const events = steps.map(({ event }) => event);
    assert.deepEqual(
      Object.values(Learned).filter((key) => !events.includes(`onContext:${key}`)),
      [],
    );
  });
});
