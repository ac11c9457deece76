import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onPath } from '../kit/onPath';
import { root } from '../kit/paths';
import { shellBlocks, walkthroughSteps } from '../kit/walkthrough';
import { needsOwnSandbox } from './elsewhere';
import { startSandbox, type Sandbox } from './sandboxProcess';
import { AwsCli, Engine, run, type Ended } from './tools';

/** What a learner pastes into a terminal, step by step and in their order, with real containers. */
needsOwnSandbox('real containers').describe('the commands of the walkthrough', function () {
  this.timeout(400_000);
  let home: string;
  let sandbox: Sandbox;
  let ended: Ended;

  before(async () => {
    home = mkdtempSync(path.join(os.tmpdir(), 'gantry-walkthrough-'));
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine', args: ['--speed', '4'] });
    ended = await run('bash', [script(home)], { env: environment(home, sandbox) });
  });
  after(async () => {
    const engine = new Engine();
    await engine.run(['rm', '--force', 'hello-sample']);
    await engine.run(['image', 'rm', '--force', 'hello']);
    engine.close();
    await sandbox?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** What a step printed. */
  const said = (id: string): string => ended.stdout.split(`== ${id}\n`)[1]?.split(/^== /m)[0] ?? '';

  it('all work', () => {
    const last = Array.from(ended.stdout.matchAll(/^== (.*)$/gm), ([, id]) => id).at(-1);
    assert.equal(ended.code, 0, `${last}: ${ended.stderr}\n${said(last ?? '')}`);
    assert.equal(
      last,
      walkthroughSteps()
        .filter(({ media }) => blocksOf(media).length > 0)
        .at(-1)?.id,
    );
  });

  it('show what the steps say', () => {
    assert.match(said('build'), /Hello from/);
    assert.match(said('access'), /111122223333/);
    assert.match(said('push'), /"v1"/);
    assert.match(said('look'), /FARGATE/);
    assert.match(said('browse'), /<h1>Hello from a container<\/h1>/);
    assert.match(said('balancer'), /"healthy"/);
    assert.match(said('find'), /GREETING is not set/);
  });

  it('leave nothing behind', async () => {
    const aws = new AwsCli(sandbox);
    const list = (service: string, command: string, query: string): Promise<unknown> =>
      aws.json(service, command, '--query', query);
    assert.deepEqual(await list('ecs', 'list-clusters', 'clusterArns[?ends_with(@, `afternoon`)]'), []);
    assert.deepEqual(await list('ecr', 'describe-repositories', 'repositories[?repositoryName==`learning`]'), []);
    assert.deepEqual(await list('elbv2', 'describe-load-balancers', 'LoadBalancers'), []);
    assert.deepEqual(await list('elbv2', 'describe-target-groups', 'TargetGroups'), []);
    assert.deepEqual(await list('logs', 'describe-log-groups', 'logGroups[?contains(logGroupName, `afternoon`)]'), []);
    assert.deepEqual(await list('iam', 'list-roles', 'Roles[?contains(RoleName, `afternoon`)]'), []);
    assert.deepEqual(
      await list('ec2', 'describe-security-groups', 'SecurityGroups[?starts_with(GroupName, `afternoon`)]'),
      [],
    );
    aws.close();
  });
});

const blocksOf = (media: string): string[] => shellBlocks(readFileSync(path.join(root, media), 'utf8'));

/** All blocks as one script in a copy of the sample: later steps use what earlier ones have set. */
function script(home: string): string {
  const folder = path.join(home, 'sample');
  cpSync(path.join(root, 'media', 'sample'), folder, { recursive: true });
  const steps = walkthroughSteps().flatMap(({ id, media }) => {
    const blocks = blocksOf(media);
    return blocks.length > 0 ? [`echo "== ${id}"`, ...blocks] : [];
  });
  const file = path.join(home, 'walkthrough.sh');
  writeFileSync(file, ['set -euo pipefail', `cd '${folder}'`, ...steps].join('\n'));
  return file;
}

/** The environment that the sandbox's menu copies, with the CLI and the engine of this lane in the path. */
function environment(home: string, { endpoint, info }: Sandbox): NodeJS.ProcessEnv {
  const bin = path.join(home, 'bin');
  mkdirSync(bin);
  const program = (name: string, line: string): void => {
    writeFileSync(path.join(bin, name), `#!/bin/sh\nexec ${line}\n`);
    chmodSync(path.join(bin, name), 0o755);
  };
  // Debian's CLI is older than AWS_ENDPOINT_URL.
  program('aws', `'${process.env['GANTRY_TEST_AWS'] || onPath('aws') || ''}' --endpoint-url '${endpoint}' "$@"`);
  const engine = new Engine();
  program('docker', `'${engine.file}' "$@"`);
  engine.close();
  return {
    ...process.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    DOCKER_CONFIG: path.join(home, 'docker'),
    ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_DEFAULT_REGION: info.region, AWS_PAGER: '' },
    ...{ AWS_ACCESS_KEY_ID: 'sandbox', AWS_SECRET_ACCESS_KEY: 'sandbox' },
  };
}
