import { GantryError, type Reason } from '../core/errors';
import { message, type Message } from '../core/message';

/** What the SDK's errors have in common; the models miss many of them, so they are recognised by name only. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

const byName: readonly (readonly [RegExp, Reason])[] = [
  [/^(ExpiredToken(Exception)?|TokenRefreshRequired|RequestExpired)$/, 'credentialsExpired'],
  [
    /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|AuthFailure|SignatureDoesNotMatch|InvalidSignatureException|MissingAuthenticationToken(Exception)?|IncompleteSignature(Exception)?)$/,
    'credentialsInvalid',
  ],
  [/^(AccessDenied(Exception)?|UnauthorizedOperation|NotAuthorized|OptInRequired)$/, 'accessDenied'],
  [/^(Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown)/, 'throttled'],
  [
    /(NotFound|DoesNotExist)(Exception|Fault)?$|^NoSuchEntity(Exception)?$|^ClusterNotFoundException$|^ServiceNotActiveException$/,
    'notFound',
  ],
];

const networkCodes =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/**
 * Turns whatever came out of the SDK into a `GantryError` with a reason.
 * @param operation what was asked, in AWS's words (`ecs:ListClusters`), for the sentence
 * @param signal the caller's own signal: an abort that it did not ask for is a time limit
 */
export function translateError(cause: unknown, operation: string, signal: AbortSignal): GantryError {
  if (cause instanceof GantryError) return cause;
  if (signal.aborted) return new GantryError('cancelled', message('Cancelled.'), { cause });
  const error = (cause instanceof Error ? cause : new Error(String(cause))) as SdkError;
  const reason = reasonFor(error);
  return new GantryError(reason, sentence(reason, operation, error), {
    cause,
    detail: `${error.name}: ${error.message}`,
  });
}

function reasonFor(error: SdkError): Reason {
  if (error.name === 'CredentialsProviderError' || error.name === 'TokenProviderError') {
    return credentialsReason(error.message);
  }
  if (/signature (expired|not yet current)/i.test(error.message)) return 'clockSkew';
  const named = byName.find(([pattern]) => pattern.test(error.name));
  if (named) return named[1];
  // The SDK calls a reset connection a TimeoutError too; its code tells them apart.
  if (networkCodes.test(error.code ?? '') || /socket hang up/.test(error.message)) return 'unreachable';
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || error.code === 'ETIMEDOUT') return 'timedOut';
  if (isNonsense(error)) return 'badAnswer';
  if ((error.$metadata?.httpStatusCode ?? 0) >= 500) return 'unreachable';
  return 'refused';
}

function credentialsReason(text: string): Reason {
  if (/expired|refresh|sso login|re-?authenticate|aws login/i.test(text)) return 'credentialsExpired';
  if (/could not be found|not found in (shared )?(ini|config)/i.test(text)) return 'credentialsMissing';
  return 'credentialsMissing';
}

/** An answer that is no answer of AWS: a proxy's HTML page, half a JSON document, an unmodelled error without a name. */
function isNonsense(error: SdkError): boolean {
  return (
    error instanceof SyntaxError ||
    error.name === 'SyntaxError' ||
    /Unexpected (token|end of)|is not valid JSON|Deserialization error|XML/i.test(error.message) ||
    error.name === 'UnknownError' ||
    error.name === 'Unknown'
  );
}

function sentence(reason: Reason, operation: string, error: SdkError): Message {
  switch (reason) {
    case 'credentialsExpired':
      return message('The AWS session has expired.');
    case 'credentialsMissing':
      return message('No AWS credentials were found.');
    case 'credentialsInvalid':
      return message('AWS does not accept these credentials ({0}).', error.name);
    case 'accessDenied':
      return message('You are not allowed to call {0}.', operation);
    case 'throttled':
      return message('AWS is throttling {0}; somebody is calling it too often.', operation);
    case 'notFound':
      return message('{0}: {1}', operation, error.message);
    case 'clockSkew':
      return message('The clock of this machine is wrong, so AWS refuses the signature.');
    case 'timedOut':
      return message('{0} got no answer in time.', operation);
    case 'unreachable':
      return message('{0} could not reach its endpoint ({1}).', operation, error.code ?? error.message);
    case 'badAnswer':
      return message(
        '{0} got an answer that is not from AWS; a proxy or a wrong endpoint may be in between.',
        operation,
      );
    default:
      return message('{0} was refused: {1}', operation, error.message);
  }
}
