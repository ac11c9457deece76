import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, ContextKey, Row, Setting, View, taskType } from '../../../src/core/contributions';

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
  it('menus name only commands that exist', () => {
    const known = new Set<string>(Object.values(Command));
    assert.deepEqual(
      menuItems.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  });
  it('conditions use only context keys and rows that exist', () => {
    const known = new Set<string>([...Object.values(ContextKey), ...Object.values(Row), ...Object.values(View)]);
    const used = conditions.match(/(?<![\w/^])gantry\.\w+/g) ?? [];
    assert.ok(used.length > 10);
    assert.deepEqual(
      used.filter((key) => !known.has(key)),
      [],
    );
    const groups = Array.from(conditions.matchAll(/gantry\\\.\(([\w|]+)\)/g), ([, names = '']) =>
      names.split('|'),
    ).flat();
    assert.ok(groups.length > 5);
    assert.deepEqual(
      groups.filter((name) => !known.has(`gantry.${name}`)),
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
