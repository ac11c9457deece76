import { isCancelled } from '../core/errors';
import type { EcsGateway } from '../ecs/gateway';
import type { ServiceDeployment, ServiceDeploymentBrief } from '../ecs/serviceDeployment';
import type { RolloutStart } from './rollout';
import type { Look, RolloutObserver } from './rolloutObserver';
import { stateOf } from './rolloutState';
import { isTransient } from './transient';
import { judge } from './verdict';

/** Looks at a deployment of ECS's own. */
export class EcsObserver implements RolloutObserver {
  private recordArn: string | undefined;
  private recordsDenied = false;

  constructor(
    private readonly ecs: EcsGateway,
    private readonly start: RolloutStart,
  ) {}

  async look(signal: AbortSignal): Promise<Look> {
    const { cluster, service: name, deploymentId } = this.start;
    const [described, record] = await Promise.all([
      this.ecs.describeServices(cluster, [name], signal),
      this.record(signal),
    ]);
    const service = described.found[0];
    return {
      service,
      state: service && stateOf(service, deploymentId, record),
      verdict: judge({ deploymentId, service, record }),
      tasksBy: deploymentId,
      failed: service?.deployments.find(({ id }) => id === deploymentId)?.failed ?? 0,
      said: [],
    };
  }

  /** The newer record of our deployment. It is eventually consistent, and callers may lack its permissions. */
  private async record(signal: AbortSignal): Promise<ServiceDeployment | undefined> {
    if (this.recordsDenied) return undefined;
    const { cluster, service, createdAt } = this.start;
    try {
      if (this.recordArn) return (await this.ecs.describeServiceDeployments([this.recordArn], signal))[0];
      const filter = { createdAfter: createdAt - 60_000 };
      const ours = closest(await this.ecs.listServiceDeployments(cluster, service, filter, signal), createdAt);
      if (!ours) return undefined;
      this.recordArn = ours.arn;
      return (await this.ecs.describeServiceDeployments([ours.arn], signal))[0];
    } catch (error) {
      if (isCancelled(error) || isTransient(error)) throw error;
      // Denied, or an endpoint that does not know these calls: `deployments[]` says enough.
      this.recordsDenied = true;
      return undefined;
    }
  }
}

/** Both records are written at the same moment, so the one with the nearest time is ours. */
function closest(records: readonly ServiceDeploymentBrief[], createdAt: number): ServiceDeploymentBrief | undefined {
  return records
    .filter((record) => Math.abs(record.createdAt - createdAt) < 30_000)
    .sort((a, b) => Math.abs(a.createdAt - createdAt) - Math.abs(b.createdAt - createdAt))[0];
}
