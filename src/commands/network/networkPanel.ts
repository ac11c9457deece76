import * as vscode from 'vscode';
import { systemClock } from '../../core/clock';
import { GantryError, isCancelled, reasonOf } from '../../core/errors';
import { message } from '../../core/message';
import { consoleUrl } from '../../core/partition';
import { Pulse } from '../../core/pulse';
import { lookAtNetwork, type NetworkLook } from '../../deploy/networkLook';
import { consolePathOf } from '../../network/consolePath';
import type { HopRef } from '../../network/hop';
import { pictureOf, type Picture } from '../../network/picture/layout';
import { nodeOf, pageHopsOf } from '../../network/picture/pageHops';
import { parseFromPage, type FromPage, type ToPage } from '../../network/picture/pageMessages';
import { svgOf, type Palette } from '../../network/picture/svg';
import type { Connections, Session } from '../../ui/connections';
import { formatTime } from '../../ui/format';
import { learned } from '../../ui/learned';
import { say, sayError } from '../../ui/say';
import { openExternal } from '../../ui/verdictMessage';
import { sessionOf, type KeptPlace } from './keptPlace';
import { nameOfSubject } from './networkPlace';
import { pageHtml, pageRoots, type PageFiles } from './pageHtml';
import { pictureSummary } from './pictureSummary';

/** Milliseconds from the end of one look to the beginning of the next, while somebody looks. */
export const lookPause = 15_000;

/** Milliseconds after which a look, or an answer of the page, is given up. */
const longest = 60_000;

/** What panels need of the rest. */
export interface PanelContext extends PageFiles {
  readonly connections: Connections;
  readonly showAsText: (look: NetworkLook) => Promise<void>;
  /** Shows what goes wrong after a button of the page. */
  readonly guard: (action: () => unknown) => Promise<void>;
}

/** What was seen last. */
interface Seen {
  readonly look: NetworkLook;
  readonly picture: Picture;
}

/** The picture of one service's or task's network, which follows what changes while it is looked at. */
export class NetworkPanel implements vscode.Disposable {
  private readonly ended = new AbortController();
  private readonly disposables: vscode.Disposable[] = [];
  private readonly pulse: Pulse;
  private readonly asked = new Map<number, (answer: FromPage) => void>();
  private questions = 0;
  private seen: Seen | undefined;
  private wanted: HopRef | undefined;
  private isReady = false;
  /** Asking again would prompt a person again. */
  private isPaused = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly place: KeptPlace,
    private readonly context: PanelContext,
    onEnd: () => void,
  ) {
    const { webview } = panel;
    const isSeen = (): boolean => panel.visible && vscode.window.state.focused && this.isReady && !this.isPaused;
    this.pulse = new Pulse(systemClock, lookPause, () => this.look(), isSeen);
    this.disposables.push(
      webview.onDidReceiveMessage((value: unknown) => this.receive(value)),
      panel.onDidChangeViewState(() => {
        // VS Code throws a hidden page away; it says that it is ready when it is there again.
        if (!panel.visible) this.isReady = false;
        this.pulse.wake();
      }),
      vscode.window.onDidChangeWindowState(() => this.pulse.wake()),
      panel.onDidDispose(() => {
        this.dispose();
        onEnd();
      }),
    );
    webview.options = { enableScripts: true, localResourceRoots: pageRoots(context) };
    panel.title = vscode.l10n.t('Network of {0}', nameOfSubject(place.subject));
    webview.html = pageHtml(context, webview, panel.title);
  }

  get isActive(): boolean {
    return this.panel.active;
  }

  /** Brings it to the front, with a hop selected where one is meant. */
  reveal(hop: HopRef | undefined): void {
    this.panel.reveal();
    this.select(hop);
  }

  /** Selects a hop as soon as there is a picture. */
  select(hop: HopRef | undefined): void {
    this.wanted = hop ?? this.wanted;
    this.selectWanted();
  }

  async asText(): Promise<void> {
    await this.context.showAsText(this.seen?.look ?? (await this.read()));
  }

  /** Asks for a file and writes the picture into it, in the colours that are on the screen. */
  async export(): Promise<void> {
    const { seen } = this;
    if (!seen) return;
    const name = `network-${seen.look.name.replace(/[^\w-]+/g, '-')}.svg`;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const file = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Export Picture'),
      filters: { SVG: ['svg'], PNG: ['png'] },
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    });
    if (!file) return;
    this.panel.reveal();
    const { palette } = await this.ask('palette', (id) => ({ type: 'palette', id }));
    const svg = this.alone(seen, palette);
    const isPng = file.path.toLowerCase().endsWith('.png');
    const bytes = isPng ? await this.raster(svg) : Buffer.from(svg);
    await vscode.workspace.fs.writeFile(file, bytes);
    const open = vscode.l10n.t('Open');
    const text = vscode.l10n.t('The picture is in {0}.', vscode.workspace.asRelativePath(file));
    const chosen = await vscode.window.showInformationMessage(text, open);
    if (chosen === open) await vscode.commands.executeCommand('vscode.open', file);
  }

  dispose(): void {
    this.ended.abort();
    this.pulse.dispose();
    for (const disposable of this.disposables.splice(0)) disposable.dispose();
    this.panel.dispose();
  }

  private get session(): Session {
    const session = sessionOf(this.context.connections, this.place.spec);
    if (session) return session;
    throw new GantryError('notFound', message('The connection of this picture is not open any more.'));
  }

  private read(): Promise<NetworkLook> {
    const { connection, signal } = this.session;
    const either = AbortSignal.any([signal, this.ended.signal, AbortSignal.timeout(longest)]);
    return lookAtNetwork(connection, this.place.subject, either);
  }

  private async look(): Promise<void> {
    this.post({ type: 'status', text: vscode.l10n.t('Looking…'), isProblem: false, isBusy: true });
    try {
      const look = await this.read();
      this.isPaused = false;
      this.seen = { look, picture: pictureOf(look.ways) };
      this.draw();
    } catch (error) {
      if (this.ended.signal.aborted) return;
      this.isPaused = /^credentials|profileMissing/.test(reasonOf(error) ?? '');
      const why = isCancelled(error) ? vscode.l10n.t('The look took too long.') : sayError(error);
      const text = this.seen ? vscode.l10n.t('Not up to date: {0}', why) : why;
      this.post({ type: 'status', text, isProblem: true, isBusy: false });
    }
  }

  private draw(): void {
    if (!this.seen) return;
    const { look, picture } = this.seen;
    const hasConsole = !this.place.spec.endpoint && !this.place.spec.sandbox;
    this.post({
      type: 'picture',
      svg: svgOf(picture, { title: this.panel.title, say }),
      hops: pageHopsOf(picture, say, hasConsole),
      summary: pictureSummary(look),
      when: vscode.l10n.t('As AWS described it at {0}; no packet was sent.', formatTime(Date.now())),
    });
    learned('network');
    this.selectWanted();
  }

  private selectWanted(): void {
    if (!this.wanted || !this.seen || !this.isReady) return;
    const node = nodeOf(this.seen.picture, this.wanted);
    this.wanted = undefined;
    if (node) this.post({ type: 'select', key: node.key });
  }

  private receive(value: unknown): void {
    const received = parseFromPage(value);
    if (!received) return;
    switch (received.type) {
      case 'ready':
        this.isReady = true;
        this.post({ type: 'keep', place: this.place });
        this.draw();
        return this.pulse.wake();
      case 'refresh':
        this.isPaused = false;
        return void this.pulse.now();
      case 'text':
        return void this.context.guard(() => this.asText());
      case 'export':
        return void this.context.guard(() => this.export());
      case 'copy':
        return void this.context.guard(() => this.copy(received.key));
      case 'console':
        return void this.context.guard(() => this.openConsole(received.key));
      case 'palette':
      case 'png':
        return this.asked.get(received.id)?.(received);
    }
  }

  private hopOf(key: string): HopRef | undefined {
    return this.seen?.picture.nodes.find((node) => node.key === key)?.hop;
  }

  private async copy(key: string): Promise<void> {
    const hop = this.hopOf(key);
    if (!hop) return;
    await vscode.env.clipboard.writeText(hop.id);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', hop.id), 3000);
  }

  private async openConsole(key: string): Promise<void> {
    const hop = this.hopOf(key);
    const path = hop && consolePathOf(hop);
    const { connection, signal } = this.session;
    const { region } = await connection.identity(signal);
    const url = path && consoleUrl(region, path);
    if (!url) throw new GantryError('refused', message('There is no AWS console for this connection.'));
    await openExternal(url);
  }

  private alone({ look, picture }: Seen, palette: Palette): string {
    return svgOf(picture, { title: vscode.l10n.t('Network of {0}', look.name), say, palette });
  }

  private async raster(svg: string): Promise<Buffer> {
    const { data } = await this.ask('png', (id) => ({ type: 'raster', id, svg, scale: 2 }));
    return Buffer.from(data, 'base64');
  }

  /** Asks the page, which alone knows colours and can draw. @throws GantryError timedOut */
  private ask<T extends 'palette' | 'png'>(
    type: T,
    question: (id: number) => ToPage,
  ): Promise<Extract<FromPage, { type: T }>> {
    const id = (this.questions += 1);
    return new Promise<Extract<FromPage, { type: T }>>((resolve, reject) => {
      const late = new GantryError('timedOut', message('The picture did not answer.'));
      const timer = systemClock.after(longest / 2, () => reject(late));
      this.asked.set(id, (answer) => {
        timer.cancel();
        if (answer.type === type) resolve(answer as Extract<FromPage, { type: T }>);
      });
      this.post(question(id));
    }).finally(() => this.asked.delete(id));
  }

  private post(sent: ToPage): void {
    if (!this.ended.signal.aborted) void this.panel.webview.postMessage(sent);
  }
}
