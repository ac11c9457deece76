import type { Operation } from '../http/apiEndpoint';
import type { Place } from '../place';

export function stsOperations(place: Place): Record<string, Operation> {
  return {
    GetCallerIdentity: () => ({
      UserId: 'AIDASANDBOXGANTRY0000',
      Account: place.account,
      Arn: `arn:aws:iam::${place.account}:user/sandbox`,
    }),
  };
}
