import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './apiError';

/** Who signed a request, and for where. The signature itself is not verified: any secret key is accepted. */
export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service's name in the signature's scope, for example `ecs` or `elasticloadbalancing`. */
  readonly signingName: string;
}

/** AWS refuses a request whose time is further off than this, in milliseconds. */
const maxClockSkew = 15 * 60_000;
const credential = /Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

/**
 * Reads a SigV4 `Authorization` header.
 * @throws ApiError with AWS's own code when the header is missing or garbled, or the clock is off by over 15 minutes.
 */
export function readSignature(headers: IncomingHttpHeaders, now: number): Caller {
  const header = headers.authorization;
  if (header === undefined) {
    throw new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token', 400);
  }
  const [, accessKeyId, , region, signingName] = credential.exec(header) ?? [];
  const complete = header.startsWith('AWS4-HMAC-SHA256 ') && /SignedHeaders=\S+/.test(header);
  if (!complete || !/Signature=[0-9a-f]{64}/.test(header) || !accessKeyId || !region || !signingName) {
    const text = 'Authorization header requires Credential, SignedHeaders and Signature parameters.';
    throw new ApiError('IncompleteSignatureException', text, 400);
  }
  checkDate(headers['x-amz-date'], now);
  return { accessKeyId, region, signingName };
}

function checkDate(given: string | string[] | undefined, now: number): void {
  const text = Array.isArray(given) ? given[0] : given;
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (!parts) {
    throw new ApiError('IncompleteSignatureException', 'Date must be in ISO-8601 basic format in X-Amz-Date.', 400);
  }
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const at = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  const server = basicDate(now);
  if (at < now - maxClockSkew) {
    const limit = basicDate(now - maxClockSkew);
    throw new ApiError(
      'InvalidSignatureException',
      `Signature expired: ${text ?? ''} is now earlier than ${limit} (${server} - 15 min.)`,
    );
  }
  if (at > now + maxClockSkew) {
    const limit = basicDate(now + maxClockSkew);
    throw new ApiError(
      'InvalidSignatureException',
      `Signature not yet current: ${text ?? ''} is still later than ${limit} (${server} + 15 min.)`,
    );
  }
}

const basicDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
