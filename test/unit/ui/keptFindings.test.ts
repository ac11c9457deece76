import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { message } from '../../../src/core/message';
import type { Finding } from '../../../src/deploy/finding';
import { KeptFindings } from '../../../src/ui/keptFindings';

const arn = 'arn:aws:ecs:us-east-1:123456789012:service/demo/web';
const day = 24 * 3_600_000;
const finding = (signature = 'exited'): Finding => ({
  signature,
  brief: message('brief'),
  cause: message('cause of {0}', 'web'),
  fix: undefined,
  confidence: 'certain',
  tasks: 1,
  taskArns: ['t'],
  evidence: [
    { kind: 'log', text: 'password=hunter2', recognised: true },
    { kind: 'exit', text: 'web: exit code 1', recognised: true },
  ],
  log: { group: 'g', stream: 's', container: 'web', lines: [{ at: 1, text: 'password=hunter2' }] },
  action: undefined,
  unread: [],
  foundAt: 1,
});

describe('kept findings', () => {
  let folder: string;
  let time = day;
  let kept: KeptFindings;
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'gantry-kept-')), 'findings');
    time = day;
    kept = new KeptFindings(folder, () => time);
  });
  afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  const file = (): string => path.join(folder, readdirSync(folder)[0] ?? '');

  it('are there after a restart, without a line of a log', async () => {
    await kept.add(arn, 'ecs-svc/1', [finding()]);
    const [deployment] = await new KeptFindings(folder, () => time).read(arn);
    assert.equal(deployment?.deploymentId, 'ecs-svc/1');
    assert.equal(deployment.findings[0]?.signature, 'exited');
    assert.deepEqual(deployment.findings[0].log, { group: 'g', stream: 's', container: 'web', lines: [] });
    assert.doesNotMatch(readFileSync(file(), 'utf8'), /hunter2/);
    assert.equal(statSync(file()).mode & 0o077, 0);
  });

  it('have the newest first, one entry a deployment, and a bound', async () => {
    for (let number = 1; number <= 8; number++) await kept.add(arn, `ecs-svc/${number}`, [finding()]);
    await kept.add(arn, 'ecs-svc/7', [finding('killed')]);
    const all = await kept.read(arn);
    assert.deepEqual(
      all.map(({ deploymentId }) => deploymentId),
      ['ecs-svc/7', 'ecs-svc/8', 'ecs-svc/6', 'ecs-svc/5', 'ecs-svc/4'],
    );
    assert.equal(all[0]?.findings[0]?.signature, 'killed');
  });

  it('are forgotten after a month', async () => {
    await kept.add(arn, 'ecs-svc/1', [finding()]);
    time += 31 * day;
    assert.deepEqual(await kept.read(arn), []);
  });

  it('are none where there is nothing, where a file is broken, and where nothing was found', async () => {
    assert.deepEqual(await kept.read(arn), []);
    await kept.add(arn, 'ecs-svc/1', []);
    assert.deepEqual(await kept.read(arn), []);
    await kept.add(arn, 'ecs-svc/1', [finding()]);
    writeFileSync(file(), '{"version":1,"deploy');
    assert.deepEqual(await kept.read(arn), []);
  });

  it('keep what several writes at once say', async () => {
    await Promise.all(['1', '2', '3'].map((id) => kept.add(arn, `ecs-svc/${id}`, [finding()])));
    assert.equal((await kept.read(arn)).length, 3);
  });
});
