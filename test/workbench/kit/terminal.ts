import type { Page } from 'playwright-core';

/** The terminal that is shown. */
export class Terminal {
  constructor(private readonly page: Page) {}

  /** Waits until the terminal shows a text. It has to fit into the visible part. */
  async waitFor(text: string | RegExp, timeout = 20_000): Promise<void> {
    await this.page.locator('.terminal-wrapper.active .xterm-rows').filter({ hasText: text }).waitFor({ timeout });
  }
}
