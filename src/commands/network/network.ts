import * as vscode from 'vscode';
import { keyOf } from '../../core/connection';
import { lookAtNetwork, type NetworkLook, type NetworkSubject } from '../../deploy/networkLook';
import type { NetworkRows } from '../../explorer/networkGroup';
import { networkReport } from '../../network/picture/report';
import { askService } from '../../ui/askService';
import type { Connections, Session } from '../../ui/connections';
import { withProgress } from '../../ui/progress';
import { say } from '../../ui/say';
import { parseKept, sessionOf, type KeptPlace } from './keptPlace';
import { nameOfSubject, networkPlaceOf, panelType, type NetworkPlace } from './networkPlace';
import { NetworkPanel, type PanelContext } from './networkPanel';
import { networkRows } from './networkRows';

/** What the pictures of networks need of the rest. */
export interface NetworkContext {
  readonly connections: Connections;
  /** The extension's folder. */
  readonly root: vscode.Uri;
  /** Resolves when a sandbox that somebody else started is known. */
  readonly adopted: Promise<void>;
  readonly showMarkdown: (title: string, text: string) => Promise<void>;
  readonly guard: (action: () => unknown) => Promise<void>;
}

/** The network around services and tasks: as a picture, as text, and as rows. */
export interface NetworkViews extends vscode.Disposable {
  /** Shows the picture, with a hop selected where one is meant; asks for a service where no place is given. */
  show(place: NetworkPlace | undefined): Promise<void>;
  /** The same as a Markdown document: of a place, of the picture in front, or of a service that is asked for. */
  asText(place: NetworkPlace | undefined): Promise<void>;
  /** Writes the picture in front to a file. */
  export(): Promise<void>;
  /** What an earlier window had open. One whose connection is gone is closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  rows(session: Session, subject: NetworkSubject, signal: AbortSignal): Promise<NetworkRows>;
}

/** What `dist/network.js` exports. It is loaded on first use. */
export interface NetworkModule {
  createNetwork(context: NetworkContext): NetworkViews;
}

export function createNetwork(context: NetworkContext): NetworkViews {
  const { connections, root, guard, adopted } = context;
  const panels = new Map<string, NetworkPanel>();
  const showAsText = ({ name, ways, tasksLeftOut }: NetworkLook): Promise<void> => {
    const title = vscode.l10n.t('Network of {0}', name);
    return context.showMarkdown(title, networkReport({ title, ways, tasksLeftOut, say }));
  };
  const parts: PanelContext = { root, connections, guard, showAsText };
  const open = (panel: vscode.WebviewPanel, place: KeptPlace): NetworkPanel => {
    const key = panelKey(place);
    const opened = new NetworkPanel(panel, place, parts, () => panels.delete(key));
    panels.set(key, opened);
    return opened;
  };
  const asked = async (place: NetworkPlace | undefined): Promise<NetworkPlace> =>
    place ?? networkPlaceOf(await askService(connections.session, vscode.l10n.t('Show Network')));
  const active = (): NetworkPanel | undefined => [...panels.values()].find(({ isActive }) => isActive);

  return {
    async show(given) {
      const { session, subject, hop } = await asked(given);
      const place: KeptPlace = { spec: session.spec, subject };
      const known = panels.get(panelKey(place));
      if (known) return known.reveal(hop);
      const title = vscode.l10n.t('Network of {0}', nameOfSubject(subject));
      const panel = vscode.window.createWebviewPanel(panelType, title, vscode.ViewColumn.Active);
      open(panel, place).select(hop);
    },
    async asText(given) {
      const front = given ? undefined : active();
      if (front) return front.asText();
      const { session, subject } = await asked(given);
      const look = await withProgress(
        vscode.l10n.t('Show Network as Text'),
        (_, signal) => lookAtNetwork(session.connection, subject, signal),
        session.signal,
      );
      await showAsText(look);
    },
    async export() {
      await active()?.export();
    },
    async restore(panel, state) {
      await adopted;
      const place = parseKept((state as { readonly place?: unknown } | undefined)?.place);
      if (!place || !sessionOf(connections, place.spec)) return panel.dispose();
      open(panel, place);
    },
    rows: networkRows,
    dispose: () => [...panels.values()].forEach((panel) => panel.dispose()),
  };
}

/** One picture for one place. */
function panelKey({ spec, subject }: KeptPlace): string {
  return `${spec.sandbox ? 'sandbox' : keyOf(spec)} ${JSON.stringify(subject)}`;
}
