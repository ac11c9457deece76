import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { makeBalancer } from '../contract/product/madeBalancer';
import { makeNetwork, tcp, type MadeNetwork } from '../contract/product/madeNetwork';
import { makeService } from '../contract/product/madeService';
import { until } from '../contract/tools';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';

const longEnough = 40_000;

/** Waits until an input holds a text. */
async function expectValue(input: Locator, wanted: RegExp): Promise<void> {
  for (let left = 50; left > 0; left -= 1) {
    if (wanted.test(await input.inputValue())) return void (await input.page().waitForTimeout(300));
    await input.page().waitForTimeout(200);
  }
  assert.match(await input.inputValue(), wanted);
}

type Styles = { getComputedStyle(element: unknown): Record<string, string> };

/** A colour as the browser has it in the end: red, green and blue from 0 to 255. */
async function colourOf(element: Locator, property: 'fill' | 'backgroundColor'): Promise<readonly number[]> {
  const read = (node: unknown, name: string): string =>
    (globalThis as unknown as Styles).getComputedStyle(node)[name] ?? '';
  const colour = await element.evaluate(read, property);
  const parts = /^rgba?\((\d+), (\d+), (\d+)/.exec(colour);
  assert.ok(parts, colour);
  return parts.slice(1).map(Number);
}

/** Relative luminance, from 0 to 1 (WCAG 2). */
function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio, from 1 to 21 (WCAG 2). */
function contrast(a: readonly number[], b: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** The picture of a service's network, by clicks and keys. */
describe('the network of a service', () => {
  let scene: Scene;
  let made: MadeNetwork;
  let ecs: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      sandbox: { seed: 'tiny', runtime: 'simulated' },
      viewport: { width: 1600, height: 1200 },
    });
    made = await makeNetwork(scene.sandbox, 30);
    const targetGroup = await makeBalancer(scene.sandbox, made);
    await makeService(scene.ecs, made, { cluster: 'demo', name: 'front', targetGroup });
    await scene.workbench.activity('Gantry');
    ecs = scene.workbench.view('ECS');
    await ecs.expand('demo');
    // The service may start after a refresh, and what has settled is read once a minute only.
    for (let left = 4; ; left -= 1) {
      await ecs.title('Refresh');
      const shown = ecs.waitForRow('front', '2/2 running', longEnough / 4).then(() => true);
      if (await shown.catch((error: unknown) => (left > 1 ? false : Promise.reject(error)))) break;
    }
  });

  after(async () => {
    made?.ec2.destroy();
    await scene?.close();
  });

  const picture = (): FrameLocator => scene.workbench.webview();
  const hop = (name: string | RegExp): Locator => picture().getByRole('button', { name });
  const files = (name: string): string => path.join(scene.home, name);

  it('is drawn hop by hop: the ways in and the ways out', async () => {
    await ecs.contextMenu('front', 'Show Network');
    await hop(/^Client internet, open/).waitFor({ timeout: longEnough });
    for (const name of [/^Load balancer web, open/, /^Target group web, open/, /^NAT gateway nat-\w+, open/]) {
      assert.equal(await hop(name).count(), 1, String(name));
    }
    assert.equal(await hop(/^Task \w+/).count(), 2);
    assert.equal(await hop(/^Service of AWS (ecr\.api|ecr\.dkr|s3), open/).count(), 3);
    await picture().getByText('3 of 3 ways out are open.').waitFor();
    await scene.workbench.screenshot('network-light');
  });

  it('goes along the ways by keyboard, and says what is selected', async () => {
    const { page, clipboard } = scene.workbench;
    await hop(/^Client internet/).focus();
    for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    await hop(/^Load balancer web/)
      .and(picture().locator('[aria-pressed="true"]'))
      .waitFor();
    const details = picture().locator('#details');
    await details.getByRole('heading', { name: 'Load balancer' }).waitFor();
    await details.getByText('web is internet-facing').waitFor();
    assert.equal(await details.getByRole('button', { name: 'Open in AWS Console' }).count(), 0);
    await clipboard.clear();
    await details.getByRole('button', { name: 'Copy Id' }).click();
    assert.equal(await clipboard.read(), 'web');
    await page.keyboard.press('Escape');
    await details.getByText(/ways in are open/).waitFor();
  });

  it('turns blocked by itself when a rule is removed, with the reason, and open again', async () => {
    const { ec2, taskGroup, lbGroup } = made;
    const rule = tcp(8080, 8080, { UserIdGroupPairs: [{ GroupId: lbGroup }] });
    await hop(new RegExp(`^Security group ${taskGroup}, open: .* lets in port 8080`)).click();
    await ec2.revokeSecurityGroupIngress({ GroupId: taskGroup, IpPermissions: [rule] });
    await hop(new RegExp(`^Security group ${taskGroup}, blocked: .*lets nothing in`)).waitFor({
      timeout: longEnough,
    });
    // What was selected stays so, and says what is new.
    await picture().locator('#hop-reason', { hasText: 'lets nothing in' }).waitFor();
    await scene.workbench.screenshot('network-blocked');
    await picture().getByRole('button', { name: 'Back' }).click();
    await picture()
      .getByRole('button', { name: /Security group · blocked/ })
      .first()
      .waitFor();
    await scene.workbench.screenshot('network-overview');
  });

  it('asks nothing while it is hidden', async () => {
    await scene.workbench.palette('Help: Welcome');
    await scene.workbench.page.getByRole('tab', { name: /Welcome/ }).waitFor();
    await scene.sandbox.resetCalls();
    await scene.workbench.page.waitForTimeout(20_000);
    const asked = (await scene.sandbox.calls()).map(({ operation }) => operation);
    assert.deepEqual(
      asked.filter((operation) => /RouteTables|TargetGroups|SecurityGroups/.test(operation)),
      [],
    );
    await scene.workbench.page
      .getByRole('tab', { name: /Welcome/ })
      .getByRole('button', { name: /Close/ })
      .click();
    await hop(new RegExp(`^Security group ${made.taskGroup}, blocked`)).waitFor({ timeout: longEnough });
  });

  for (const type of ['svg', 'png'] as const) {
    it(`is exported as ${type.toUpperCase()}`, async () => {
      const { page, notifications } = scene.workbench;
      const file = files(`network.${type}`);
      await picture().getByRole('button', { name: 'Export…' }).click();
      const input = page.locator('.quick-input-widget input.input');
      // The dialog fills in its suggestion last.
      await expectValue(input, /network-front\.svg$/);
      await input.fill(file);
      await expectValue(input, new RegExp(`network\\.${type}$`));
      await page.keyboard.press('Enter');
      await notifications.waitFor(`network.${type}`, longEnough);
      assert.ok(existsSync(file));
      const bytes = readFileSync(file);
      if (type === 'png') assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
      else assert.match(bytes.toString(), /^<svg .*<style>.*lets nothing in/s);
      if (type === 'svg') assert.doesNotMatch(bytes.toString(), /var\(/);
      assert.ok(bytes.length > 5_000, String(bytes.length));
    });
  }

  for (const theme of ['Default Dark Modern', 'Default High Contrast', 'Default High Contrast Light']) {
    it(`can be read in the theme ${theme}`, async () => {
      const dark = !theme.endsWith('Light');
      const settings = path.join(scene.folder, '.vscode', 'settings.json');
      mkdirSync(path.dirname(settings), { recursive: true });
      writeFileSync(settings, JSON.stringify({ 'workbench.colorTheme': theme }));
      const body = picture().locator('body');
      await until('the theme', 20, async () =>
        luminance(await colourOf(body, 'backgroundColor')) < 0.5 === dark ? true : undefined,
      );
      const box = await colourOf(picture().locator('.hop .box').first(), 'fill');
      for (const text of ['.hop .id', '.hop .kind']) {
        const ratio = contrast(await colourOf(picture().locator(text).first(), 'fill'), box);
        assert.ok(ratio >= 4.5, `${text}: ${ratio.toFixed(1)}`);
      }
      for (const state of ['open', 'blocked']) {
        const sign = picture().locator(`.hop.${state} .sign circle, .hop.${state} .sign .shape`).first();
        const ratio = contrast(await colourOf(sign, 'fill'), box);
        assert.ok(ratio >= 1.5, `${state}: ${ratio.toFixed(1)}`);
      }
      await scene.workbench.screenshot(`network-${theme.toLowerCase().replaceAll(' ', '-')}`);
    });
  }

  it('is a Markdown document as text', async () => {
    const { page } = scene.workbench;
    await picture().getByRole('button', { name: 'Show as Text' }).click();
    await page.getByRole('tab', { name: /Network of front\.md/ }).waitFor();
    const lines = page.locator('.editor-instance .view-lines').filter({ hasText: 'The way in' });
    await lines.waitFor();
    const text = (await lines.innerText()).replaceAll('\u00a0', ' ');
    assert.match(text, /## The way in/);
    assert.match(text, /\| ✘ +\| Security group \| sg-\w+ +\| .*lets nothing in/);
    await scene.workbench.screenshot('network-text');
  });

  it('stands in the tree, and leads from a hop to the picture', async () => {
    await ecs.expand('front');
    await ecs.expand('Network');
    await ecs.waitForRow(/^In: \d+ → web:8080/, 'blocked', longEnough);
    await ecs.expand(/^In: \d+ → web:8080/);
    await ecs.waitForRow(new RegExp(`^Security group ${made.taskGroup}`), 'lets nothing in');
    await scene.workbench.screenshot('network-tree');
    await ecs.contextMenu(new RegExp(`^Security group ${made.taskGroup}`), 'Show Network');
    await picture().locator('#hop-reason', { hasText: 'lets nothing in' }).waitFor({ timeout: longEnough });
  });

  it('is there again after a reload of the window', async () => {
    const { page } = scene.workbench;
    await page.reload({ waitUntil: 'domcontentloaded' });
    await hop(new RegExp(`^Security group ${made.taskGroup}, blocked`)).waitFor({ timeout: 90_000 });
    assert.deepEqual(await scene.sandbox.violations(), []);
  });
});
