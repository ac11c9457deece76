import type { Connection } from '../aws/api';
import { GantryError } from '../core/errors';
import { formatImageReference } from '../core/imageRef';
import { message } from '../core/message';
import { samePlatform } from '../core/platform';
import type { RegistryLogin } from '../ecr/model';
import type { RawTaskDefinition } from '../ecs/gateway';
import type { Service } from '../ecs/model';
import { mayRetryPush, type ContainerEngine } from '../engine/containerEngine';
import type { BuildRequest } from '../engine/engine';
import type { DeployPlace } from './deploymentStart';
import { deployExpress } from './expressDeployment';
import type { Plan, RedeployPlan } from './plan';
import { pushedBefore } from './pushedBefore';
import { registerCompared } from './register';
import { nextInput } from './revisionChanges';
import type { RolloutStart } from './rollout';
import { startDeployment } from './startDeployment';
import { unexpectedDifferences } from './taskDefinition';

/** The steps of a ship, in order. */
export type ShipStep = 'build' | 'push' | 'register' | 'update' | 'watch';

export interface ShipListener {
  onStep(step: ShipStep): void;
  /** The engine's own output. */
  onOutput(text: string): void;
}

/**
 * Builds what the plan says and pushes it, unless the registry has exactly that already; returns the digest that the registry knows the image by.
 * @param request what to build; its tag is the plan's image
 * @throws GantryError buildFailed, platformMismatch, pushDenied …
 */
export async function buildAndPush(
  connection: Connection,
  engine: ContainerEngine,
  plan: Plan,
  request: BuildRequest,
  listener: ShipListener,
  signal: AbortSignal,
): Promise<string> {
  listener.onStep('build');
  const login = await loginFor(connection, plan, signal);
  const built = await engine.build(request, login, (text) => listener.onOutput(text), signal);
  if (plan.platform && !samePlatform(built.platform, plan.platform)) {
    throw new GantryError(
      'platformMismatch',
      message('The image was built for {0}, but it has to run on {1}.', built.platform, plan.platform),
    );
  }
  listener.onStep('push');
  const known = await pushedBefore(connection.ecr, plan, built, signal);
  if (known) {
    listener.onOutput(`${formatImageReference(plan.image)}: ${known}\n`);
    return known;
  }
  const push = async (fresh: typeof login): Promise<string | undefined> =>
    engine.push(plan.image, fresh, (text) => listener.onOutput(text), signal);
  const digest = await push(login).catch(async (error: unknown) => {
    if (!mayRetryPush(error)) throw error;
    listener.onOutput(`${error instanceof Error ? error.message : ''} …\n`);
    return push(await loginFor(connection, plan, signal));
  });
  return digest ?? digestInRegistry(connection, plan, signal);
}

/** ECR names one host in its answer, but the login is good for all names of the registry (dual-stack, FIPS). */
async function loginFor(connection: Connection, plan: Plan, signal: AbortSignal): Promise<RegistryLogin> {
  const login = await connection.ecr.login(signal);
  return { ...login, host: plan.image.host ?? login.host };
}

/** For engines that do not say the digest of what they pushed. */
async function digestInRegistry(connection: Connection, plan: Plan, signal: AbortSignal): Promise<string> {
  const image = await connection.ecr.findImage(plan.repository.name, plan.image.tag ?? '', signal);
  if (image) return image.digest;
  throw new GantryError('pushFailed', message('The image was pushed, but the registry does not have its tag.'));
}

/**
 * Makes the next revision with the image of that digest and updates the service. Where the running revision names
 * that very image already and nothing else changes, no revision is made and every task is replaced.
 * @throws GantryError taskDefinitionChanged before the service is touched, when the registered revision is not what
 *   was asked for
 */
export async function deploy(
  connection: Connection,
  plan: Plan,
  redeploy: RedeployPlan,
  digest: string,
  listener: ShipListener,
  signal: AbortSignal,
): Promise<RolloutStart> {
  const image = formatImageReference({ ...plan.image, tag: undefined, digest });
  const input = nextInput(redeploy, image);
  if (unexpectedDifferences(input, redeploy.from).length === 0) {
    listener.onStep('update');
    return forceDeployment(connection, redeploy.cluster, redeploy.service, signal);
  }
  listener.onStep('register');
  return deployRevision(
    connection,
    redeploy,
    input,
    () => listener.onStep('update'),
    signal,
    redeploy.beginning?.desiredCount,
  );
}

/**
 * Registers a revision, looks whether ECS keeps it as it was asked for, and lets the service run it. A service of
 * Express Mode gets one that Express Mode registers itself.
 * @param desiredCount how many tasks there are to be from now on; undefined: as many as there are
 * @throws GantryError taskDefinitionChanged before the service is touched; refused with the cause that AWS’s words stand for
 */
export async function deployRevision(
  connection: Connection,
  place: DeployPlace,
  input: RawTaskDefinition,
  onRegistered: () => void,
  signal: AbortSignal,
  desiredCount?: number,
): Promise<RolloutStart> {
  if (place.service.express) {
    onRegistered();
    return deployExpress(connection.ecs, place, input, signal);
  }
  const taskDefinition = await registerCompared(connection.ecs, input, signal);
  onRegistered();
  const count = desiredCount === undefined ? {} : { desiredCount };
  return startDeployment(connection, place, { taskDefinition, ...count }, signal);
}

/**
 * Replaces every task of a service by a new one of the same revision.
 * @throws GantryError refused by Express Mode, which does not do that
 */
export async function forceDeployment(
  connection: Connection,
  cluster: string,
  service: Service,
  signal: AbortSignal,
): Promise<RolloutStart> {
  return startDeployment(connection, { cluster, service }, { forceNewDeployment: true }, signal);
}
