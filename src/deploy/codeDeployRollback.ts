import type { CodeDeployGateway } from '../ecs/codeDeploy';
import type { Service } from '../ecs/model';
import { taskDefinitionOf } from './appSpec';
import { findGroup } from './codeDeployGroup';
import type { RollbackPlan } from './rollback';

/** As many deployments as BatchGetDeployments takes: nobody goes back further without looking. */
const mostLookedAt = 25;

const over = new Set(['Succeeded', 'Failed', 'Stopped']);

/** What rolling back means for a service that CodeDeploy deploys. */
export async function planCodeDeployRollback(
  codeDeploy: CodeDeployGateway,
  service: Service,
  signal: AbortSignal,
): Promise<RollbackPlan> {
  const group = await findGroup(codeDeploy, service, signal);
  const ids = (await codeDeploy.listDeployments(group, signal)).slice(0, mostLookedAt);
  const described = ids.length > 0 ? await codeDeploy.describeDeployments(ids, signal) : [];
  const newestFirst = [...described].sort((a, b) => b.createdAt - a.createdAt);
  const goingOn = newestFirst.find(({ status }) => !over.has(status));
  if (goingOn) return { kind: 'stopCodeDeploy', deployment: goingOn.id };
  for (const { status, appSpec } of newestFirst) {
    const taskDefinition = taskDefinitionOf(appSpec);
    if (status === 'Succeeded' && taskDefinition && taskDefinition !== service.taskDefinition) {
      return { kind: 'definition', taskDefinition };
    }
  }
  return { kind: 'choose' };
}
