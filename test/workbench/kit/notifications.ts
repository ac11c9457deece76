import type { Locator, Page } from 'playwright-core';

/** The messages in the lower right corner. */
export class Notifications {
  constructor(private readonly page: Page) {}

  /** The newest message that holds the text. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  }

  /** Waits for a message. @returns all of its text. */
  async waitFor(text: string | RegExp, timeout = 30_000): Promise<string> {
    const toast = this.toast(text);
    await toast.waitFor({ timeout });
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

  async texts(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }
}
