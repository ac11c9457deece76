import type { Connection } from '../aws/api';
import { Investigator } from './investigation';

/** An investigator that asks everything that a connection reaches. */
export function investigatorFor({ ecs, ecr, network, logs, spec }: Connection): Investigator {
  const endpoint = spec.endpoint ? new URL(spec.endpoint).host : undefined;
  return new Investigator({ ecs, ecr, network, logs, ownRegistry: (host) => host === endpoint });
}
