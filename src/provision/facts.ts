import type { Connection } from '../aws/api';
import { GantryError, reasonOf } from '../core/errors';
import { message } from '../core/message';
import type { Repository } from '../ecr/model';
import type { Vpc } from '../network/vpcGateway';
import { knowSubnets, type KnownSubnet } from './subnets';

/** A network in which a service may be placed. */
export interface KnownNetwork {
  readonly vpc: Vpc;
  readonly subnets: readonly KnownSubnet[];
}

type Sources = Pick<Connection, 'vpc' | 'ecr' | 'stacks'>;

/** The VPC that a service is placed in unless another is chosen: the default one, else the only one, else the first. */
export async function readVpcs({ vpc }: Pick<Sources, 'vpc'>, signal: AbortSignal): Promise<readonly [Vpc, ...Vpc[]]> {
  const found = await vpc.describeVpcs(signal);
  const [first, ...others] = [...found].sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  if (first) return [first, ...others];
  throw new GantryError(
    'notFound',
    message('There is no VPC in this account and Region, so tasks have no network to run in.'),
    { advice: message('Create one: aws ec2 create-default-vpc') },
  );
}

/** The subnets of a VPC with the way that each has to the outside: three calls. */
export async function readKnownNetwork(
  sources: Pick<Sources, 'vpc'>,
  vpc: Vpc,
  signal: AbortSignal,
): Promise<KnownNetwork> {
  const [subnets, tables, endpoints] = await Promise.all([
    sources.vpc.describeSubnetsOf(vpc.id, signal),
    sources.vpc.describeRouteTables(vpc.id, signal),
    sources.vpc.describeEndpoints(vpc.id, signal),
  ]);
  return { vpc, subnets: knowSubnets(subnets, tables, endpoints) };
}

/** The network of a VPC by its id; where none is said or found, of the one in which services are placed. */
export async function readNetworkIn(
  sources: Pick<Sources, 'vpc'>,
  vpc: string | undefined,
  signal: AbortSignal,
): Promise<KnownNetwork> {
  const all = await readVpcs(sources, signal);
  return readKnownNetwork(sources, all.find(({ id }) => id === vpc) ?? all[0], signal);
}

/** The repository of this name, where there is one. */
export async function findRepository(
  { ecr }: Pick<Sources, 'ecr'>,
  name: string,
  signal: AbortSignal,
): Promise<Repository | undefined> {
  try {
    return (await ecr.describeRepositories({ names: [name] }, signal)).items[0];
  } catch (error) {
    if (reasonOf(error) === 'notFound') return undefined;
    throw error;
  }
}
