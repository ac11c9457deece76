import * as vscode from 'vscode';
import { ContextKey, View, type ConnectionState } from '../core/contributions';
import { reasonOf } from '../core/errors';
import { movedTags } from '../ecr/drift';
import type { Task } from '../ecs/model';
import type { ClusterNews } from '../ecs/inventory';
import type { Repository } from '../ecr/model';
import type { Picture, Pictures } from '../ui/pictures';
import { nameOfProfile, nameOfSpec, type Connections, type Session } from '../ui/connections';
import { sayError } from '../ui/say';
import { ClusterNode, type ClusterParts } from './clusterNode';
import type { ConnectionNode, ReadRoots } from './connectionNode';
import { driftDecorations } from './driftDecorations';
import { ImageNode, RepositoryNode, type ImageDrawing, type ImageRowMaker } from './ecrNodes';
import { Freshness } from './freshness';
import type { ReadNetworkRows } from './networkGroup';
import { ResourceTree } from './resourceTree';
import { ServiceFilter, type ViewChoice } from './serviceFilter';
import type { ServiceNode } from './serviceNode';
import { TaskNode } from './taskNode';
import { familyRows } from './taskDefinitionNodes';
import type { TreeNode } from './treeNode';

/** Milliseconds in which news are collected before rows are drawn: many services arrive at once. */
const drawPause = 100;

/** The same while services are being described, ten with a call. */
const describePause = 500;

/** The same while names are still being read: each drawing makes all rows of the cluster anew. */
const listPause = 1_000;

/** Milliseconds for which a tag's digest is believed. */
const digestAge = 60_000;

const choiceKey = 'gantry.ecsChoice';

const setContext = (key: string, value: unknown): void => void vscode.commands.executeCommand('setContext', key, value);

/** One view of the sidebar with what keeps it fresh. */
interface Shown {
  readonly id: string;
  readonly tree: ResourceTree;
  readonly view: vscode.TreeView<TreeNode>;
  problem: string | undefined;
}

/** Finds out why a service fails, in a few words. */
export type Explain = (session: Session, cluster: string, service: ServiceNode) => Promise<string | undefined>;

/** What makes rows that are loaded on first use. */
export interface RowMakers {
  readonly imageRows: () => ImageRowMaker;
  readonly networkRows: ReadNetworkRows;
}

/** The views of the sidebar, which always show the same connections. */
export class Views implements vscode.Disposable {
  readonly ecr: ResourceTree;
  readonly ecs: ResourceTree;
  readonly taskDefinitions: ResourceTree;
  private readonly filter: ServiceFilter;
  private readonly shown: Shown[] = [];
  private readonly disposables: vscode.Disposable[] = [];
  private readonly followed = new Map<Session, { dispose(): void }>();
  private readonly pending = new Map<ClusterNode, { rows: boolean; services: Set<string> }>();
  private drawing: NodeJS.Timeout | undefined;
  private drawsAt = 0;
  private readonly counted = new WeakMap<ClusterNode, string>();
  private readonly recalled = new Set<string>();
  private readonly digests = new Map<string, { readonly at: number; readonly digest: Promise<string | undefined> }>();
  private readonly clusterParts: ClusterParts;
  private broken = false;

  constructor(
    private readonly connections: Connections,
    private readonly state: vscode.Memento,
    private readonly explain: Explain,
    private readonly pictures: Pictures,
    { imageRows, networkRows }: RowMakers,
  ) {
    this.filter = new ServiceFilter(state.get<ViewChoice>(choiceKey));
    const onTasks = (node: ServiceNode, tasks: readonly Task[]): void => void this.findDrift(node, tasks);
    this.clusterParts = { filter: this.filter, onTasks, network: networkRows };
    this.disposables.push(vscode.window.registerFileDecorationProvider(driftDecorations));
    const readClusters: ReadRoots = async (parent, signal) => {
      this.follow(parent.session);
      const old = await this.recall(this.ecs, parent);
      if (old && old.clusters.length > 0) return { rows: this.oldClusters(parent, old) };
      const { items, error } = await parent.session.ecs.listClusters(signal);
      if (!error) this.pictures.add(parent.session, { clusters: items });
      return { rows: items.map((cluster) => new ClusterNode(parent, cluster, this.clusterParts)), error };
    };
    const drawing: ImageDrawing = {
      show: (node, rows) => this.ecr.show(node, rows),
      changed: (node) => this.ecr.retry(node),
      redraw: (node) => this.ecr.redraw(node),
      rows: imageRows,
    };
    const repositoryRow = (parent: TreeNode, repository: Repository, asOf?: number): RepositoryNode =>
      new RepositoryNode(parent, repository, drawing, asOf);
    const readRepositories: ReadRoots = async (parent, signal) => {
      const old = await this.recall(this.ecr, parent);
      if (old && old.repositories.length > 0)
        return { rows: old.repositories.map((repository) => repositoryRow(parent, repository, old.at)) };
      const { items, error } = await parent.session.ecr.listRepositories(signal);
      if (!error) this.pictures.add(parent.session, { repositories: items });
      return { rows: items.map((repository) => repositoryRow(parent, repository)), error };
    };
    this.ecs = this.view(View.ecs, readClusters, ContextKey.ecsEmpty);
    this.ecr = this.view(View.ecr, readRepositories, ContextKey.ecrEmpty);
    this.taskDefinitions = this.view(
      View.taskDefinitions,
      (parent, signal) => familyRows(parent, signal, (node) => this.taskDefinitions.retry(node)),
      ContextKey.taskDefinitionsEmpty,
    );
    this.disposables.push(
      connections.onDidChange(() => this.describeAll()),
      connections.onDidMark(() => this.describeAll()),
    );
    this.describeAll();
    this.showChoice();
  }

  /** Reads a view again. After an error of the connection, all are, with credentials and files as they are now. */
  refresh(tree: ResourceTree): void {
    if (this.broken) this.connections.reopen();
    else tree.refresh();
  }

  /** Reads all views again, with credentials and files as they are now. */
  refreshAll(): void {
    this.connections.reopen();
  }

  /** Reads a row again, with everything below it. */
  refreshNode(node: TreeNode): void {
    this.treeOf(node).refresh(node);
  }

  /** Draws a row again from what is known. */
  redraw(node: TreeNode): void {
    this.treeOf(node).redraw(node);
  }

  /** Reads what is below a row again and draws only what is different. */
  async reload(node: TreeNode): Promise<void> {
    await this.treeOf(node).reload(node);
  }

  /** Shows the images that a repository has now, a repository that is new included; without an ARN, all of them. */
  refreshRepository(arn?: string): void {
    this.ecr.refresh(this.ecr.shownRoots.find(({ id }) => id === arn));
  }

  /** Draws open repositories again from what is known by now. */
  async redrawRepositories(): Promise<void> {
    const isOpen = (node: TreeNode): boolean => node instanceof RepositoryNode || node instanceof ImageNode;
    for (const node of this.ecr.openNodes.filter(isOpen)) await this.ecr.reload(node);
  }

  /** Which services are shown. */
  get choice(): ViewChoice {
    return this.filter.choice;
  }

  async choose(choice: ViewChoice): Promise<void> {
    this.filter.choice = choice;
    await this.state.update(choiceKey, choice);
    this.showChoice();
    for (const cluster of this.clusters()) if (this.ecs.hasRead(cluster)) this.ecs.show(cluster, cluster.currentRows());
  }

  /** Selects a row and opens what is above it. */
  async reveal(node: TreeNode): Promise<void> {
    const { view } = this.shownOf(this.treeOf(node));
    await view.reveal(node, { select: true, focus: true, expand: false });
  }

  dispose(): void {
    clearTimeout(this.drawing);
    for (const subscription of this.followed.values()) subscription.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private view(id: string, readRoots: ReadRoots, emptyKey: string): ResourceTree {
    const tree = new ResourceTree(this.connections, readRoots, {
      onSwitch: () => setContext(ContextKey.connection, undefined),
      onRead: (connection, rows) => {
        this.broken = false;
        this.connections.report(connection.session.key, true);
        setContext(ContextKey.connection, 'ok' satisfies ConnectionState);
        setContext(emptyKey, rows === 0);
        void this.identify(connection);
      },
      onError: (connection, error) => {
        this.broken = true;
        this.connections.report(connection.session.key, connectionState(error) === undefined);
        setContext(ContextKey.connection, connectionState(error) ?? 'ok');
        setContext(emptyKey, false);
        void this.identify(connection);
      },
      isExplained: (error) => connectionState(error) !== undefined,
    });
    const view = vscode.window.createTreeView<TreeNode>(id, {
      ...{ treeDataProvider: tree, showCollapseAll: true, canSelectMany: true },
    });
    const shown: Shown = { id, tree, view, problem: undefined };
    const onProblem = (error: unknown): void => {
      shown.problem = error === undefined ? undefined : vscode.l10n.t('Not up to date: {0}', sayError(error));
      this.showMessage(shown);
    };
    const onFailing = (nodes: readonly ServiceNode[]): void => void this.explainAll(nodes);
    this.shown.push(shown);
    this.disposables.push(
      tree,
      view,
      new Freshness({ tree, view, onProblem, onFailing }),
      view.onDidCollapseElement(({ element }) => tree.close(element)),
      view.onDidExpandElement(({ element }) => element instanceof ClusterNode && this.reopen(element)),
    );
    return tree;
  }

  /** VS Code remembers what was below a row, so opening it again asks nobody; but its reading had been stopped. */
  private reopen(node: ClusterNode): void {
    this.ecs.open(node);
    if (this.ecs.hasRead(node)) void node.list.open(node.session.signal);
  }

  private describeAll(): void {
    const [first, ...others] = this.connections.specs;
    for (const { view } of this.shown) {
      view.description =
        others.length > 0 ? vscode.l10n.t('{0} connections', others.length + 1) : nameOfSpec(first ?? {});
    }
    for (const { tree } of this.shown) {
      for (const node of tree.openedConnections) if (node.identity) void this.identify(node);
    }
    for (const [session, subscription] of this.followed) {
      if (!session.signal.aborted) continue;
      subscription.dispose();
      this.followed.delete(session);
    }
  }

  /** Writes the connection beside the views' titles, as soon as it is known with account and Region. */
  private async identify(connection: ConnectionNode): Promise<void> {
    const { session } = connection;
    try {
      connection.identity = await session.connection.identity(session.signal);
    } catch {
      // The rows say what is wrong.
      return;
    }
    if (session.signal.aborted) return;
    if (this.connections.specs.length > 1) {
      for (const { tree } of this.shown) if (tree.connectionNodes.includes(connection)) tree.redraw(connection);
      return;
    }
    const description = [nameOfProfile(session.spec), ...connection.words].join(' · ');
    for (const { view } of this.shown) view.description = description;
  }

  /** What an earlier start knew, for the first reading of a connection; the real one follows at once. */
  private async recall(tree: ResourceTree, parent: ConnectionNode): Promise<Picture | undefined> {
    const { session } = parent;
    const key = `${this.shownOf(tree).id} ${session.key}`;
    if (this.recalled.has(key)) return undefined;
    this.recalled.add(key);
    const picture = await this.pictures.read(session);
    if (picture) setTimeout(() => void tree.confirm(parent), 0);
    return picture;
  }

  private oldClusters(parent: ConnectionNode, { at, clusters, services }: Picture): ClusterNode[] {
    return clusters.map((cluster) => {
      parent.session.ecs.services(cluster.arn).recall(services[cluster.arn] ?? [], at);
      return new ClusterNode(parent, cluster, this.clusterParts, at);
    });
  }

  private showChoice(): void {
    setContext(ContextKey.filtered, this.filter.isActive);
    for (const shown of this.shown) if (shown.id === View.ecs) this.showMessage(shown);
  }

  private showMessage({ id, view, problem }: Shown): void {
    const filter = id === View.ecs ? describeChoice(this.filter.choice) : undefined;
    const text = [filter, problem].filter(Boolean).join(' · ') || undefined;
    if (view.message !== text) view.message = text ?? '';
  }

  /** Draws what becomes known about services over a connection. */
  private follow(session: Session): void {
    if (this.followed.has(session)) return;
    this.followed.set(
      session,
      session.ecs.onDidChange((news) => this.take(session, news)),
    );
  }

  private take(session: Session, { cluster: arn, rows, services }: ClusterNews): void {
    const cluster = this.clusters().find((node) => node.id === arn && node.session === session);
    if (!cluster) return;
    const news = this.pending.get(cluster) ?? { rows: false, services: new Set() };
    news.rows ||=
      rows || this.filter.needsDetails || (this.filter.choice.sort ?? 'name') !== 'name' || cluster.list.complete;
    for (const service of services) news.services.add(service.arn);
    this.pending.set(cluster, news);
    this.drawIn(cluster.list.complete ? drawPause : cluster.list.isListed ? describePause : listPause);
  }

  /** Draws after so many milliseconds, or sooner if that was agreed before. */
  private drawIn(pause: number): void {
    const at = Date.now() + pause;
    if (this.drawing && this.drawsAt <= at) return;
    clearTimeout(this.drawing);
    this.drawsAt = at;
    this.drawing = setTimeout(() => this.draw(), pause);
  }

  private draw(): void {
    this.drawing = undefined;
    for (const [cluster, { rows, services }] of this.pending) {
      if (!this.ecs.hasRead(cluster)) continue;
      if (cluster.list.complete) {
        this.pictures.add(cluster.session, { services: { [cluster.id]: cluster.list.services } });
      }
      if (rows) this.ecs.show(cluster, cluster.currentRows());
      const changed = this.ecs.shownBelow(cluster).filter(({ id }) => services.has(id));
      this.ecs.redraw(...changed);
      void this.recount(cluster);
    }
    this.pending.clear();
  }

  /**
   * A service that came or went changes what its cluster counts, and a count that services do not account for is looked
   * at again before it is shown; one call for each such change.
   */
  private async recount(node: ClusterNode): Promise<void> {
    const { list, cluster, session } = node;
    if (!list.complete) return;
    const outside = node.outsideNow();
    const doubt = `${list.arns.length} ${outside}`;
    const fits = list.arns.length === cluster.activeServices && outside === node.outside;
    if (fits) return void this.counted.delete(node);
    if (this.counted.get(node) === doubt) return;
    this.counted.set(node, doubt);
    const found = await session.connection.ecs.describeClusters([node.id], session.signal).catch(() => undefined);
    node.cluster = found?.found[0] ?? node.cluster;
    node.outside = node.outsideNow();
    // A look that did not confirm it says nothing about the next time.
    if (node.outside !== outside) this.counted.delete(node);
    this.ecs.redraw(node);
    this.ecs.show(node, node.currentRows());
  }

  /** Asks ECR what the tags of running images point at; who may not ask does without. */
  private async findDrift(node: ServiceNode, tasks: readonly Task[]): Promise<void> {
    try {
      const moved = await movedTags(tasks, await registriesOf(node.session), (repository, tag) =>
        this.digestOf(node.session, repository, tag),
      );
      if ([...moved].join() === [...node.moved].join()) return;
      node.moved = moved;
      // The containers below the tasks are marked too.
      for (const task of this.ecs.shownBelow(node)) if (task instanceof TaskNode) this.ecs.outdate(task);
      this.ecs.redraw(node);
    } catch {
      // A hint that is not there is no error.
    }
  }

  /** An open service is read every few seconds while it moves; what its tags point at is asked once a minute. */
  private digestOf(session: Session, repository: string, tag: string): Promise<string | undefined> {
    const key = `${session.key} ${repository}:${tag}`;
    const known = this.digests.get(key);
    if (known && Date.now() - known.at < digestAge) return known.digest;
    const asked = session.connection.ecr.findImage(repository, tag, session.signal);
    const digest = asked.then((image) => image?.digest);
    this.digests.set(key, { at: Date.now(), digest });
    return digest;
  }

  private async explainAll(nodes: readonly ServiceNode[]): Promise<void> {
    for (const node of nodes) {
      const cause = await this.explain(node.session, node.parent.id, node).catch(() => undefined);
      if (!cause || cause === node.cause) continue;
      node.cause = cause;
      this.ecs.redraw(node);
    }
  }

  private clusters(): ClusterNode[] {
    return this.ecs.shownRoots.filter((root) => root instanceof ClusterNode);
  }

  private treeOf(node: TreeNode): ResourceTree {
    return this.shown.find(({ tree }) => tree.has(node))?.tree ?? this.ecs;
  }

  private shownOf(tree: ResourceTree): Shown {
    const found = this.shown.find((shown) => shown.tree === tree);
    if (!found) throw new Error('a tree without a view');
    return found;
  }
}

/** Which registry hosts are those of a connection: its own account and Region, or its endpoint. */
async function registriesOf({ connection, signal, spec }: Session): Promise<(host: string) => boolean> {
  const { account, region } = await connection.identity(signal);
  const endpoint = spec.endpoint ? new URL(spec.endpoint).host : undefined;
  return (host) => host === endpoint || host.startsWith(`${account}.dkr.ecr.${region}.`);
}

/** What the filter and the order are, in words; undefined when everything is shown by name. */
function describeChoice({ text, state, sort = 'name' }: ViewChoice): string | undefined {
  const states = {
    failing: vscode.l10n.t('failing'),
    deploying: vscode.l10n.t('deploying'),
    notAtDesired: vscode.l10n.t('not at desired count'),
  };
  const orders = { state: vscode.l10n.t('by state'), age: vscode.l10n.t('newest first'), name: undefined };
  const filter = [text ? `“${text}”` : undefined, state && states[state]].filter(Boolean).join(', ');
  const words = [filter ? vscode.l10n.t('Only {0}', filter) : undefined, orders[sort]];
  return words.filter(Boolean).join(' · ') || undefined;
}

/** Which welcome view explains an error, if one does. */
function connectionState(error: unknown): ConnectionState | undefined {
  switch (reasonOf(error)) {
    case 'credentialsMissing':
      return 'noCredentials';
    case 'credentialsExpired':
      return 'expired';
    case 'regionMissing':
      return 'noRegion';
    case 'profileMissing':
      return 'noProfile';
    default:
      return undefined;
  }
}
