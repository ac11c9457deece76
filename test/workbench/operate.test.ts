import assert from 'node:assert/strict';
import { BatchGetImageCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, RegisterTaskDefinitionCommand, type Service } from '@aws-sdk/client-ecs';
import { keepEvidence } from './kit/evidence';
import type { Scene } from './kit/scene';
import { openShop } from './kit/shop';
import type { View } from './kit/view';

/** A team's account, operated from the sidebar. */
describe('operating services', () => {
  let scene: Scene;
  let ecs: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openShop();
    ecs = scene.workbench.view('ECS');
    await ecs.waitForRow('production', 'services');
    await ecs.expand('production');
  });

  after(() => scene?.close());

  const service = async (name: string): Promise<Service> => {
    const { services = [] } = await scene.ecs.send(
      new DescribeServicesCommand({ cluster: 'production', services: [name] }),
    );
    return services[0] ?? {};
  };

  it('says why a service fails, in its row', async () => {
    await ecs.waitForRow('search', /0\/1 running · failing: its container exits/, 40_000);
    await scene.workbench.screenshot('operate-failing');
  });

  it('shows what belongs to a service', async () => {
    await ecs.expand('storefront');
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'running');
    await ecs.expand('Load balancing');
    await ecs.expand(/^storefront/);
    await scene.workbench.screenshot('operate-service');
  });

  it('scales a service, and refuses what is no count', async () => {
    await ecs.contextMenu('orders', 'Scale…');
    await scene.workbench.quickPick.waitFor('Scale “orders”');
    await scene.workbench.quickPick.type('many');
    await scene.workbench.quickPick.waitForMessage('A whole number from 0 to');
    await scene.workbench.quickPick.type('4');
    await ecs.waitForRow('orders', '4/4 running');
    assert.equal((await service('orders')).desiredCount, 4);
  });

  it('asks before it scales to 0', async () => {
    await ecs.contextMenu('orders', 'Scale…');
    await scene.workbench.quickPick.waitFor('Scale “orders”');
    await scene.workbench.quickPick.type('0');
    await scene.workbench.modal.opened(5_000);
    assert.match(await scene.workbench.modal.text(), /Stops all of its tasks \(4\).*Account 000000000000, us-east-1/s);
    await scene.workbench.modal.click('Cancel');
    assert.equal((await service('orders')).desiredCount, 4);
  });

  it('stops a task after asking, and the service replaces it', async () => {
    await ecs.expand('orders');
    const row = ecs.row(/^[0-9a-f]{12}.*orders:/);
    await row.waitFor();
    const id = (await row.innerText()).slice(0, 12);
    await ecs.contextMenu(id, 'Stop Task');
    await scene.workbench.modal.opened(5_000);
    assert.match(await scene.workbench.modal.text(), new RegExp(`${id}.*A service starts new tasks`, 's'));
    await scene.workbench.modal.click('Stop Task');
    await ecs.waitForNoRow(id);
    await ecs.waitForRow('orders', '4/4 running');
  });

  it('runs a task like those of a service', async () => {
    await ecs.contextMenu('worker', 'Run Task Like This…');
    await scene.workbench.quickPick.waitFor('Run Task');
    await scene.workbench.quickPick.type('sh -c "echo once"');
    await scene.workbench.notifications.waitFor(/Task [0-9a-f]{12} has been started in “production”/);
    await ecs.contextMenu('production', 'Refresh');
    await ecs.waitForRow('Tasks outside services', '1 task', 60_000);
    await ecs.expand('Tasks outside services');
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'started by gantry');
  });

  it('switches ECS Exec on', async () => {
    await ecs.contextMenu('api', 'Enable or Disable ECS Exec…');
    await scene.workbench.quickPick.choose('For new tasks only');
    await scene.workbench.notifications.waitFor('ECS Exec is on for new tasks of “api”');
    assert.equal((await service('api')).enableExecuteCommand, true);
  });

  it('shows a task definition and compares two revisions', async () => {
    const image = 'shop/orders:0.9.2';
    const input = { family: 'orders', containerDefinitions: [{ name: 'orders', image, memory: 64 }] };
    await scene.ecs.send(new RegisterTaskDefinitionCommand(input));
    await ecs.contextMenu('orders', 'View Task Definition');
    await scene.workbench.page.locator('.view-lines', { hasText: '"containerDefinitions"' }).waitFor();
    await ecs.contextMenu('orders', 'Compare Revisions…');
    await scene.workbench.quickPick.choose('orders:2');
    await scene.workbench.page
      .locator('.monaco-diff-editor .view-lines', { hasText: 'orders:0.9.2' })
      .first()
      .waitFor();
    await scene.workbench.screenshot('operate-compare');
  });

  it('goes to a service by a part of its name, by keyboard alone', async () => {
    await scene.workbench.palette('Gantry: Go to Service…');
    await scene.workbench.quickPick.waitFor('Go to Service');
    await scene.workbench.quickPick.waitForRow('storefront');
    await scene.workbench.page.keyboard.type('prod adm');
    await scene.workbench.quickPick.waitForRow('admin');
    await scene.workbench.screenshot('operate-go-to');
    await scene.workbench.quickPick.accept();
    await ecs.tree().locator('.monaco-list-row.focused', { hasText: 'admin' }).waitFor();
  });

  it('is operated by keyboard alone', async () => {
    const { keyboard } = scene.workbench.page;
    const focused = ecs.tree().locator('.monaco-list-row.focused');
    await scene.workbench.palette('Gantry: Focus on ECS View');
    await keyboard.press('Home');
    for (let row = 0; row < 60 && !(await focused.innerText()).startsWith('api'); row++)
      await keyboard.press('ArrowDown');
    await keyboard.press('ArrowRight');
    await ecs.waitForRow(/^[0-9a-f]{12}/, 'api:1');
    await keyboard.press('Shift+F10');
    const item = scene.workbench.page.locator('.monaco-menu .action-item.focused');
    for (let step = 0; step < 40 && !(await item.allInnerTexts()).join().includes('Scale…'); step++) {
      await keyboard.press('ArrowDown');
    }
    await keyboard.press('Enter');
    await scene.workbench.quickPick.waitFor('Scale “api”');
    await scene.workbench.quickPick.type('3');
    await ecs.waitForRow('api', '3/3 running');
  });

  it('says every row to a screen reader', async () => {
    for (const view of [ecs, scene.workbench.view('ECR')]) {
      // All of them at one moment: rows come and go.
      type Row = { getAttribute(name: string): string | null; querySelector(css: string): { textContent: string } };
      const rows = await view
        .tree()
        .getByRole('treeitem')
        .evaluateAll((all) =>
          (all as unknown as Row[]).map((row) => ({
            label: row.getAttribute('aria-label') ?? '',
            name: row.querySelector('.label-name').textContent,
          })),
        );
      assert.ok(rows.length > 5);
      for (const { label, name } of rows) assert.ok(label.includes(name), `“${label}” does not say “${name}”`);
    }
  });

  it('filters by name and by state, and says so', async () => {
    await ecs.title('Filter Services');
    await scene.workbench.quickPick.waitFor('Filter Services');
    await scene.workbench.quickPick.choose('Failing');
    await ecs.waitForNoRow('storefront');
    await ecs.waitForRow('search', 'failing');
    await scene.workbench.screenshot('operate-filter');
    await ecs.title('Show All Services');
    await ecs.waitForRow('storefront', 'running');
  });

  it('marks a service whose tag points at another image by now', async () => {
    const { ecr } = scene;
    const name = { repositoryName: 'shop/worker' };
    const { images = [] } = await ecr.send(new BatchGetImageCommand({ ...name, imageIds: [{ imageTag: 'latest' }] }));
    const manifest = JSON.parse(images[0]?.imageManifest ?? '{}') as object;
    const imageManifest = JSON.stringify({ ...manifest, annotations: { made: 'later' } });
    await ecr.send(new PutImageCommand({ ...name, imageTag: 'latest', imageManifest }));
    await ecs.expand(/^worker/);
    await ecs.waitForBadge(/^worker/, '≠');
    await scene.workbench.screenshot('operate-drift');
  });

  it('kept to the API', async () => {
    assert.deepEqual(await scene.sandbox.violations(), []);
  });
});
