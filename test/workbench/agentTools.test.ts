import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { commitAll } from '../kit/sampleWorkspace';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import { target, writeDockerfiles, writeTargets } from './kit/shipFiles';
import { callTool, packageToolCaller } from './kit/toolCaller';
import type { Workbench } from './kit/workbench';

const longEnough = 90_000;

describe('the tools for language models ask a person before they change anything', () => {
  let scene: Scene;
  let workbench: Workbench;
  let seeded: string;
  let digestFromBefore: string;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      sandbox: { runtime: 'engine' },
      beside: [await packageToolCaller()],
      prepare: async ({ folder }) => {
        writeDockerfiles(folder);
        writeFileSync(path.join(folder, 'www', 'index.html'), '<h1>By a tool</h1>\n');
        await commitAll(folder, 'A page for the tool');
        await writeTargets(folder, [target('dev', 'Dockerfile.dev', 'web')]);
      },
    });
    workbench = scene.workbench;
    seeded = await runningImage();
  });

  after(() => scene?.close());

  beforeEach(async () => {
    await workbench.notifications.clearAll();
    await scene.sandbox.resetCalls();
  });

  /** The image that the task definition of the service names. */
  async function runningImage(): Promise<string> {
    const wanted = { cluster: 'demo', services: ['web'] };
    const { services = [] } = await scene.ecs.send(new DescribeServicesCommand(wanted));
    const { taskDefinition } = await scene.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: services[0]?.taskDefinition }),
    );
    return taskDefinition?.containerDefinitions?.[0]?.image ?? '';
  }

  async function changes(): Promise<string[]> {
    const calls = (await scene.sandbox.calls()).map(({ operation }) => operation);
    return calls.filter((operation) => !/^(Describe|List|Get|Batch(Get|Check))/.test(operation));
  }

  /** What VS Code asks, with the account and the Region in which something is going to change. */
  async function question(): Promise<string> {
    await workbench.modal.opened(30_000);
    const text = (await workbench.modal.text()).replaceAll('\u00a0', ' ');
    const { account, region } = scene.sandbox.info;
    assert.ok(text.includes(`Account ${account}, ${region}`), text);
    return text;
  }

  async function refuse(name: string): Promise<void> {
    await workbench.modal.click('Cancel');
    await workbench.notifications.waitFor(new RegExp(`^${name} failed: .*Cancel`));
    assert.deepEqual(await changes(), []);
    assert.equal(await runningImage(), seeded);
  }

  it('ships nothing when the person says no', async () => {
    await callTool(workbench, 'gantry_ship', { target: 'dev' });
    const text = await question();
    await workbench.screenshot('tool-asks');
    assert.match(text, /Build, push and redeploy “dev”\?/);
    assert.match(text, /Dockerfile\.dev/);
    assert.match(text, /demo\/web/);
    await refuse('gantry_ship');
  });

  it('ships when the person agrees, and tells the model the verdict', async () => {
    await callTool(workbench, 'gantry_ship', { target: 'dev' });
    await question();
    await workbench.modal.click('Yes');
    const answer = await workbench.notifications.waitFor(/^gantry_ship (answered|failed)/, longEnough);
    assert.match(answer, /^gantry_ship answered: Verdict for dev \(web\): healthy/);
    assert.match(await runningImage(), /\/demo\/web(:|@)/);
    assert.notEqual(await runningImage(), seeded);
  });

  it('rolls nothing back when the person says no', async () => {
    const shipped = await runningImage();
    await callTool(workbench, 'gantry_rollback', { service: 'web' });
    const text = await question();
    await workbench.screenshot('tool-asks-rollback');
    assert.match(text, /Roll “web” back to \S+:\d+\?\s+demo \/ web\n/);
    digestFromBefore = /web: web:v1 \(([0-9a-f]{12})\)/.exec(text)?.[1] ?? '';
    assert.notEqual(digestFromBefore, '', text);
    await workbench.modal.click('Cancel');
    await workbench.notifications.waitFor(/^gantry_rollback failed: .*Cancel/);
    assert.deepEqual(await changes(), []);
    assert.equal(await runningImage(), shipped);
  });

  it('rolls back when the person agrees', async () => {
    await callTool(workbench, 'gantry_rollback', { service: 'web' });
    await question();
    await workbench.modal.click('Yes');
    const answer = await workbench.notifications.waitFor(/^gantry_rollback (answered|failed)/, longEnough);
    assert.match(answer, /^gantry_rollback answered: Verdict: healthy/);
    assert.ok((await runningImage()).includes(`/demo/web@sha256:${digestFromBefore}`), await runningImage());
    assert.deepEqual(await scene.sandbox.violations(), []);
  });
});
