import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { CodeServer } from '../../kit/codeServer';
import { outDir } from '../../kit/paths';
import { Clipboard } from './clipboard';
import { Explorer } from './explorer';
import { Modal } from './modal';
import { Notifications } from './notifications';
import { QuickPick } from './quickPick';
import { Terminal } from './terminal';
import { View } from './view';

/** A VS Code window, seen as a person sees it. */
export class Workbench {
  readonly explorer: Explorer;
  readonly quickPick: QuickPick;
  readonly notifications: Notifications;
  readonly modal: Modal;
  readonly clipboard: Clipboard;
  readonly terminal: Terminal;

  constructor(
    readonly page: Page,
    readonly server: CodeServer,
    readonly close: () => Promise<void>,
  ) {
    this.explorer = new Explorer(page);
    this.quickPick = new QuickPick(page);
    this.notifications = new Notifications(page);
    this.modal = new Modal(page);
    this.clipboard = new Clipboard(page);
    this.terminal = new Terminal(page);
  }

  /** Runs a command by its title, as it stands in the palette ("Gantry: Refresh"). */
  async palette(command: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget input.input').fill(`>${command}`);
    await this.quickPick.choose(command);
  }

  /** Shows a container of the activity bar. */
  async activity(name: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  view(name: string): View {
    return new View(this.page, name);
  }

  /** The document in the webview that was opened last. VS Code puts each into a frame within a frame. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  }

  /** The CodeLenses with this title in what is to be seen of the editor. */
  lenses(title: string): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: title });
  }

  /** What an extension has written to one of its output channels. */
  output(channel: string): string {
    return this.#logs((name) => name === `${channel}.log` || name.endsWith(`-${channel}.log`));
  }

  /** The extension hosts' own logs: failed activations and uncaught errors. */
  hostLog(): string {
    return this.#logs((name) => name === 'remoteexthost.log');
  }

  #logs(wanted: (name: string) => boolean): string {
    if (!existsSync(this.server.logsDir)) return '';
    const files = readdirSync(this.server.logsDir, { recursive: true, encoding: 'utf8' });
    const found = files.filter((file) => wanted(path.basename(file))).sort();
    return found.map((file) => readFileSync(path.join(this.server.logsDir, file), 'utf8')).join('');
  }

  /** Leaves a picture of the window in test/out/screenshots. */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(outDir, 'screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.waitForTimeout(400); // what fades in has come in
    const file = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }
}
