import type * as sdk from '@aws-sdk/client-ecs';
import type { ExpressService } from '../ecs/express';

/* From the SDK's shapes of Express Mode, in which every member is optional, to Gantry's words. */

/** @param raw the same answer as JSON, with the members that the SDK does not know */
export function toExpressService(from: sdk.ECSExpressGatewayService, raw: Record<string, unknown>): ExpressService {
  const configurations = from.activeConfigurations ?? [];
  const newest = configurations.reduce<sdk.ExpressGatewayServiceConfiguration | undefined>(
    (best, each) => (!best || timeOf(each) > timeOf(best) ? each : best),
    undefined,
  );
  const { service } = raw as { service?: { activeConfigurations?: Record<string, unknown>[] } };
  const same = newest && service?.activeConfigurations?.[configurations.indexOf(newest)];
  const paths = [...(newest?.ingressPaths ?? [])].sort(
    (a, b) => Number(b.accessType === 'PUBLIC') - Number(a.accessType === 'PUBLIC'),
  );
  const { minTaskCount = 1, maxTaskCount = 1, ...scaling } = newest?.scalingTarget ?? {};
  return {
    primaryContainer: (same?.['primaryContainer'] ?? {}) as Record<string, unknown>,
    cpu: newest?.cpu,
    memory: newest?.memory,
    executionRoleArn: newest?.executionRoleArn,
    taskRoleArn: newest?.taskRoleArn,
    scaling: { minTaskCount, maxTaskCount, ...scaling },
    endpoints: paths.flatMap(({ endpoint }) => endpoint ?? []),
  };
}

function timeOf({ createdAt }: sdk.ExpressGatewayServiceConfiguration): number {
  return createdAt?.getTime() ?? 0;
}
