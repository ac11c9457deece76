import { ApiError } from '../http/apiError';

/** CloudFormation's usual error. */
export function invalid(message: string): ApiError {
  return new ApiError('ValidationError', message);
}

/** Something that AWS has and the sandbox does not. */
export function notHere(what: string): ApiError {
  return invalid(`${what} is not in the sandbox.`);
}

/** Why a resource failed, in the words of its event. */
export class ResourceFailure extends Error {}

/** A resource that was going on when another one failed, or when somebody cancelled. */
export class Cancelled extends Error {}
