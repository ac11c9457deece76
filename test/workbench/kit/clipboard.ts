import type { Page } from 'playwright-core';

/** The clipboard of the browser in which the window is. */
export class Clipboard {
  constructor(private readonly page: Page) {}

  /** Empties it, so that what is read next is new. */
  async clear(): Promise<void> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.page.evaluate("navigator.clipboard.writeText('')");
  }

  /** Waits until there is something, and reads it. */
  async read(): Promise<string> {
    for (const end = Date.now() + 10_000; Date.now() < end;) {
      const text = await this.page.evaluate<string>('navigator.clipboard.readText()');
      if (text !== '') return text;
      await this.page.waitForTimeout(50);
    }
    throw new Error('Nothing came into the clipboard within 10 s.');
  }
}
