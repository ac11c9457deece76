import type { Place } from '../commands/goTo';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { ClusterNode } from './clusterNode';
import type { ResourceTree } from './resourceTree';
import type { TreeNode } from './treeNode';
import type { Views } from './views';

/** Milliseconds for what is read in the background until a row is there. */
const longest = 20_000;

/**
 * Selects the row of a place and opens what is above it; a filter that hides it gives way.
 * @throws GantryError notFound when it is gone
 */
export async function revealPlace(views: Views, place: Place): Promise<void> {
  const node = place.kind === 'repository' ? await repositoryRow(views, place) : await ecsRow(views, place);
  if (!node) throw new GantryError('notFound', message('“{0}” is not there any more.', place.label));
  await views.reveal(node);
}

async function roots(tree: ResourceTree, place: Place): Promise<readonly TreeNode[]> {
  const connection = tree.connectionNodes.find(({ session }) => session === place.session);
  return connection ? tree.load(connection) : [];
}

async function repositoryRow(views: Views, place: Place): Promise<TreeNode | undefined> {
  const known = (await roots(views.ecr, place)).find(({ id }) => id === place.arn);
  if (known) return known;
  views.ecr.refresh();
  return (await roots(views.ecr, place)).find(({ id }) => id === place.arn);
}

async function ecsRow(views: Views, place: Place): Promise<TreeNode | undefined> {
  const cluster = (await roots(views.ecs, place)).find(({ id }) => id === place.cluster);
  if (!isCluster(cluster)) return undefined;
  await views.ecs.load(cluster);
  if (place.kind === 'service') return serviceRow(views, cluster, place.arn);
  const parent = place.service
    ? await serviceRow(
        views,
        cluster,
        cluster.list.arns.find((arn) => arn.endsWith(`/${place.service}`)),
      )
    : await standaloneTasks(views, cluster);
  if (!parent) return undefined;
  const isWanted = ({ id }: TreeNode): boolean => id === place.arn;
  const known = (await views.ecs.load(parent)).find(isWanted);
  if (known) return known;
  await views.ecs.reload(parent);
  return views.ecs.shownBelow(parent).find(isWanted);
}

/** The class itself is in another bundle than this. */
function isCluster(node: TreeNode | undefined): node is ClusterNode {
  return node !== undefined && 'currentRows' in node;
}

async function serviceRow(views: Views, cluster: ClusterNode, arn: string | undefined): Promise<TreeNode | undefined> {
  if (!arn) return undefined;
  const { list, session } = cluster;
  await until(() => list.arns.includes(arn) || list.error !== undefined || list.complete);
  // The row may be far down in a list that is still being read.
  await list.refresh([arn], session.signal);
  if (!list.arns.includes(arn)) return undefined;
  const find = (): TreeNode | undefined => views.ecs.shownBelow(cluster).find(({ id }) => id === arn);
  views.ecs.show(cluster, cluster.currentRows());
  if (!find()) await views.choose(views.choice.sort ? { sort: views.choice.sort } : {});
  return find();
}

async function standaloneTasks(views: Views, cluster: ClusterNode): Promise<TreeNode | undefined> {
  await until(() => cluster.list.complete || cluster.list.error !== undefined);
  views.ecs.show(cluster, cluster.currentRows());
  return views.ecs.shownBelow(cluster).find(({ id }) => id === `${cluster.id}/tasks`);
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + longest; !condition() && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
