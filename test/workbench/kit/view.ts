import type { Locator, Page } from 'playwright-core';
import { chooseFromMenu } from './menu';

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

  async labels(): Promise<string[]> {
    return this.tree().getByRole('treeitem').locator('.label-name').allInnerTexts();
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
    await this.row(label).click({ button: 'right' });
    await chooseFromMenu(this.page, items);
  }

  /** Presses an inline icon of a row, which appears when the pointer is on it. */
  async inline(label: string | RegExp, action: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    await row.getByRole('button', { name: action }).click();
  }

  /** The welcome text that stands where rows would. */
  welcome(): Locator {
    return this.page.locator('.pane', { hasText: this.name }).locator('.welcome-view-content');
  }

  /** Presses an icon in the view's title bar. */
  async title(action: string): Promise<void> {
    const header = this.page.locator('.pane-header', { hasText: this.name });
    await header.hover();
    await header.getByRole('button', { name: action }).click();
  }
}
