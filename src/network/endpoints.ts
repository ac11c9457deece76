import type { Endpoint } from './model';

/** A service of AWS that a task asks, by the last part of its endpoints' name: `ecr.api`, `ecr.dkr`, `s3`, `logs` … */
export type AwsService = string;

/** Whether an endpoint is for a service: `com.amazonaws.REGION.SERVICE`, in China `cn.com.amazonaws.REGION.SERVICE`. */
function isFor({ service }: Endpoint, wanted: AwsService): boolean {
  const [, name] = /^(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\.(.+)$/.exec(service) ?? [];
  return name === wanted;
}

/** The interface endpoint to which the usual name of a service leads in a VPC, whatever its state. */
export function interfaceEndpointFor(
  endpoints: readonly Endpoint[],
  vpc: string,
  service: AwsService,
): Endpoint | undefined {
  return endpoints.find(
    (each) => each.type === 'Interface' && each.vpc === vpc && each.privateDns && isFor(each, service),
  );
}

/** The gateway endpoint (S3 and DynamoDB have them) to which a route table leads. */
export function gatewayEndpointFor(
  endpoints: readonly Endpoint[],
  table: string,
  service: AwsService,
): Endpoint | undefined {
  return endpoints.find((each) => each.type === 'Gateway' && each.routeTables.includes(table) && isFor(each, service));
}
