import { isCancelled } from '../core/errors';
import { formatImageReference, parseImageReference } from '../core/imageRef';
import type { DescribedTaskDefinition, EcsGateway, RawTaskDefinition } from '../ecs/gateway';
import type { Service } from '../ecs/model';
import type { ServiceDeploymentBrief, ServiceRevision } from '../ecs/serviceDeployment';
import { containersOf } from '../ecs/taskDefinition';
import { planCodeDeployRollback } from './codeDeployRollback';
import { deployExpress } from './expressDeployment';
import type { RolloutStart } from './rollout';
import { registerCompared } from './register';
import { startDeployment, type Deployers } from './startDeployment';
import { revisionInput } from './taskDefinition';

/** What a container ran; without a digest where AWS does not show it any more. */
export type RanImage = ServiceRevision['images'][number];

/** What a rollback does. */
export type RollbackPlan =
  /** A deployment goes on: ECS stops it and takes it back (StopServiceDeployment). */
  | { readonly kind: 'stop'; readonly deployment: ServiceDeploymentBrief }
  /** The service is deployed anew as it was in the last deployment that went well. */
  | { readonly kind: 'redeploy'; readonly revision: ServiceRevision; readonly changed: readonly string[] }
  /** The same of CodeDeploy (StopDeployment). */
  | { readonly kind: 'stopCodeDeploy'; readonly deployment: string }
  /** The task definition that CodeDeploy deployed successfully before is deployed anew. */
  | { readonly kind: 'definition'; readonly taskDefinition: string; readonly images: readonly RanImage[] }
  /** Nothing says what went well: somebody has to choose a revision of the task definition. */
  | { readonly kind: 'choose' };

const goingOn = new Set(['PENDING', 'IN_PROGRESS']);

/** Finds out what rolling back means for a service at this moment: a few calls. */
export async function planRollback(
  { ecs, codeDeploy }: Deployers,
  cluster: string,
  service: Service,
  signal: AbortSignal,
): Promise<RollbackPlan> {
  if (service.controller === 'CODE_DEPLOY') return planCodeDeployRollback({ ecs, codeDeploy }, service, signal);
  try {
    const deployments = await ecs.listServiceDeployments(cluster, service.name, {}, signal);
    const [newest] = deployments;
    if (newest && goingOn.has(newest.status)) return { kind: 'stop', deployment: newest };
    const wanted = lastGood(deployments, service.revisions);
    if (!wanted) return { kind: 'choose' };
    const [current = ''] = service.revisions;
    const arns = [wanted, ...(current && current !== wanted ? [current] : [])];
    const revisions = await ecs.describeServiceRevisions(arns, signal);
    const revision = revisions.find(({ arn }) => arn === wanted);
    if (!revision) return { kind: 'choose' };
    const running = revisions.find(({ arn }) => arn === current);
    return { kind: 'redeploy', revision, changed: changedSettings(revision, running) };
  } catch (error) {
    if (isCancelled(error)) throw error;
    // Older endpoints do not know these calls, and callers may lack their permissions.
    return { kind: 'choose' };
  }
}

/**
 * The service revision of the last deployment that went well and brought something else than what runs: not simply the
 * one before. Deployments come newest first.
 */
export function lastGood(
  deployments: readonly ServiceDeploymentBrief[],
  running: readonly string[],
): string | undefined {
  const [newest] = deployments;
  const current = running.length > 0 ? running : [newest?.revision];
  return deployments.find(
    ({ status, revision }) => status === 'SUCCESSFUL' && revision !== undefined && !current.includes(revision),
  )?.revision;
}

/** Settings besides the task definition that a rollback changes, by their names in UpdateService. */
function changedSettings(wanted: ServiceRevision, running: ServiceRevision | undefined): string[] {
  if (!running) return [];
  return Object.keys(wanted.settings).filter(
    (key) => JSON.stringify(wanted.settings[key]) !== JSON.stringify(running.settings[key]),
  );
}

/**
 * Deploys a service as it was. A tag that may point to something else by now is replaced by the digest that ran then,
 * in a new revision; no revision is deregistered.
 * @throws GantryError taskDefinitionChanged, refused
 */
export async function redeployRevision(
  connection: Deployers,
  cluster: string,
  service: Service,
  { revision, changed }: Extract<RollbackPlan, { kind: 'redeploy' }>,
  signal: AbortSignal,
): Promise<RolloutStart> {
  const { ecs } = connection;
  const place = { cluster, service };
  if (service.express) {
    const described = await ecs.describeTaskDefinition(revision.taskDefinition, signal);
    return deployExpress(ecs, place, pinImages(described, revision), signal);
  }
  const taskDefinition = await pinned(ecs, revision, signal);
  const settings = Object.fromEntries(changed.map((key) => [key, revision.settings[key]]));
  return startDeployment(connection, place, { taskDefinition, forceNewDeployment: true, settings }, signal);
}

/** Deploys a revision of the task definition anew, with the digests that its containers ran in the place of tags. */
export async function redeployDefinition(
  connection: Deployers,
  cluster: string,
  service: Service,
  ran: Extract<RollbackPlan, { kind: 'definition' }>,
  signal: AbortSignal,
): Promise<RolloutStart> {
  return deployTaskDefinition(connection, cluster, service, await pinned(connection.ecs, ran, signal), signal);
}

/** Deploys a revision of the task definition that somebody chose. */
export async function deployTaskDefinition(
  connection: Deployers,
  cluster: string,
  service: Service,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<RolloutStart> {
  return startDeployment(connection, { cluster, service }, { taskDefinition, forceNewDeployment: true }, signal);
}

/** What ran: a revision of the task definition, and the images that its containers really had. */
type Ran = Pick<ServiceRevision, 'taskDefinition' | 'images'>;

async function pinned(ecs: EcsGateway, revision: Ran, signal: AbortSignal): Promise<string> {
  if (!revision.images.some(({ image, digest }) => digest !== undefined && isByTag(image))) {
    return revision.taskDefinition;
  }
  const described = await ecs.describeTaskDefinition(revision.taskDefinition, signal);
  return registerCompared(ecs, pinImages(described, revision), signal);
}

/** The revision's input with the digests that its containers ran in the place of tags. */
export function pinImages(described: DescribedTaskDefinition, { images }: Pick<Ran, 'images'>): RawTaskDefinition {
  const input = revisionInput(described);
  for (const definition of containersOf(input)) {
    const ran = images.find(({ container }) => container === definition['name']);
    const reference = parseImageReference(String(definition['image']));
    if (!ran?.digest || !reference || reference.digest) continue;
    definition['image'] = formatImageReference({ ...reference, tag: undefined, digest: ran.digest });
  }
  return input;
}

/** Whether an image is named by a tag, which may point to another one by now. */
export function isByTag(image: string): boolean {
  return parseImageReference(image)?.digest === undefined;
}
