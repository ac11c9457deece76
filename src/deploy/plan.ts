import type { Connection } from '../aws/api';
import { nameOf } from '../core/arn';
import type { Clock } from '../core/clock';
import type { Identity } from '../core/connection';
import { GantryError, reasonOf } from '../core/errors';
import { formatImageReference, parseImageReference, shortImage, type ImageReference } from '../core/imageRef';
import { message, type Message } from '../core/message';
import { dockerPlatform } from '../core/platform';
import { tagIsImmutable, type Image, type Repository } from '../ecr/model';
import type { DescribedTaskDefinition, RawTaskDefinition } from '../ecs/gateway';
import type { Service } from '../ecs/model';
import type { SourceState } from '../engine/git';
import { readBeginning, type Beginning } from './beginning';
import { canShip, defaultTagRule, makeTag, type Target } from './target';
import { findDeployable, findService } from '../ecs/findService';
import { describeReplacement } from './replacement';
import { summarize } from '../ecs/taskDefinition';

/** What redeploying will do. */
export interface RedeployPlan {
  readonly cluster: string;
  readonly service: Service;
  readonly container: string;
  /** The revision that the service runs; the next one is made from it unless a file says what it is made from. */
  readonly from: DescribedTaskDefinition;
  /** The task definition of the workspace that the target names. */
  readonly source?: DefinitionSource | undefined;
  /** Present until a version of the service has been healthy. */
  readonly beginning?: Beginning | undefined;
}

/** A task definition that is kept in the workspace. */
export interface DefinitionSource {
  /** As the target names it. */
  readonly path: string;
  /** What RegisterTaskDefinition is told. */
  readonly input: RawTaskDefinition;
}

/** What the next revision is made from, before it gets the new image. */
export function baseOf({ from, source }: RedeployPlan): DescribedTaskDefinition {
  return source ? { taskDefinition: source.input, tags: [] } : from;
}

/** What a push or a ship will do, computed before anything changes. */
export interface Plan {
  readonly target: Target;
  readonly identity: Identity;
  readonly repository: Repository;
  /** With host and tag. */
  readonly image: ImageReference;
  readonly platform: string | undefined;
  /** The image that already has the tag in a repository where tags are immutable. */
  readonly taken: Image | undefined;
  /** Undefined for a push alone. */
  readonly redeploy: RedeployPlan | undefined;
}

/**
 * Computes a plan: three calls at once (repository, service and, after it, its task definition), one more where tags
 * are immutable.
 * @param definition the file that `taskDefinition` of the target names
 * @param redeploy `look` takes services that Gantry cannot drive too: a plan to be read only
 * @throws GantryError wrongAccount, repositoryMissing, serviceMissing, serviceNotOurs, targetInvalid …
 */
export async function makePlan(
  connection: Connection,
  clock: Clock,
  target: Target,
  source: SourceState,
  redeploy: boolean | 'look',
  signal: AbortSignal,
  definition?: DefinitionSource,
): Promise<Plan> {
  const identity = await connection.identity(signal);
  requireAccount(target, identity);
  const [repository, redeployPlan] = await Promise.all([
    findRepository(connection, target, signal),
    redeploy ? planRedeploy(connection, target, redeploy === 'look', definition, signal) : undefined,
  ]);
  const tag = makeTag(target.tag ?? defaultTagRule, { ...source, now: clock.now() });
  const platform = target.platform ?? (redeployPlan && dockerPlatform(summarize(baseOf(redeployPlan)).runtimePlatform));
  const image = { ...repositoryReference(repository), tag };
  const taken = tagIsImmutable(repository, tag)
    ? await connection.ecr.findImage(repository.name, tag, signal)
    : undefined;
  return { target, identity, repository, image, platform, taken, redeploy: redeployPlan };
}

/** The first free tag after one that is taken: `tag-2`, `tag-3` … */
export async function nextFreeTag(connection: Connection, plan: Plan, signal: AbortSignal): Promise<string> {
  for (let number = 2; ; number++) {
    const tag = `${plan.image.tag ?? ''}-${number}`;
    if (!(await connection.ecr.findImage(plan.repository.name, tag, signal))) return tag;
  }
}

/** Host and name of a repository as an image reference. */
export function repositoryReference(repository: Repository): ImageReference {
  const reference = parseImageReference(repository.uri);
  if (reference) return reference;
  throw new GantryError('badAnswer', message('ECR gave the repository an address that is none: {0}', repository.uri));
}

/** One line of a plan: text from AWS as it is, Gantry's own words to be translated. */
export interface PlanLine {
  readonly label: Message;
  readonly value: Message | string;
}

/** Everything that a ship will do, for the confirmation, the document and the log. */
export function describePlan(plan: Plan): PlanLine[] {
  const { target, image, platform, redeploy, identity, taken } = plan;
  return [
    { label: message('Dockerfile'), value: target.dockerfile + (target.stage ? ` (${target.stage})` : '') },
    { label: message('Image'), value: formatImageReference(image) },
    { label: message('Digest'), value: taken?.digest ?? message('known after the push') },
    ...(platform ? [{ label: message('Platform'), value: platform }] : []),
    ...(redeploy ? describeRedeploy(plan, redeploy) : []),
    { label: message('Account'), value: `${identity.account} · ${identity.region}` },
  ];
}

function describeRedeploy(
  { image }: Plan,
  { cluster, service, container, from, source, beginning }: RedeployPlan,
): PlanLine[] {
  const { arn, containers } = summarize(from);
  const before = containers.find(({ name }) => name === container)?.image ?? '';
  return [
    { label: message('Service'), value: `${cluster} / ${service.name}` },
    {
      label: message('Container'),
      value: `${container}: ${shortImage(before)} → ${shortImage(formatImageReference(image))}`,
    },
    {
      label: message('Task definition'),
      value: describeRevision(nameOf(arn), service, container, source),
    },
    { label: message('Tasks'), value: describeTasks(service, beginning) },
  ];
}

function describeTasks(service: Service, beginning: Beginning | undefined): Message {
  const first = beginning?.desiredCount;
  if (first === undefined) return describeReplacement(service);
  return first === 1 ? message('Starts the first task.') : message('Starts the first {0} tasks.', first);
}

function describeRevision(
  from: string,
  { express }: Service,
  container: string,
  source: DefinitionSource | undefined,
): Message {
  if (express) return message('{0} → a new revision, which Express Mode makes; only the image changes', from);
  return source
    ? message('{0} → a new revision, made from {1} with the image of “{2}”', from, source.path, container)
    : message('{0} → a new revision, in which only the image of “{1}” changes', from, container);
}

function requireAccount(target: Target, identity: Identity): void {
  const account = target.account ?? identity.account;
  const region = target.region ?? identity.region;
  if (account === identity.account && region === identity.region) return;
  throw new GantryError(
    'wrongAccount',
    message(
      'The target “{0}” belongs to account {1} in {2}, but the connection is to account {3} in {4}.',
      target.name,
      account,
      region,
      identity.account,
      identity.region,
    ),
  );
}

async function findRepository(connection: Connection, target: Target, signal: AbortSignal): Promise<Repository> {
  const name = target.repository;
  if (!name) throw new GantryError('targetInvalid', message('The target “{0}” names no repository.', target.name));
  const missing = (cause?: unknown): GantryError =>
    new GantryError(
      'repositoryMissing',
      message('The repository “{0}” does not exist in this account and Region.', name),
      { cause, detail: name },
    );
  try {
    const { items } = await connection.ecr.describeRepositories({ names: [name] }, signal);
    if (items[0]) return items[0];
  } catch (error) {
    throw reasonOf(error) === 'notFound' ? missing(error) : error;
  }
  throw missing();
}

async function planRedeploy(
  connection: Connection,
  target: Target,
  takesAny: boolean,
  source: DefinitionSource | undefined,
  signal: AbortSignal,
): Promise<RedeployPlan> {
  if (!canShip(target)) {
    throw new GantryError('targetInvalid', message('The target “{0}” names no service.', target.name));
  }
  const { cluster, container } = target;
  const find = takesAny ? findService : findDeployable;
  const service = await find(connection.ecs, cluster, target.service, signal);
  const from = await connection.ecs.describeTaskDefinition(service.taskDefinition ?? '', signal);
  if (service.express && source) {
    throw new GantryError(
      'targetInvalid',
      message('Express Mode makes the task definition of “{0}” itself, so a target cannot name one.', target.service),
    );
  }
  const beginning = await readBeginning(connection, target, service, from, signal);
  const plan: RedeployPlan = { cluster, service, container, from, source, beginning };
  if (!summarize(baseOf(plan)).containers.some(({ name }) => name === container)) {
    throw new GantryError(
      'targetInvalid',
      source
        ? message('{0} has no container “{1}”.', source.path, container)
        : message('The task definition of “{0}” has no container “{1}”.', target.service, container),
    );
  }
  return plan;
}
