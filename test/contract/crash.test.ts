import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { ecr, ecs, signedPost } from './signedPost';
import { until } from './tools';

/** None of AWS: what was acknowledged is not lost. */
needsOwnSandbox('a restart').describe('a sandbox that is killed', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'gantry-state-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function repositoryNames(sandbox: Sandbox): Promise<Set<string>> {
    const names = new Set<string>();
    let nextToken: unknown;
    do {
      const { body } = await signedPost(sandbox, ecr, 'DescribeRepositories', { maxResults: 1000, nextToken });
      for (const { repositoryName } of body['repositories'] as { repositoryName: string }[]) names.add(repositoryName);
      nextToken = body['nextToken'];
    } while (nextToken !== undefined);
    return names;
  }

  it('has lost nothing that it acknowledged, however often it is killed while it writes', async () => {
    const acknowledged = { repositories: new Set<string>(), revisions: 0 };
    for (let round = 0; round < 8; round += 1) {
      const sandbox = await startSandbox({ args: ['--state', folder] });
      const names = await repositoryNames(sandbox);
      for (const name of acknowledged.repositories)
        assert.ok(names.has(name), `${name} of ${names.size} is there after kill ${round}`);
      if (acknowledged.revisions > 0) {
        const kept = await signedPost(sandbox, ecs, 'DescribeTaskDefinition', { taskDefinition: 'kept' });
        const { revision } = kept.body['taskDefinition'] as { revision: number };
        assert.ok(revision >= acknowledged.revisions, `revision ${revision} of ${acknowledged.revisions}`);
      }
      let dead = false;
      const write = async (kind: number, index: number): Promise<void> => {
        if (kind % 2 === 0) {
          const repositoryName = `r${round}-${kind}-${index}`;
          const { status } = await signedPost(sandbox, ecr, 'CreateRepository', { repositoryName });
          if (status === 200) acknowledged.repositories.add(repositoryName);
        } else {
          const containerDefinitions = [{ name: 'c', image: 'busybox', memory: 16 }];
          const { status } = await signedPost(sandbox, ecs, 'RegisterTaskDefinition', {
            family: 'kept',
            containerDefinitions,
          });
          if (status === 200) acknowledged.revisions += 1;
        }
      };
      const writers = [0, 1, 2, 3].map(async (kind) => {
        for (let index = 0; !dead; index += 1) await write(kind, index).catch(() => (dead = true));
      });
      await new Promise((resolve) => setTimeout(resolve, 60 + round * 37));
      await sandbox.kill();
      dead = true;
      await Promise.all(writers);
    }
    assert.ok(acknowledged.repositories.size > 20 && acknowledged.revisions > 10, 'it was killed while it was busy');
  });

  it('takes its services up again: new tasks in place of those that died with it', async () => {
    const state = path.join(folder, 'services');
    const options = { seed: 'tiny', args: ['--state', state, '--speed', '20'] } as const;
    const first = await startSandbox(options);
    const described = async (
      sandbox: typeof first,
    ): Promise<{ runningCount: number; events: { message: string }[] }> => {
      const answer = await signedPost(sandbox, ecs, 'DescribeServices', { cluster: 'demo', services: ['web'] });
      const [service] = answer.body['services'] as { runningCount: number; events: { message: string }[] }[];
      assert.ok(service);
      return service;
    };
    const steady = async (sandbox: typeof first): Promise<void> => {
      for (let tries = 0; (await described(sandbox)).runningCount !== 1; tries += 1) {
        assert.ok(tries < 100, 'the service runs');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    await steady(first);
    // What nobody asked for is saved once a second.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await first.kill();
    const second = await startSandbox(options);
    const tasks = await signedPost(second, ecs, 'ListTasks', {
      cluster: 'demo',
      serviceName: 'web',
      desiredStatus: 'STOPPED',
    });
    assert.equal((tasks.body['taskArns'] as string[]).length, 1);
    await steady(second);
    assert.deepEqual(await second.violations(), []);
    assert.equal(await second.stop(), 0);
  });

  it('leaves a private folder, which the next start removes', async () => {
    const killed = await startSandbox();
    const folders = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`gantry-sandbox-${killed.info.pid}-`));
    await killed.kill();
    assert.equal(folders().length, 1);
    const next = await startSandbox();
    await until('the folder is gone', 20, async () => (folders().length === 0 ? true : undefined));
    await next.stop();
  });
});
