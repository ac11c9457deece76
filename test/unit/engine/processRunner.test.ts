import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { reasonOf } from '../../../src/core/errors';
import type { Command, Runner } from '../../../src/engine/command';
import { findEngine } from '../../../src/engine/containerEngine';
import { ProcessRunner } from '../../../src/engine/processRunner';
import { withRegistryAccess } from '../../../src/engine/registryAccess';

const runner = new ProcessRunner();
const node = (script: string, stdin?: string): { file: string; args: string[]; stdin?: string } => ({
  file: process.execPath,
  args: ['-e', script],
  ...(stdin === undefined ? {} : { stdin }),
});
const never = new AbortController().signal;
const rejectsWith =
  (reason: string) =>
  (error: unknown): boolean =>
    reasonOf(error) === reason;
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // In a container nobody may collect an orphan that has ended: it is a zombie then, and gone all the same.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('running programs', () => {
  it('gives exit code, output and input', async () => {
    const script =
      'process.stdin.on("data", d => process.stdout.write("got " + d)); process.stderr.write("e"); process.exitCode = 3';
    const output: string[] = [];
    const exit = await runner.run(node(script, 'hello'), { signal: never, onOutput: (text) => output.push(text) });
    assert.deepEqual(exit, { code: 3, stdout: 'got hello', stderr: 'e' });
    assert.equal(output.join('').includes('got hello'), true);
  });

  it('does not tear characters apart that arrive in two parts', async () => {
    const script =
      'const b = Buffer.from("ü"); process.stdout.write(b.subarray(0, 1)); setTimeout(() => process.stdout.write(b.subarray(1)), 50)';
    assert.equal((await runner.run(node(script), { signal: never })).stdout, 'ü');
  });

  it('says when there is no such program', async () => {
    await assert.rejects(
      runner.run({ file: 'gantry-no-such-program', args: [] }, { signal: never }),
      rejectsWith('engineMissing'),
    );
  });

  it('ends a cancelled program with everything that it started', async () => {
    const child = 'setInterval(() => 0, 1000)';
    const script = `const c = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); console.log(c.pid); setInterval(() => 0, 1000)`;
    const abort = new AbortController();
    let grandchild = 0;
    const onOutput = (text: string): void => {
      grandchild = Number(text);
      abort.abort();
    };
    await assert.rejects(runner.run(node(script), { signal: abort.signal, onOutput }), rejectsWith('cancelled'));
    for (let wait = 0; wait < 50 && isAlive(grandchild); wait++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(grandchild > 0);
    assert.equal(isAlive(grandchild), false);
  });

  it('ends a program that takes too long', async () => {
    const slow = node('setInterval(() => 0, 1000)');
    await assert.rejects(runner.run(slow, { signal: never, timeout: 200 }), rejectsWith('timedOut'));
  });

  it('does not start what is cancelled already', async () => {
    await assert.rejects(runner.run(node(''), { signal: AbortSignal.abort() }), rejectsWith('cancelled'));
  });
});

describe('finding an engine', () => {
  const withPath = async <T>(value: string, action: () => Promise<T>): Promise<T> => {
    const before = process.env['PATH'];
    process.env['PATH'] = value;
    try {
      return await action();
    } finally {
      process.env['PATH'] = before;
    }
  };
  const fakes = async (programs: Record<string, string>): Promise<string> => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'gantry-test-'));
    for (const [name, script] of Object.entries(programs)) {
      await fs.writeFile(path.join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return directory;
  };

  it('says that there is none', async () => {
    await withPath('/nonexistent', () =>
      assert.rejects(findEngine('auto', runner, never), rejectsWith('engineMissing')),
    );
  });

  it('says that the one that is there does not run', async () => {
    const docker = 'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1';
    await withPath(await fakes({ docker }), () =>
      assert.rejects(findEngine('auto', runner, never), rejectsWith('engineNotRunning')),
    );
  });

  it('takes the next one that answers', async () => {
    const directory = await fakes({ docker: 'exit 1', podman: 'echo {}' });
    const engine = await withPath(directory, () => findEngine('auto', runner, never));
    assert.deepEqual(engine, { name: 'podman', builder: 'native' });
  });

  it('knows which builder docker has', async () => {
    const docker = (version: string, buildx: number): string =>
      `if [ "$1" = buildx ]; then exit ${buildx}; fi; echo '{"Client":{"Platform":{"Name":""},"Version":"${version}"},"Server":{}}'`;
    const cases = [
      ['28.2.2', 0, 'buildx'],
      ['28.2.2', 1, 'classic'],
      ['20.10.24', 1, 'buildkit'],
    ] as const;
    for (const [version, buildx, builder] of cases) {
      const engine = await withPath(await fakes({ docker: docker(version, buildx) }), () =>
        findEngine('docker', runner, never),
      );
      assert.deepEqual(engine, { name: 'docker', builder });
    }
  });
});

describe('the login of a registry', () => {
  const login = { user: 'AWS', password: 'secret', host: 'r.example' };

  for (const engine of ['docker', 'podman', 'nerdctl'] as const) {
    it(`is private for ${engine}, and gone afterwards`, async () => {
      let seen = '';
      await withRegistryAccess(engine, login, runner, never, async (access, directory) => {
        seen = directory;
        assert.equal(statSync(directory).mode & 0o777, 0o700);
        const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
        assert.ok(files.length > 0);
        for (const file of files) assert.equal(statSync(path.join(directory, file)).mode & 0o777, 0o600);
        assert.equal(JSON.stringify(access).includes('secret'), false);
        await Promise.resolve();
      });
      assert.notEqual(seen, '');
      await assert.rejects(fs.stat(seen));
    });
  }

  it('is gone also when the push fails', async () => {
    let seen = '';
    const failing = withRegistryAccess('docker', login, runner, never, (_, directory) => {
      seen = directory;
      return Promise.reject(new Error('push failed'));
    });
    await assert.rejects(failing, /push failed/);
    await assert.rejects(fs.stat(seen));
  });

  it('goes to finch on its standard input, and is taken back also when the push fails', async () => {
    const commands: Command[] = [];
    const finch: Runner = {
      run: (command) => {
        commands.push(command);
        return Promise.resolve({ code: 0, stdout: '', stderr: '' });
      },
    };
    const failing = withRegistryAccess('finch', login, finch, never, () => Promise.reject(new Error('push failed')));
    await assert.rejects(failing, /push failed/);
    assert.deepEqual(commands, [
      { file: 'finch', args: ['login', '--username', 'AWS', '--password-stdin', 'r.example'], stdin: 'secret' },
      { file: 'finch', args: ['logout', 'r.example'] },
    ]);
  });
});
