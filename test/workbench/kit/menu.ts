import type { Page } from 'playwright-core';

/** Chooses from the context menu that is open. All names but the last are submenus. */
export async function chooseFromMenu(page: Page, items: readonly string[]): Promise<void> {
  for (const [index, name] of items.entries()) {
    const item = page.getByRole('menuitem', { name, exact: true });
    await item.waitFor();
    // A submenu opens when the pointer rests on it.
    if (index < items.length - 1) await item.hover();
    // The menu takes no click in its first moments, so that a right-button release chooses nothing by accident.
    else await item.click({ delay: 150 });
  }
}

/** The names in the context menu that is open, from top to bottom. */
export async function menuItems(page: Page): Promise<string[]> {
  await page.getByRole('menuitem').first().waitFor();
  return page.getByRole('menuitem').allInnerTexts();
}
