import { randomUUID } from 'node:crypto';
import { ApiError } from '../http/apiError';
import { Cancelled, ResourceFailure } from './errors';

/** What a resource's event says when its handler failed. */
export function handlerMessage(text: string, code: string): string {
  return `Resource handler returned message: "${text}" (RequestToken: ${randomUUID()}, HandlerErrorCode: ${code})`;
}

export function alreadyExists(type: string, id: string): ResourceFailure {
  const text = `Resource of type '${type}' with identifier '${id}' already exists.`;
  return new ResourceFailure(handlerMessage(text, 'AlreadyExists'));
}

const names: Readonly<Record<string, string>> = {
  'application-autoscaling': 'ApplicationAutoScaling',
  ec2: 'Ec2',
  ecr: 'Ecr',
  ecs: 'Ecs',
  elbv2: 'ElasticLoadBalancingV2',
  iam: 'Iam',
  logs: 'CloudWatchLogs',
};

const kinds: readonly (readonly [RegExp, string])[] = [
  [/AlreadyExists|Duplicate/, 'AlreadyExists'],
  [/NotFound|NoSuchEntity/, 'NotFound'],
  [/AccessDenied|Unauthorized/, 'AccessDenied'],
  [/Throttling/, 'Throttling'],
  [/LimitExceeded|TooMany/, 'ServiceLimitExceeded'],
  [/ExpiredToken|UnrecognizedClient/, 'InvalidCredentials'],
  [/ServerException|InternalFailure|ServiceUnavailable/, 'ServiceInternalError'],
  [/^(Invalid|Validation|Client|Missing|Malformed|Serialization|Unsupported)/, 'InvalidRequest'],
];

/** The code under which a handler passes an error of an API on. */
export function handlerCode({ code }: ApiError): string {
  return kinds.find(([pattern]) => pattern.test(code))?.[1] ?? 'GeneralServiceException';
}

/** An operation of an API that refused what a handler asked for. */
export class ServiceFailure extends Error {
  constructor(
    readonly service: string,
    readonly error: ApiError,
  ) {
    super(error.message);
  }
}

/** Whether what should go is gone already. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof ServiceFailure)) return false;
  const { code, message } = error.error;
  return /NotFound|NoSuchEntity|NotActive/.test(code) || /was not found|does not exist/.test(message);
}

/** Why a resource failed, in CloudFormation's words. `step` is what was going on: creation, update, deletion. */
export function reasonOf(error: unknown, step: string): string {
  if (error instanceof Cancelled) return `Resource ${step} cancelled`;
  if (error instanceof ResourceFailure || error instanceof ApiError) return error.message;
  if (!(error instanceof ServiceFailure)) return handlerMessage(String(error), 'InternalFailure');
  const { message, status } = error.error;
  const service = names[error.service] ?? error.service;
  const request = `(Service: ${service}, Status Code: ${status}, Request ID: ${randomUUID()})`;
  return handlerMessage(`${message} ${request} (SDK Attempt Count: 1)`, handlerCode(error.error));
}
