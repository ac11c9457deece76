import type { Locator, Page } from 'playwright-core';
import { restPointer } from './pointer';

const items = '.notifications-toasts .notification-list-item, .notifications-center.visible .notification-list-item';

/** The messages in the lower right corner: those that float there, and those in the notification centre when it is open. */
export class Notifications {
  constructor(private readonly page: Page) {}

  /** The newest message that holds the text. */
  toast(text: string | RegExp): Locator {
    const message = this.page.locator('.notification-list-item-message').filter({ hasText: text });
    return this.page.locator(items).filter({ has: message }).first();
  }

  /** A message floats for some seconds only. This brings all of them back. */
  async showAll(): Promise<void> {
    await restPointer(this.page);
    await this.page.locator('#status\\.notifications').click();
  }

  /** Waits for a message. @returns all of its text. */
  async waitFor(text: string | RegExp, timeout = 30_000): Promise<string> {
    const toast = this.toast(text);
    await toast.waitFor({ timeout }).catch(async (error: unknown) => {
      // It came while the centre was closing, and went out of sight with it.
      if (await this.page.locator('.notifications-center.visible').isVisible()) throw error;
      await this.showAll();
      await toast.waitFor({ timeout: 5_000 });
    });
    return toast.locator('.notification-list-item-message').innerText();
  }

  /** Presses a button of the message that holds the text. */
  async click(text: string | RegExp, button: string): Promise<void> {
    await this.toast(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** Presses Cancel of a progress message. */
  async cancel(text: string | RegExp): Promise<void> {
    await this.click(text, 'Cancel');
  }

  /** Throws all messages away, so that the next one is a new one. */
  async clearAll(): Promise<void> {
    const centre = this.page.locator('.notifications-center.visible');
    // A message may come or go between a look and a press.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (!(await centre.isVisible())) await this.showAll();
      const clear = centre.getByRole('button', { name: /^Clear All/ });
      const empty = (await clear.getAttribute('aria-disabled', { timeout: 5_000 }).catch(() => undefined)) === 'true';
      // The centre closes by itself when it is cleared.
      if (empty) await this.showAll();
      else await clear.click({ timeout: 2_000 }).catch(() => undefined);
      // What comes while it is still open would go into it, and be out of sight with it.
      const closed = await centre.waitFor({ state: 'hidden', timeout: 2_000 }).then(
        () => true,
        () => false,
      );
      if (closed) return;
    }
    throw new Error('The messages could not be thrown away.');
  }

  async texts(): Promise<string[]> {
    return this.page.locator(items).locator('.notification-list-item-message').allInnerTexts();
  }
}
