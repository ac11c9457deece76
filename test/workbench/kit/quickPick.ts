import type { Locator, Page } from 'playwright-core';

/** The browser's own types are not those of this program. */
interface Box {
  querySelector(selector: string): { readonly placeholder?: string; readonly innerText: string } | null;
}

/** The box at the top in which VS Code asks: a list, a text field, or both. */
export class QuickPick {
  readonly #box: Locator;

  constructor(private readonly page: Page) {
    this.#box = page.locator('.quick-input-widget');
  }

  /** Waits for a question with this title (a part of it is enough). */
  async waitFor(title: string | RegExp, timeout?: number): Promise<void> {
    const options = timeout === undefined ? {} : { timeout };
    await this.#box.locator('.quick-input-title', { hasText: title }).waitFor(options);
  }

  /** Waits until any question is asked. */
  async opened(timeout: number): Promise<void> {
    await this.#box.waitFor({ timeout });
  }

  /** Waits for a list with such a row, for where several questions have one title. */
  async waitForRow(label: string | RegExp): Promise<void> {
    await this.row(label).first().waitFor();
  }

  async title(): Promise<string> {
    return this.#box.locator('.quick-input-title').innerText();
  }

  /** What the text field holds. */
  async value(): Promise<string> {
    return this.#box.locator('input.input').inputValue();
  }

  /** The message below the text field: what to type, or what is wrong with it. */
  async message(): Promise<string> {
    return this.#box.locator('.quick-input-message').innerText();
  }

  async waitForMessage(text: string): Promise<void> {
    await this.#box.locator('.quick-input-message', { hasText: text }).waitFor();
  }

  row(label: string | RegExp): Locator {
    return this.#box.locator('.quick-input-list .monaco-list-row', { hasText: label });
  }

  async labels(): Promise<string[]> {
    await this.#box.locator('.quick-input-list .monaco-list-row').first().waitFor();
    return this.#box.locator('.quick-input-list .monaco-list-row .label-name').allInnerTexts();
  }

  /** Types, so that the list has only what matches: rows out of sight cannot be chosen. */
  async narrow(text: string): Promise<void> {
    await this.#box.locator('input.input').fill(text);
  }

  /** Chooses the first row that holds the text. */
  async choose(label: string | RegExp): Promise<void> {
    await this.row(label).first().click();
  }

  /** Replaces what the text field holds, and accepts it. */
  async type(text: string): Promise<void> {
    await this.#box.locator('input.input').fill(text);
    await this.accept();
  }

  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
  }

  /** The words of the question that stands there: those in the empty field, or those below it. */
  async question(): Promise<string | undefined> {
    if (!(await this.isOpen())) return undefined;
    // All in one look: the next question may come at any time.
    return this.#box.evaluate((box: unknown) => {
      const { placeholder } = (box as Box).querySelector('input.input') ?? {};
      return placeholder || (box as Box).querySelector('.quick-input-message')?.innerText;
    });
  }

  /** Accepts what is proposed: the first row, as soon as there is one, or what the field holds. */
  async acceptProposal(): Promise<void> {
    const row = this.row(/./).first();
    await row
      .or(this.#box.locator('.quick-input-message', { hasText: "Press 'Enter'" }))
      .first()
      .waitFor();
    await ((await row.isVisible()) ? row.click() : this.accept());
  }

  async isOpen(): Promise<boolean> {
    return this.#box.isVisible();
  }
}
