import assert from 'node:assert/strict';
import { translateError } from '../../../src/aws/translateError';

const open = new AbortController().signal;
const error = (name: string, text = 'x', more: object = {}): Error => Object.assign(new Error(text), { name, ...more });

describe('errors of AWS', () => {
  const cases: [Error, string][] = [
    [error('ExpiredTokenException'), 'credentialsExpired'],
    [
      error('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
      'credentialsExpired',
    ],
    [error('CredentialsProviderError', 'Could not load credentials from any providers'), 'credentialsMissing'],
    [error('UnrecognizedClientException'), 'credentialsInvalid'],
    [error('InvalidSignatureException', 'Signature expired: 20260101T000000Z is now earlier than'), 'clockSkew'],
    [error('InvalidSignatureException', 'The request signature we calculated does not match'), 'credentialsInvalid'],
    [error('AccessDeniedException'), 'accessDenied'],
    [error('ThrottlingException'), 'throttled'],
    [error('ClusterNotFoundException'), 'notFound'],
    [error('RepositoryNotFoundException'), 'notFound'],
    [error('TimeoutError'), 'timedOut'],
    [error('AbortError'), 'timedOut'],
    [error('Error', 'x', { code: 'ECONNREFUSED' }), 'unreachable'],
    [error('Error', 'socket hang up'), 'unreachable'],
    [new SyntaxError('Unexpected token < in JSON at position 0'), 'badAnswer'],
    [error('InternalServerError', 'x', { $metadata: { httpStatusCode: 503 } }), 'unreachable'],
    [error('InvalidParameterException'), 'refused'],
  ];
  for (const [cause, reason] of cases) {
    it(`${reason}: ${cause.name} ${cause.message}`, () => {
      const translated = translateError(cause, 'ecs:ListClusters', open);
      assert.equal(translated.reason, reason);
      assert.equal(translated.cause, cause);
    });
  }
  it('is a cancellation when the caller asked for it', () => {
    assert.equal(translateError(error('AbortError'), 'ecs:ListClusters', AbortSignal.abort()).reason, 'cancelled');
  });
});
