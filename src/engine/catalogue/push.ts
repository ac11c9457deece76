import { message } from '../../core/message';
import type { Rule } from './rule';

/** Pushes that fail. The first that matches wins. */
export const pushRules: readonly Rule[] = [
  {
    id: 'repositoryMissing',
    pattern: /repository with name '([^']+)' does not exist|name unknown/i,
    reason: 'repositoryMissing',
    sentence: (name) => message('The repository “{0}” does not exist in this account and Region.', name),
    examples: [
      "name unknown: The repository with name 'demo/web' does not exist in the registry with id '123456789012'",
    ],
  },
  {
    id: 'tagImmutable',
    pattern: /tag is immutable|cannot be overwritten because the repository is immutable|tag invalid/i,
    reason: 'tagImmutable',
    sentence: (name) => message('The tag already exists in “{0}”, whose tags are immutable.', name),
    examples: [
      "tag invalid: The image tag 'v1' already exists in the 'web' repository and cannot be overwritten because the repository is immutable.",
    ],
  },
  {
    id: 'tokenExpired',
    pattern: /authorization token has expired/i,
    reason: 'loginExpired',
    sentence: () => message('The login to the registry has expired.'),
    examples: ['denied: Your authorization token has expired. Reauthenticate and try again.'],
  },
  {
    id: 'pushDenied',
    pattern: /not authorized to perform: ecr:|denied|no basic auth credentials|unauthorized|403 Forbidden/i,
    reason: 'pushDenied',
    sentence: (name) =>
      message(
        'You may not push to “{0}”. It takes ecr:BatchCheckLayerAvailability, InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload and PutImage.',
        name,
      ),
    examples: [
      'denied: User: arn:aws:iam::123456789012:user/dev is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-east-1:123456789012:repository/web',
      'no basic auth credentials',
    ],
  },
  {
    id: 'throttled',
    pattern: /toomanyrequests|rate exceeded/i,
    reason: 'throttled',
    sentence: () => message('The registry is throttling the push.'),
    examples: ['toomanyrequests: Rate exceeded'],
  },
  {
    id: 'connectionBroke',
    pattern:
      /connection refused|connection reset|no such host|i\/o timeout|EOF|use of closed network connection|TLS handshake/i,
    reason: 'unreachable',
    sentence: () => message('The connection to the registry broke off.'),
    examples: [
      'write tcp 10.0.0.2:50000->3.5.7.9:443: use of closed network connection',
      'error parsing HTTP response: unexpected EOF',
    ],
  },
];
