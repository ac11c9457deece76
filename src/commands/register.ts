import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { Command, ecrCommands, type CommandId, type EcrCommand } from '../core/contributions';
import { ClusterNode } from '../explorer/clusterNode';
import { ImageNode, RepositoryNode } from '../explorer/ecrNodes';
import { DeploymentNode } from '../explorer/serviceGroups';
import { ServiceNode } from '../explorer/serviceNode';
import { HopNode, networkGroupOf } from '../explorer/networkGroup';
import { FamilyNode, RevisionNode } from '../explorer/taskDefinitionNodes';
import { TaskNode } from '../explorer/taskNode';
import { ErrorNode, MoreNode, TreeNode, type Copyable } from '../explorer/treeNode';
import type { Views } from '../explorer/views';
import type { ServicePlace } from '../ui/askService';
import type { Connections } from '../ui/connections';
import type { ErrorReporter } from '../ui/errors';
import type { EcrPlace } from './ecrPlace';
import type { NetworkViews } from './network/network';
import { networkPlaceOf, type NetworkPlace } from './network/networkPlace';
import type { RolloutRef } from './rollouts/announce';
import type { RolloutArgument } from './rollouts/rolloutPlace';
import { copy, openInConsole, refreshNode } from './rows';
import type { Level, ShipRequest } from './chooseTarget';
import type { Creation } from './create/create';
import type { ServiceCreationPlace } from './create/createService';
import type { CreationPlace } from './create/deployNewService';
import type { Definitions } from './definitions/definitions';
import type { EditedRevision } from './definitions/draftFiles';
import type { Shipping } from './shipping';
import type { RevisionRef } from './taskDefinitions';
import type { TaskPlace, Verbs } from './verbs';
import type { WhyPlace } from './whyFailing';

/** Everything that commands work with. */
export interface CommandContext {
  readonly connections: Connections;
  readonly views: Views;
  /** Loaded on first use. */
  readonly shipping: () => Shipping;
  /** Loaded on first use. */
  readonly verbs: () => Verbs;
  /** Loaded on first use. */
  readonly definitions: () => Definitions;
  /** Loaded on first use. */
  readonly creation: () => Creation;
  /** Loaded on first use. */
  readonly network: () => NetworkViews;
  readonly errors: ErrorReporter;
  readonly log: vscode.LogOutputChannel;
}

type Handler = (...args: unknown[]) => unknown;

/** Registers every command of the table; each works from the palette, from a row and by keyboard. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const { connections, views, shipping, verbs, definitions, creation, network, errors, log } = context;
  const shipAs =
    (level: Level, newTarget = false) =>
    (argument: unknown): Promise<void> =>
      shipping().start({ ...requestFrom(level, argument), newTarget });
  const copyAs =
    (what: keyof Copyable) =>
    (node: unknown, selected: unknown): Promise<void> =>
      copy(what, rowsOf(node, selected));
  const handlers: Record<CommandId, Handler> = {
    [Command.ship]: shipAs('ship'),
    [Command.buildAndPush]: shipAs('push'),
    [Command.buildImage]: shipAs('build'),
    [Command.newTarget]: shipAs('ship', true),
    [Command.showPlan]: (node) => shipping().showPlan(requestFrom('ship', node)),
    [Command.showNetwork]: async (argument) => network().show(await networkOf(shipping, argument)),
    [Command.networkAsText]: async (argument) => network().asText(await networkOf(shipping, argument)),
    [Command.exportNetwork]: () => network().export(),
    [Command.editTargets]: () => openTargets(),
    [Command.redeploy]: (node) => shipping().redeploy(placeOf(node)),
    [Command.whyFailing]: (node) => shipping().whyFailing(whyOf(node)),
    [Command.rollBack]: (argument) => shipping().rollouts.rollBack(rolloutOf(argument)),
    [Command.continueDeployment]: (argument) => shipping().rollouts.continueDeployment(rolloutOf(argument)),
    [Command.showRollout]: (argument) => shipping().rollouts.show(rolloutOf(argument)),
    [Command.watchRollout]: (argument) => shipping().rollouts.watch(rolloutOf(argument)),
    [Command.applyFix]: (argument) => shipping().applyFix(argument as RolloutRef),
    [Command.stopWatching]: (argument) => shipping().rollouts.stopWatching(argument as RolloutRef),
    [Command.openInBrowser]: (node) => verbs().openInBrowser(placeOf(node) ?? taskOf(node)),
    [Command.openInConsole]: (node) => openInConsole(connections, asRow(node)),
    [Command.pullImage]: (node, selected) => shipping().pull(ecrPlaceOf(node, selected)),
    ...(Object.fromEntries(
      ecrCommands.map((id) => [
        id,
        (node: unknown, selected: unknown) => verbs().ecr.run(id, ecrPlaceOf(node, selected), node),
      ]),
    ) as Record<EcrCommand, Handler>),
    [Command.switchConnection]: () => verbs().switchConnection(),
    [Command.addConnection]: () => verbs().addConnection(),
    [Command.removeConnection]: (node) => verbs().removeConnection(asRow(node)?.session),
    [Command.editConnection]: (node) => verbs().editConnection(asRow(node)?.session),
    [Command.signIn]: (node) => verbs().signIn(asRow(node)?.session),
    [Command.filterServices]: () => verbs().filterServices(),
    [Command.sortServices]: () => verbs().sortServices(),
    [Command.clearFilter]: () => verbs().clearFilter(),
    [Command.goToService]: () => verbs().goTo('service'),
    [Command.goToTask]: () => verbs().goTo('task'),
    [Command.goToRepository]: () => verbs().goTo('repository'),
    [Command.scale]: (node) => verbs().scale(placeOf(node)),
    [Command.setExec]: (node) => verbs().setExec(placeOf(node)),
    [Command.stopTask]: (node, selected) =>
      verbs().stopTasks(rowsOf(node, selected).flatMap((row) => taskOf(row) ?? [])),
    [Command.runTask]: (node) => verbs().runTask(placeOf(node) ?? taskOf(node)),
    [Command.viewTaskDefinition]: (node) => verbs().viewTaskDefinition(revisionsOf(asRow(node))[0]),
    [Command.compareRevisions]: (node, selected) =>
      verbs().compareRevisions(rowsOf(node, selected).flatMap(revisionsOf)),
    ...definitionHandlers(definitions),
    ...creationHandlers(creation),
    ...sandboxHandlers(verbs),
    [Command.refreshTaskDefinitions]: () => views.refresh(views.taskDefinitions),
    [Command.refreshEcr]: () => views.refresh(views.ecr),
    [Command.refreshEcs]: () => views.refresh(views.ecs),
    [Command.refreshNode]: (node) => refreshNode(views, asRow(node)),
    [Command.loadMore]: (node) => (node instanceof MoreNode ? node.load() : undefined),
    [Command.retry]: (node) => (node instanceof ErrorNode ? node.retry() : views.refreshAll()),
    [Command.copyName]: copyAs('name'),
    [Command.copyArn]: copyAs('arn'),
    [Command.copyUri]: copyAs('uri'),
    [Command.copyDigest]: copyAs('digest'),
    [Command.copyPullCommand]: copyAs('pull'),
    [Command.copyAddress]: copyAs('address'),
    [Command.showLog]: () => log.show(true),
  };
  const registered = Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, (...args: unknown[]) => errors.guard(() => handler(...args))),
  );
  return vscode.Disposable.from(...registered);
}

/** The commands of the sandbox, and of what one does in it first. */
function sandboxHandlers(verbs: CommandContext['verbs']) {
  return {
    [Command.openSample]: () => verbs().openSample(),
    [Command.startSandbox]: (seed: unknown) => verbs().startSandbox(seed),
    [Command.stopSandbox]: () => verbs().stopSandbox(),
    [Command.sandboxMenu]: () => verbs().sandboxMenu(),
  };
}

/** The commands on task definitions in the editor. */
function definitionHandlers(definitions: () => Definitions) {
  return {
    [Command.editTaskDefinition]: (node: unknown) => definitions().edit(editedOf(asRow(node))),
    [Command.registerRevision]: (uri: unknown) => definitions().register(uriOf(uri), false),
    [Command.deployDefinition]: (uri: unknown) => definitions().register(uriOf(uri), true),
    [Command.compareDefinition]: (uri: unknown) => definitions().compare(uriOf(uri)),
    [Command.discardDraft]: (uri: unknown) => definitions().discard(uriOf(uri)),
  };
}

/** The commands that make what was not there. */
function creationHandlers(creation: () => Creation) {
  return {
    [Command.deployNewService]: (argument: unknown) => creation().deployNewService('service', creationPlace(argument)),
    [Command.deployNewExpressService]: (argument: unknown) =>
      creation().deployNewService('express', creationPlace(argument)),
    [Command.createCluster]: () => creation().createCluster(),
    [Command.createTaskDefinition]: () => creation().createTaskDefinition(undefined),
    [Command.createDefinitionFromImage]: (node: unknown, selected: unknown) =>
      creation().createTaskDefinition(ecrPlaceOf(node, selected)),
    [Command.createService]: (node: unknown) => creation().createService(servicePlaceOf(asRow(node))),
    [Command.runDefinition]: (node: unknown) => creation().runDefinition(definitionOf(asRow(node))),
    [Command.editTemplate]: (node: unknown) => creation().editTemplate(placeOf(node)),
    [Command.deployTemplate]: (uri: unknown) => creation().deployTemplate(uriOf(uri)),
    [Command.deleteCreated]: (node: unknown) => creation().deleteCreated(placeOf(node)),
  };
}

/** A family stands for its newest revision. */
function definitionOf(row: TreeNode | undefined): RevisionRef | undefined {
  if (row instanceof FamilyNode) return { session: row.session, revision: row.name };
  return revisionsOf(row)[0];
}

/** What a service is made from, or where. */
function servicePlaceOf(row: TreeNode | undefined): ServiceCreationPlace | undefined {
  if (row instanceof ClusterNode) return { session: row.session, cluster: row.cluster.name };
  return definitionOf(row);
}

/** A Dockerfile, a cluster, or nothing. */
function creationPlace(argument: unknown): CreationPlace {
  if (argument instanceof ClusterNode) return { session: argument.session, cluster: argument.cluster.name };
  return { dockerfile: uriOf(argument) };
}

/** What was clicked on: a file, a service, a repository, or nothing. */
function requestFrom(level: Level, argument: unknown): ShipRequest {
  if (argument instanceof vscode.Uri) return { level, dockerfile: argument };
  const place = placeOf(argument);
  if (place) return { level, place, session: place.session };
  if (!(argument instanceof RepositoryNode)) return { level };
  return { level, repository: argument.repository, session: argument.session };
}

function placeOf(argument: unknown): ServicePlace | undefined {
  if (!(argument instanceof ServiceNode) || !argument.service) return undefined;
  const { session, service } = argument;
  return { session, cluster: nameOf(service.clusterArn), service };
}

/** What is asked about: a service, one of its deployments, or a stopped task. */
function whyOf(argument: unknown): WhyPlace | undefined {
  const task = taskOf(argument);
  if (task) return { kind: 'task', ...task };
  const isDeployment = argument instanceof DeploymentNode;
  const place = placeOf(isDeployment ? argument.serviceNode : argument);
  return place && { kind: 'service', place, ...(isDeployment ? { deploymentId: argument.deployment.id } : {}) };
}

/** A rollout, or the service whose rollout is meant: by its own row or by that of one of its deployments. */
function rolloutOf(argument: unknown): RolloutArgument {
  if (typeof argument === 'object' && argument !== null && 'rollout' in argument) return argument as RolloutRef;
  return placeOf(argument instanceof DeploymentNode ? argument.serviceNode : argument);
}

/** Whose network is meant: by a row, by the rollout whose cause it explains, or as somebody found it. */
async function networkOf(shipping: () => Shipping, argument: unknown): Promise<NetworkPlace | undefined> {
  if (argument instanceof TreeNode) {
    const group = networkGroupOf(argument);
    const hop = argument instanceof HopNode ? argument.hop.ref : undefined;
    if (group) return { session: group.session, subject: group.subject, hop };
    const place = placeOf(argument) ?? taskOf(argument);
    return place && networkPlaceOf(place);
  }
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('rollout' in argument) return shipping().networkOf(argument as RolloutRef);
  return 'subject' in argument ? (argument as NetworkPlace) : undefined;
}

function taskOf(argument: unknown): TaskPlace | undefined {
  return argument instanceof TaskNode ? { session: argument.session, task: argument.task } : undefined;
}

/** The repository that rows belong to, with the images among them that are of it. */
function ecrPlaceOf(node: unknown, selected: unknown): EcrPlace | undefined {
  const rows = rowsOf(node, selected);
  const repositories = rows.flatMap((row) => repositoryRowOf(row) ?? []);
  const [first] = repositories;
  if (!first) return undefined;
  const images = rows.flatMap((row) =>
    row instanceof ImageNode && row.repositoryNode === first ? (row.image ?? []) : [],
  );
  return { session: first.session, repository: first.repository, images };
}

function repositoryRowOf(row: TreeNode): RepositoryNode | undefined {
  if (row instanceof ImageNode) return row.repositoryNode;
  return row instanceof RepositoryNode ? row : undefined;
}

/** The revision that a row is, or runs. */
function revisionsOf(row: TreeNode | undefined): RevisionRef[] {
  const revision = revisionOf(row);
  return row && revision ? [{ session: row.session, revision }] : [];
}

function revisionOf(row: TreeNode | undefined): string | undefined {
  if (row instanceof RevisionNode) return row.id;
  if (row instanceof TaskNode) return row.task.taskDefinition;
  if (row instanceof DeploymentNode) return row.deployment.taskDefinition;
  return row instanceof ServiceNode ? row.service?.taskDefinition : undefined;
}

/** What is edited, and for which service. */
function editedOf(row: TreeNode | undefined): EditedRevision | undefined {
  const ref = definitionOf(row);
  const place = placeOf(row instanceof DeploymentNode ? row.serviceNode : row);
  return ref && { ...ref, service: place && { cluster: place.cluster, name: place.service.name } };
}

function uriOf(argument: unknown): vscode.Uri | undefined {
  return argument instanceof vscode.Uri ? argument : undefined;
}

function asRow(argument: unknown): TreeNode | undefined {
  return argument instanceof TreeNode ? argument : undefined;
}

function rowsOf(node: unknown, selected: unknown): TreeNode[] {
  const rows = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [node];
  return rows.filter((row) => row instanceof TreeNode);
}

async function openTargets(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWorkspaceSettingsFile');
}
