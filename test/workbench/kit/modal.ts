import type { Locator, Page } from 'playwright-core';

/** A dialog that stops everything until it is answered. */
export class Modal {
  readonly #box: Locator;

  constructor(page: Page) {
    this.#box = page.locator('.monaco-dialog-box');
  }

  /** Waits until a dialog stands there. */
  async opened(timeout: number): Promise<void> {
    await this.#box.waitFor({ timeout });
  }

  async isOpen(): Promise<boolean> {
    return this.#box.isVisible();
  }

  async text(): Promise<string> {
    return this.#box.locator('.dialog-message-container').innerText();
  }

  async click(button: string): Promise<void> {
    await this.#box.getByRole('button', { name: button, exact: true }).click();
  }
}
