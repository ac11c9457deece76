import type { Operation } from '../http/apiEndpoint';
import type { EcrContext } from './context';

export function authorizationOperations(context: EcrContext): Record<string, Operation> {
  return {
    GetAuthorizationToken: () => {
      const { password, expiresAt } = context.tokens.issue();
      const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
      const proxyEndpoint = `http://${context.place.registryHost}`;
      return { authorizationData: [{ authorizationToken, expiresAt: new Date(expiresAt), proxyEndpoint }] };
    },
  };
}
