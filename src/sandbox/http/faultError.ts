import { ApiError } from './apiError';
import type { Fault } from './faults';
import type { Throttle } from './throttle';

/** The error that a fault stands for, in AWS's words; undefined for faults of the transport. */
export function faultError(
  fault: Fault,
  service: string,
  operation: string,
  { account, throttle }: { account: string; throttle: Throttle },
): ApiError | undefined {
  const { code, message, status } = fault;
  switch (fault.kind) {
    case 'error':
      return new ApiError(code ?? 'ServerException', message ?? 'Injected fault.', status ?? 400);
    case 'throttle':
      return throttle.admit(service, operation) ? undefined : new ApiError('ThrottlingException', 'Rate exceeded');
    case 'denied': {
      const action = `${service === 'elbv2' ? 'elasticloadbalancing' : service}:${operation}`;
      const user = `User: arn:aws:iam::${account}:user/sandbox is not authorized to perform: ${action}`;
      const reason = `because no identity-based policy allows the ${action} action`;
      return new ApiError('AccessDeniedException', message ?? `${user} on resource: * ${reason}`);
    }
    case 'expired':
      return new ApiError('ExpiredTokenException', 'The security token included in the request is expired');
    case 'invalid':
      return new ApiError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    default:
      return undefined;
  }
}
