import type { Connection } from '../aws/api';
import { Investigator } from './investigation';
import { explainNetworkOver } from './networkExplanation';

/** An investigator that asks everything that a connection reaches. */
export function investigatorFor({ ecs, ecr, network, logs, vpc, spec }: Connection): Investigator {
  const endpoint = spec.endpoint ? new URL(spec.endpoint).host : undefined;
  const explainNetwork = explainNetworkOver({ network, vpc });
  return new Investigator({ ecs, ecr, network, logs, explainNetwork, ownRegistry: (host) => host === endpoint });
}
