import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beginRecord, withResult, type RolloutRecord } from '../../../src/deploy/rolloutRecord';
import { RolloutFiles } from '../../../src/ui/rolloutFiles';
import { anyGoing } from '../../../src/ui/rolloutFolder';
import { service, startedAt } from '../kit/ecsShapes';

describe('rollouts on the disk', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-rollouts-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const files = (workspace = 'file:///a'): RolloutFiles => new RolloutFiles(path.join(folder, 'rollouts'), workspace);

  function begun(number = 1): RolloutRecord {
    const start = {
      cluster: 'demo',
      service: 'web',
      deploymentId: `ecs-svc/${number}`,
      createdAt: startedAt,
      knownEvents: [],
    };
    return beginRecord(start, {
      ...{ spec: { profile: 'team' }, account: '123456789012', region: 'us-east-1', serviceArn: service().arn },
      ...{ container: 'web', image: 'demo/web:v2', from: undefined, startedAt: startedAt + number },
    });
  }

  const ended = (record: RolloutRecord): RolloutRecord =>
    withResult(
      record,
      { verdict: { kind: 'healthy', reason: undefined }, service: undefined, findings: [] },
      startedAt,
    );

  /** Another window: a process that has ended by now. */
  function abandon(): void {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (const name of readdirSync(path.join(folder, 'rollouts'))) {
      const file = path.join(folder, 'rollouts', name);
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"owner":\d+/, `"owner":${gone}`));
    }
  }

  it('are there again for the next window, whole', async () => {
    await files().write(begun());
    assert.deepEqual((await files().read('1'))?.record, JSON.parse(JSON.stringify(begun())));
  });

  it('are taken up by a window of the same workspace once nobody watches them', async () => {
    await files().write(begun());
    assert.deepEqual(await files().abandoned(), []);
    abandon();
    assert.equal((await files().abandoned()).length, 1);
    assert.deepEqual(await files('file:///b').abandoned(), []);
  });

  it('are no reason to load anything once they have ended', async () => {
    await files().write(begun());
    assert.equal(await anyGoing(path.join(folder, 'rollouts')), true);
    await files().write(ended(begun()));
    assert.equal(await anyGoing(path.join(folder, 'rollouts')), false);
    abandon();
    assert.deepEqual(await files().abandoned(), []);
    assert.equal((await files().read('1'))?.record.verdict?.kind, 'healthy');
  });

  it('keep two windows from changing one service at the same time', async () => {
    await files().write(begun());
    assert.equal(await files().elsewhere(service().arn), undefined);
    const other = path.join(folder, 'rollouts', '1.going.json');
    // The parent of this process stands for another window: it lives as long as the test.
    writeFileSync(other, readFileSync(other, 'utf8').replace(/"owner":\d+/, `"owner":${process.ppid}`));
    assert.equal((await files().elsewhere(service().arn))?.start.deploymentId, 'ecs-svc/1');
    assert.equal(await files().elsewhere('another'), undefined);
  });

  it('are listed the newest first, and the oldest of many go', async () => {
    for (let number = 1; number <= 53; number++) await files().write(ended(begun(number)));
    const kept = await files().list();
    assert.equal(kept.length, 50);
    assert.deepEqual(
      [kept[0]?.record.start.deploymentId, kept[49]?.record.start.deploymentId],
      ['ecs-svc/53', 'ecs-svc/4'],
    );
  });

  it('that cannot be read count as none', async () => {
    await files().write(begun());
    writeFileSync(path.join(folder, 'rollouts', '2.going.json'), '{"version":1,"rec');
    writeFileSync(path.join(folder, 'rollouts', '3.json'), '{"version":99}');
    assert.equal((await files().list()).length, 1);
  });
});
