import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSourceState, type SourceState } from '../../../src/engine/git';
import { ProcessRunner } from '../../../src/engine/processRunner';

describe('the state of the source', function () {
  this.timeout(20_000);
  let folder: string;
  const read = (directory = folder): Promise<SourceState> =>
    readSourceState(directory, new ProcessRunner(), new AbortController().signal);
  const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-git-'));
    git('init', '--quiet', '--initial-branch=main');
    write('app/Dockerfile', 'FROM scratch\n');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'first');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the short commit and the branch, clean after a commit', async () => {
    assert.deepEqual(await read(), { commit: git('rev-parse', '--short', 'HEAD'), branch: 'main', dirty: false });
  });
  it('is dirty with a change or a new file in the directory, not beside it', async () => {
    write('other/new', 'x');
    assert.equal((await read()).dirty, true);
    assert.equal((await read(path.join(folder, 'app'))).dirty, false);
    write('app/Dockerfile', 'FROM busybox\n');
    assert.equal((await read(path.join(folder, 'app'))).dirty, true);
  });
  it('is not dirty because a target was saved', async () => {
    write('.vscode/settings.json', '{}');
    write('app/.vscode/settings.json', '{}');
    assert.equal((await read()).dirty, false);
  });
  it('has no branch when a commit is checked out', async () => {
    git('checkout', '--quiet', '--detach');
    assert.equal((await read()).branch, undefined);
  });
  it('is empty outside a repository', async () => {
    const outside = mkdtempSync(path.join(os.tmpdir(), 'gantry-no-git-'));
    assert.deepEqual(await read(outside), { commit: undefined, branch: undefined, dirty: false });
    rmSync(outside, { recursive: true });
  });
});
