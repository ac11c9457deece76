import type { Page } from 'playwright-core';

/**
 * Takes the pointer to where nothing is, and waits until no tooltip is left: one may cover what is clicked next. A
 * tooltip that appears after the pointer has gone stays until the pointer moves once more.
 */
export async function restPointer(page: Page): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    await page.mouse.move(700 + (step % 2) * 30, 300 + (step % 2) * 30);
    if (!(await page.locator('.workbench-hover').first().isVisible())) return;
    await page.waitForTimeout(100);
  }
}
