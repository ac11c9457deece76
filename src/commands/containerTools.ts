import * as vscode from 'vscode';
import { formatAge } from '../ui/format';
import type { Connections, Session } from '../ui/connections';

/** What the Container Tools extension asks of whoever brings it a registry (`@microsoft/vscode-docker-registries`). */
interface RegistryProvider extends vscode.TreeDataProvider<Item> {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly iconPath?: vscode.ThemeIcon;
  getLoginInformation(item: Item): Promise<{ server: string; username: string; secret: string }>;
}

/** What the Container Tools extension exports. */
interface ContainerToolsApi {
  registerRegistryDataProvider(id: string, provider: RegistryProvider): vscode.Disposable;
}

/** A row in its list of registries; it tells rows apart by `type`. */
interface Item {
  readonly type: 'commonroot' | 'commonregistry' | 'commonrepository' | 'commontag';
  readonly label: string;
  readonly parent: Item | undefined;
  readonly additionalContextValues: string[];
  readonly baseUrl?: vscode.Uri;
  readonly createdAt?: Date;
  readonly session?: Session;
}

/** What `dist/bridge.js` exports. It is loaded only beside an active Container Tools extension. */
export interface BridgeModule {
  connectRegistries(api: unknown, connections: Connections): vscode.Disposable | undefined;
}

const providerId = 'gantry.ecr';

/** Offers ECR to the Container Tools extension, over the connections of this window; undefined where it takes nothing. */
export function connectRegistries(api: unknown, connections: Connections): vscode.Disposable | undefined {
  const tools = api as Partial<ContainerToolsApi> | undefined;
  if (typeof tools?.registerRegistryDataProvider !== 'function') return undefined;
  const provider = new EcrProvider(connections);
  return vscode.Disposable.from(provider, tools.registerRegistryDataProvider(providerId, provider));
}

class EcrProvider implements RegistryProvider, vscode.Disposable {
  readonly id = providerId;
  readonly label = 'Amazon ECR';
  readonly description = vscode.l10n.t('Connections of Gantry');
  readonly iconPath = new vscode.ThemeIcon('package');
  private readonly changed = new vscode.EventEmitter<Item | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly connections: Connections) {
    this.subscription = connections.onDidChange(() => this.changed.fire(undefined));
  }

  async getChildren(item?: Item): Promise<Item[]> {
    switch (item?.type) {
      case undefined:
        return [{ type: 'commonroot', label: this.label, parent: undefined, additionalContextValues: [] }];
      case 'commonroot':
        return Promise.all(this.connections.sessions.map((session) => registryItem(item, session)));
      case 'commonregistry':
        return repositoryItems(item);
      case 'commonrepository':
        return tagItems(item);
      case 'commontag':
        return [];
    }
  }

  getTreeItem({ type, label, createdAt, additionalContextValues }: Item): vscode.TreeItem {
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(label, type === 'commontag' ? None : Collapsed);
    const icons = {
      commonroot: 'package',
      commonregistry: 'briefcase',
      commonrepository: 'repo',
      commontag: 'bookmark',
    };
    item.iconPath = new vscode.ThemeIcon(icons[type]);
    item.contextValue = [type === 'commonroot' ? 'commonregistryroot' : type, ...additionalContextValues].join(';');
    if (createdAt) item.description = formatAge(createdAt.getTime());
    return item;
  }

  /** A new token each time: one is good for 12 hours, and a window is open longer. */
  async getLoginInformation(item: Item): Promise<{ server: string; username: string; secret: string }> {
    const session = item.session ?? this.connections.session;
    const { host, user, password } = await session.connection.ecr.login(session.signal);
    return { server: host, username: user, secret: password };
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}

async function registryItem(parent: Item, session: Session): Promise<Item> {
  const { host } = await session.connection.ecr.login(session.signal);
  const baseUrl = vscode.Uri.parse(`https://${host}`);
  return { type: 'commonregistry', label: host, parent, baseUrl, session, additionalContextValues: [] };
}

async function repositoryItems(parent: Item): Promise<Item[]> {
  const { session, baseUrl } = parent;
  if (!session || !baseUrl) return [];
  const { items } = await session.ecr.listRepositories(session.signal);
  return items.map(({ name }) => ({
    ...{ type: 'commonrepository', label: name, parent, baseUrl, session, additionalContextValues: [] },
  }));
}

async function tagItems(parent: Item): Promise<Item[]> {
  const { session, baseUrl, label } = parent;
  if (!session || !baseUrl) return [];
  const { items } = await session.ecr.listImages(label, session.signal);
  return items.flatMap(({ tags, pushedAt }) =>
    tags.map((tag): Item => ({
      ...{ type: 'commontag', label: tag, parent, baseUrl, session, additionalContextValues: [] },
      ...(pushedAt === undefined ? {} : { createdAt: new Date(pushedAt) }),
    })),
  );
}
