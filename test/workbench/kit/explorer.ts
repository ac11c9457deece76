import type { Locator, Page } from 'playwright-core';
import { chooseFromMenu } from './menu';

/** The editor's file explorer. */
export class Explorer {
  constructor(private readonly page: Page) {}

  files(): Locator {
    return this.page.getByRole('tree', { name: 'Files Explorer' }).getByRole('treeitem');
  }

  /** A file's row, whatever decorations add to its label. */
  file(name: string): Locator {
    return this.files().filter({ has: this.page.locator('.label-name').getByText(name, { exact: true }) });
  }

  async show(): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: /^Explorer/ });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  async open(name: string): Promise<void> {
    await this.show();
    await this.file(name).dblclick();
  }

  /** Right-clicks a file's row and chooses an item, through submenus where several names are given. */
  async contextMenu(file: string, ...items: readonly string[]): Promise<void> {
    await this.show();
    const first = this.page.getByRole('menuitem', { name: items[0] ?? '', exact: true });
    // A menu that opens before VS Code has read what extensions bring lacks their items.
    for (let left = 4; left > 0; left -= 1) {
      await this.file(file).click({ button: 'right' });
      const isThere = first.waitFor({ timeout: 5_000 }).then(() => true);
      if (await isThere.catch(() => false)) break;
      await this.page.keyboard.press('Escape');
    }
    await chooseFromMenu(this.page, items);
  }
}
