import type { Locator, Page } from 'playwright-core';
import { chooseFromMenu, menuItems } from './menu';
import { restPointer } from './pointer';

/** One tree view in a container of the activity bar. */
export class View {
  constructor(
    private readonly page: Page,
    readonly name: string,
  ) {}

  /** The tree. Views of one container are told apart by their name, which VS Code puts into the label. */
  tree(): Locator {
    return this.page.getByRole('tree', { name: this.name });
  }

  /** The row that holds the text. Rows outside the visible part do not exist: scroll or enlarge the window. */
  row(label: string | RegExp): Locator {
    return this.tree().getByRole('treeitem').filter({ hasText: label }).first();
  }

  /** Waits until a row holds all of these texts. */
  async waitForRow(label: string | RegExp, text: string | RegExp, timeout = 20_000): Promise<void> {
    const rows = this.tree().getByRole('treeitem').filter({ hasText: label }).filter({ hasText: text });
    await rows.first().waitFor({ timeout });
  }

  /** Waits until no row holds the text. */
  async waitForNoRow(label: string | RegExp): Promise<void> {
    await this.row(label).waitFor({ state: 'detached' });
  }

  /** Waits until a row wears a badge, which VS Code draws beside the label by its style sheet. */
  async waitForBadge(label: string | RegExp, badge: string): Promise<void> {
    const element = await this.row(label).locator('.monaco-icon-label').first().elementHandle();
    // The browser's own types are not those of this program.
    type Window = { getComputedStyle(element: unknown, pseudo: string): { content: string } };
    const isThere = ([row, text]: readonly [unknown, string]): boolean =>
      (globalThis as unknown as Window).getComputedStyle(row, '::after').content.includes(text);
    await this.page.waitForFunction(isThere, [element, badge] as const);
  }

  async labels(): Promise<string[]> {
    return this.tree().getByRole('treeitem').locator('.label-name').allInnerTexts();
  }

  /** Everything that is written in the rows, one text a row. */
  async texts(): Promise<string[]> {
    const texts = await this.tree().getByRole('treeitem').locator('.monaco-icon-label').allInnerTexts();
    return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }

  /** Opens a row and waits until its children are there. */
  async expand(label: string | RegExp): Promise<void> {
    const row = this.row(label);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
    await this.page.waitForFunction(
      (element) => element?.getAttribute('aria-expanded') === 'true',
      await row.elementHandle(),
    );
  }

  async contextMenu(label: string | RegExp, ...items: readonly string[]): Promise<void> {
    await restPointer(this.page);
    await this.row(label).click({ button: 'right' });
    await chooseFromMenu(this.page, items);
  }

  /** What the context menu of a row offers. */
  async offers(label: string | RegExp): Promise<string[]> {
    await restPointer(this.page);
    await this.row(label).click({ button: 'right' });
    const items = await menuItems(this.page);
    await this.page.keyboard.press('Escape');
    return items.map((item) => item.trim());
  }

  /** Presses an inline icon of a row, which appears when the pointer is on it. */
  async inline(label: string | RegExp, action: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    // A row that has just been drawn is a moment later known to its commands.
    await this.page.waitForTimeout(500);
    await row.getByRole('button', { name: action }).click();
  }

  /** What stands beside the view's title. */
  async description(): Promise<string> {
    return this.pane().locator('.pane-header .description').innerText();
  }

  /** Waits until this stands beside the view's title. */
  async waitForDescription(text: string | RegExp): Promise<void> {
    await this.pane().locator('.pane-header .description').filter({ hasText: text }).waitFor();
  }

  /** The welcome text that stands where rows would. */
  welcome(): Locator {
    return this.pane().locator('.welcome-view-content');
  }

  /** Waits for a welcome text. @returns the labels of its buttons */
  async welcomeButtons(text: string | RegExp): Promise<string[]> {
    await this.welcome().filter({ hasText: text }).waitFor();
    return this.welcome().getByRole('button').allInnerTexts();
  }

  /** Presses an icon in the view's title bar. */
  async title(action: string): Promise<void> {
    const header = this.pane().locator('.pane-header');
    await header.hover();
    await header.getByRole('button', { name: action }).click();
  }

  private pane(): Locator {
    const title = this.page.locator('.pane-header h3.title').getByText(this.name, { exact: true });
    return this.page.locator('.pane').filter({ has: title });
  }
}
