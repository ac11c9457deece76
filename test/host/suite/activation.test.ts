import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';

/** What Node has loaded in this extension host, all extensions together. */
const cache = (Module as unknown as { readonly _cache: Readonly<Record<string, unknown>> })._cache;

/** Bundles of the extension that are loaded. */
function loaded(folder: string): string[] {
  const dist = path.join(fs.realpathSync(folder), 'dist') + path.sep;
  return Object.keys(cache)
    .filter((file) => file.startsWith(dist))
    .map((file) => path.basename(file))
    .sort();
}

describe('activation', () => {
  const extension = vscode.extensions.getExtension('gantry.gantry');

  it('loads neither the SDK nor what ships', async () => {
    assert.ok(extension);
    await extension.activate();
    assert.deepEqual(loaded(extension.extensionPath), ['extension.js']);
  });

  it('yields the saved targets as tasks, and loads what ships only then', async () => {
    assert.ok(extension);
    const settings = vscode.workspace.getConfiguration('gantry');
    const target = { name: 'web', dockerfile: 'Dockerfile', context: '.' };
    await settings.update('targets', [target, { name: 'odd' }], vscode.ConfigurationTarget.Workspace);
    const tasks = await vscode.tasks.fetchTasks({ type: 'gantry' });
    assert.deepEqual(
      tasks.map(({ definition }) => definition['target'] as unknown),
      ['web'],
    );
    assert.ok(loaded(extension.extensionPath).includes('ship.js'));
  });

  it('meets nonsense without throwing', async () => {
    const nonsense = [undefined, null, 7, 'text', {}, [], { id: 'no row' }];
    const ids = ['copyName', 'copyArn', 'copyUri', 'copyDigest', 'loadMore', 'retry', 'refreshNode', 'openInConsole'];
    for (const id of ids) {
      for (const argument of nonsense) await vscode.commands.executeCommand(`gantry.${id}`, argument, argument);
    }
  });
});
