import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { outDir } from '../../kit/paths';
import type { Workbench } from './workbench';

/** Call it inside `describe`: a test that fails leaves a picture, the logs and the page's messages in test/out. */
export function keepEvidence(
  workbench: () => Workbench | { readonly workbench: Workbench } | undefined,
  ...channels: readonly string[]
): void {
  afterEach(async function () {
    const shown = workbench();
    const current = shown && 'workbench' in shown ? shown.workbench : shown;
    if (this.currentTest?.state !== 'failed' || current === undefined) return;
    const name = this.currentTest.fullTitle().replaceAll(/[^a-zA-Z0-9]+/g, '-');
    const folder = path.join(outDir, 'failures');
    mkdirSync(folder, { recursive: true });
    const logs = channels.map((channel) => `== ${channel}\n${current.output(channel)}`);
    const text = [...logs, `== extension host\n${current.hostLog()}`, `== server\n${current.server.log()}`];
    writeFileSync(path.join(folder, `${name}.log`), text.join('\n'));
    await current.page.screenshot({ path: path.join(folder, `${name}.png`) });
    const shows = await onScreen(current);
    process.stdout.write(`    When “${this.currentTest.title}” failed, the screen showed: ${shows.join(' | ')}\n`);
    // Whatever is still open must not stand in the next test's way.
    for (let layer = 0; layer < 3; layer += 1) await current.page.keyboard.press('Escape');
  });
}

/** What VS Code asks and says, for where nobody can look at the picture. */
async function onScreen({ page }: Workbench): Promise<readonly string[]> {
  const saying = ['.notification-list-item-message', '.quick-input-title', '.quick-input-message', '.monaco-menu'];
  const parts = [...saying, '.dialog-message-container', '.tab.active', '.monaco-list-row'];
  const texts = await page.locator(parts.map((part) => `${part}:visible`).join(', ')).allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim().slice(0, 300)).filter((text) => text !== '');
}
