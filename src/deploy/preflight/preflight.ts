import type { Connection } from '../../aws/api';
import { keyOf } from '../../core/connection';
import { message } from '../../core/message';
import { isFargate } from '../../ecs/capacity';
import { needsOf, type TaskNeeds } from '../../ecs/taskNeeds';
import type { Engine } from '../../engine/engine';
import { readNetwork } from '../../network/readNetwork';
import { baseOf, type Plan, type RedeployPlan } from '../plan';
import { checkBuild } from './build';
import { skipped, type Check, type CheckId } from './check';
import { checkDeployment } from './deployment';
import { checkLogGroups } from './logGroups';
import { checkHealth, checkWayIn, checkWayOut, servicesAsked } from './network';
import { checkPorts } from './ports';
import type { Remembered } from './remembered';
import { checkRoles } from './roles';
import { checkSecrets } from './secrets';
import { checkSize } from './size';

/** Milliseconds after which a check that has no answer is skipped. */
const limit = 10_000;

/** What is looked at. */
export interface PreflightSubject {
  readonly plan: Plan;
  readonly engine: Engine | undefined;
  /** The platform of this machine, `linux/amd64`. */
  readonly native: string;
  /** TCP ports that the Dockerfile EXPOSEs. */
  readonly exposed: readonly number[];
}

/**
 * Looks before a ship at what would make it fail. All questions are asked at once, each is skipped when it is denied
 * or takes too long, and what has passed is not asked again for a minute. Changes nothing.
 * @throws GantryError cancelled
 */
export async function preflight(
  connection: Connection,
  { plan, engine, native, exposed }: PreflightSubject,
  remembered: Remembered,
  signal: AbortSignal,
): Promise<Check[]> {
  const build = checkBuild(plan, engine, native);
  const { redeploy } = plan;
  if (!redeploy) return build;
  const needs = needsOf(baseOf(redeploy).taskDefinition);
  const { service } = redeploy;
  const asked = await Promise.all(
    questions(connection, plan, redeploy, needs).map(({ id, about, ask }) =>
      remembered.checks(`${keyOf(connection.spec)} ${id} ${JSON.stringify(about)}`, () => inTime(id, ask, signal)),
    ),
  );
  return [
    ...build,
    ...asked.flat(),
    ...checkSize(needs, isFargate(service)),
    ...checkPorts(service, needs, redeploy.container, exposed),
    ...checkDeployment(service),
  ];
}

/** Something that AWS is asked for. */
interface Question {
  readonly id: CheckId;
  /** Everything that the answer depends on. */
  readonly about: unknown;
  readonly ask: (signal: AbortSignal) => Promise<Check[]>;
}

function questions(
  { roles, logs, secrets, network, vpc }: Connection,
  { identity, repository }: Plan,
  { service }: RedeployPlan,
  needs: TaskNeeds,
): Question[] {
  const { executionRole, taskRole, networkMode } = needs;
  const { placement, targetGroups, gracePeriod } = service;
  const onFargate = isFargate(service);
  const role = { repository: repository.arn, needsRole: onFargate || needs.secrets.length > 0 };
  const place = {
    ...{ subnets: placement?.subnets ?? [], securityGroups: placement?.securityGroups ?? [] },
    targetGroups: targetGroups.map(({ arn }) => arn),
  };
  const askNetwork = async (within: AbortSignal): Promise<Check[]> => {
    const found = await readNetwork({ network, vpc }, place, within);
    return [
      ...(onFargate && placement ? checkWayOut(found, placement, servicesAsked(needs)) : []),
      ...checkWayIn(found, service, needs),
      ...checkHealth(found, service),
    ];
  };
  return [
    {
      ...{ id: 'executionRole', about: [executionRole, taskRole, role, needs.logGroups, needs.secrets] },
      ask: (within) => checkRoles(roles, needs, identity, role, within),
    },
    {
      ...{ id: 'logGroup', about: needs.logGroups },
      ask: (within) => checkLogGroups(logs, needs.logGroups, identity.region, within),
    },
    {
      ...{ id: 'secret', about: needs.secrets },
      ask: (within) => checkSecrets(secrets, needs.secrets, identity, within),
    },
    ...(place.subnets.length + place.targetGroups.length > 0
      ? [
          {
            ...{ id: 'wayOut' as const, ask: askNetwork },
            about: [placement, targetGroups, gracePeriod, networkMode, needs.containers.map(({ ports }) => ports)],
          },
        ]
      : []),
  ];
}

/** Nothing waits for an answer that does not come, and no check ends a ship by failing itself. */
async function inTime(
  id: CheckId,
  ask: (signal: AbortSignal) => Promise<Check[]>,
  signal: AbortSignal,
): Promise<Check[]> {
  const late = AbortSignal.timeout(limit);
  try {
    return await ask(AbortSignal.any([signal, late]));
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = late.aborted
      ? message('AWS did not answer within {0} s.', limit / 1000)
      : message('{0}', error instanceof Error ? error.message : String(error));
    return [skipped(id, { reason })];
  }
}
