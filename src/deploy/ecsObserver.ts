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
      const ours = recordOf(await this.ecs.listServiceDeployments(cluster, service, filter, signal), this.start);
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

/** Milliseconds between the times of one deployment in its two records. They are written at the same moment. */
const sameMoment = 5_000;

/**
 * The record of a deployment. Its target revision has the digits of the deployment's id (`ecs-svc/1234`,
 * `service-revision/demo/web/1234`), on which the wait of Terraform's `aws_ecs_service` relies too, though no document
 * says so. Where they differ the time decides, and only a time that is the same: our record comes late, and the one
 * of the deployment before it must not be taken for it.
 */
export function recordOf(
  records: readonly ServiceDeploymentBrief[],
  { deploymentId, createdAt }: Pick<RolloutStart, 'deploymentId' | 'createdAt'>,
): ServiceDeploymentBrief | undefined {
  const digits = deploymentId.slice(deploymentId.lastIndexOf('/'));
  const apart = (record: ServiceDeploymentBrief): number => Math.abs(record.createdAt - createdAt);
  const byRevision = records.find(({ revision }) => revision?.endsWith(digits));
  return byRevision ?? records.filter((one) => apart(one) < sameMoment).sort((a, b) => apart(a) - apart(b))[0];
}
