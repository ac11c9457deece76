import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { agentTools, Command, ContextKey, Row, Setting, View, taskType } from '../../../src/core/contributions';

const root = path.join(__dirname, '..', '..', '..');
const text = readFileSync(path.join(root, 'package.json'), 'utf8');
const nls = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}
const manifest = JSON.parse(text) as {
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  contributes: {
    commands: { command: string; title: string }[];
    menus: Record<string, MenuItem[]>;
    views: Record<string, { id: string }[]>;
    viewsWelcome: { view: string; when: string }[];
    configuration: { properties: Record<string, unknown> };
    languageModelTools: { name: string }[];
    taskDefinitions: { type: string }[];
  };
};
const { contributes } = manifest;
const menuItems = Object.values(contributes.menus).flat();
const conditions = [
  ...menuItems.map(({ when }) => when ?? ''),
  ...contributes.viewsWelcome.map(({ when }) => when),
].join('\n');

describe('the manifest and the table of contributions', () => {
  it('have the same commands', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), Object.values(Command).sort());
  });
  it('have the same views', () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(views.map(({ id }) => id).sort(), Object.values(View).sort());
  });
  it('have the same settings', () => {
    const settings = Object.values(Setting).map((name) => `gantry.${name}`);
    assert.deepEqual(Object.keys(contributes.configuration.properties).sort(), settings.sort());
  });
  it('have the same kind of task', () => {
    assert.deepEqual(
      contributes.taskDefinitions.map(({ type }) => type),
      [taskType],
    );
  });
  it('have the same tools for language models', () => {
    assert.deepEqual(contributes.languageModelTools.map(({ name }) => name).sort(), [...agentTools].sort());
  });
  it('menus name only commands that exist', () => {
    const known = new Set<string>(Object.values(Command));
    assert.deepEqual(
      menuItems.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  });
  it('conditions use only context keys and rows that exist', () => {
    const known = new Set<string>([...Object.values(ContextKey), ...Object.values(Row), ...Object.values(View)]);
    const used = conditions.match(/(?<![\w/^])gantry\.[\w.]+/g) ?? [];
    assert.ok(used.length > 10);
    assert.deepEqual(
      used.filter((key) => !known.has(key)),
      [],
    );
  });
  it('patterns of rows name only rows that exist', () => {
    const rows: string[] = Object.values(Row);
    const patterns = Array.from(
      conditions.matchAll(/viewItem =~ \/\^gantry\\\.(.+?)\/(?= |$)/gm),
      ([, rest = '']) => rest,
    );
    const names = patterns.flatMap((pattern) => alternatives(pattern.replace(/\$$/, '')));
    assert.ok(names.length > 10);
    const matches = (name: string): boolean => rows.some((row) => new RegExp(`^gantry\\.${name}$`).test(row));
    assert.deepEqual(
      names.filter((name) => !matches(name)),
      [],
    );
  });
  it('every context key is used by a condition', () => {
    assert.deepEqual(
      Object.values(ContextKey).filter((key) => !conditions.includes(key)),
      [],
    );
  });
});

/** `(a|b(\.c)?)` → `a`, `b(\.c)?` */
function alternatives(pattern: string): string[] {
  if (!/^\(.*\)$/.test(pattern)) return [pattern];
  const found = [''];
  let depth = 0;
  for (const sign of pattern.slice(1, -1)) {
    if (sign === '|' && depth === 0) found.push('');
    else found[found.length - 1] += sign;
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
  }
  return found;
}

describe('the manifest’s texts', () => {
  const used = new Set(Array.from(text.matchAll(/"%([^%"]+)%"/g), ([, key = '']) => key));
  it('are all there', () =>
    assert.deepEqual(
      [...used].filter((key) => !nls[key]),
      [],
    ));
  it('are all used', () =>
    assert.deepEqual(
      Object.keys(nls).filter((key) => !used.has(key)),
      [],
    ));
});

describe('the oldest VS Code', () => {
  it('is the one that the types are of', () => {
    const minor = (version: string | undefined): string | undefined => /(\d+\.\d+)/.exec(version ?? '')?.[1];
    assert.equal(minor(manifest.engines.vscode), minor(manifest.devDependencies['@types/vscode']));
  });
});
