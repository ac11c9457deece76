import { message } from '../../core/message';
import { task, type Entry } from './entry';

/** Secrets, parameters and environment files (ECS developer guide, "ResourceInitializationError"). */
export const secrets: readonly Entry[] = [
  {
    id: 'kmsDenied',
    where: task,
    pattern: /not authorized to perform: kms:(\w+)|access to kms is not allowed|kms.*accessdenied/,
    brief: message('may not decrypt a secret'),
    cause: () => message('The execution role may not decrypt a secret of the task definition.'),
    fix: message('Allow kms:Decrypt on the key, in the role and in the policy of the key.'),
    action: 'attachPolicy',
    examples: [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: Access to KMS is not allowed',
      'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/1 is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/00',
    ],
  },
  {
    id: 'secretDenied',
    where: task,
    pattern:
      /not authorized to perform: (?:secretsmanager|ssm):(\w+)|(?:asm|ssm|secrets? manager|registry auth).*access ?denied/,
    brief: message('may not read a secret'),
    cause: () => message('The execution role may not read a secret of the task definition.'),
    fix: message('Allow secretsmanager:GetSecretValue or ssm:GetParameters, and kms:Decrypt, on that ARN.'),
    action: 'attachPolicy',
    examples: [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1b2c3 from secrets manager: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/00 is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1b2c3 because no identity-based policy allows the secretsmanager:GetSecretValue action',
      'ResourceInitializationError: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException',
    ],
  },
  {
    id: 'secretKeyMissing',
    where: task,
    pattern: /did not contain json key ?(\S*)/,
    brief: message('key of a secret is missing'),
    cause: ({ groups }) => message('A secret of the task definition has no key “{0}”.', groups[1] ?? ''),
    fix: message('Add the key to the secret, or correct valueFrom in the task definition.'),
    examples: [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password',
    ],
  },
  {
    id: 'secretNotJson',
    where: task,
    pattern:
      /(?:asm|secrets? manager|retrieved secret|secret).*(?:invalid character|looking for beginning of value|unmarshal|cannot parse)/,
    brief: message('secret is no JSON'),
    cause: () => message('valueFrom asks for a key of a secret that is no JSON.'),
    fix: message('Keep JSON in the secret, or leave the key out of valueFrom.'),
    examples: [
      "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: service call has been retried 1 time(s): invalid character 'p' looking for beginning of value",
    ],
  },
  {
    id: 'secretReferenceInvalid',
    where: task,
    pattern:
      /unexpected arn format|invalid arn|arn: (?:invalid prefix|not enough sections)|validationexception.*(?:parameter|secret)/,
    brief: message('secret’s ARN is invalid'),
    cause: () => message('valueFrom of a secret names nothing that could be one.'),
    fix: message('Write the full ARN; for a key of a secret it goes on with :KEY:: after the name.'),
    examples: [
      'ResourceInitializationError: unable to pull secrets or registry auth: unexpected ARN format with parameters when trying to retrieve ASM secret',
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: invalid ARN: arn: not enough sections',
    ],
  },
  {
    id: 'secretDeleted',
    where: task,
    pattern: /secret.*(?:marked (?:for deletion|deleted)|scheduled for deletion)/,
    brief: message('secret is being deleted'),
    cause: () => message('A secret of the task definition is marked for deletion.'),
    fix: message('Restore the secret, or name another one in valueFrom.'),
    examples: [
      "ResourceInitializationError: unable to retrieve secret from asm: InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.",
    ],
  },
  {
    id: 'secretMissing',
    where: task,
    pattern:
      /(?:fetching secret data|unable to (?:pull|retrieve) secrets?|secrets manager).*(?:invalid parameters|resourcenotfound|can't find|parameternotfound|does not exist)|invalid ssm parameters/,
    brief: message('secret does not exist'),
    cause: () => message('A secret or parameter of the task definition does not exist.'),
    fix: message('Correct valueFrom in the task definition.'),
    examples: [
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:nope from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /app/nope',
      "ResourceInitializationError: unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    ],
  },
  {
    id: 'secretUnreachable',
    where: task,
    pattern:
      /connection issue between the task and (?:aws )?(secrets manager|systems manager|ssm|parameter store|aws kms)|(?:secrets? from (?:asm|ssm)|parameter store|secrets manager).*(?:requesterror|send request failed|i\/o timeout|deadline exceeded|requestcanceled|request canceled|no such host)/,
    brief: message('secrets out of reach'),
    cause: () => message('The task cannot reach Secrets Manager or Parameter Store.'),
    fix: message('Give its subnets a NAT gateway or a public address, or endpoints for secretsmanager, ssm and kms.'),
    network: true,
    examples: [
      'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull secrets from AWS Secrets Manager: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration.',
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request context canceled caused by: context deadline exceeded',
      'ResourceInitializationError: unable to retrieve secret from asm: service call has been retried 5 time(s): RequestError: send request failed caused by: Post "https://secretsmanager.us-east-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout',
    ],
  },
  {
    id: 'environmentFileDenied',
    where: task,
    pattern: /env(?:ironment)? files?.*(?:access ?denied|403|forbidden)|not authorized to perform: s3:(\w+)/,
    brief: message('may not read an environment file'),
    cause: () => message('The execution role may not read an environment file of the task definition.'),
    fix: message('Allow s3:GetObject on the file and s3:GetBucketLocation on its bucket.'),
    action: 'attachPolicy',
    examples: [
      'ResourceInitializationError: failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s): AccessDenied: Access Denied status code: 403',
    ],
  },
  {
    id: 'environmentFileMissing',
    where: task,
    pattern: /env(?:ironment)? files?.*(?:nosuchkey|nosuchbucket|not ?found|404)/,
    brief: message('environment file is missing'),
    cause: () => message('An environment file of the task definition does not exist.'),
    fix: message('Put the file into its bucket, or correct environmentFiles in the task definition.'),
    examples: [
      'ResourceInitializationError: failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s): NoSuchKey: The specified key does not exist.',
    ],
  },
  {
    id: 'environmentFileUnreachable',
    where: task,
    pattern:
      /env(?:ironment)? files?.*(?:requestcanceled|request canceled|timeout|deadline exceeded|send request failed)/,
    brief: message('environment file out of reach'),
    cause: () => message('The task cannot reach S3, where an environment file of it is.'),
    fix: message('Add an S3 gateway endpoint to the route table of its subnets, or a NAT gateway.'),
    network: true,
    examples: [
      'ResourceInitializationError: failed to download env files: file download command: non empty error stream: service call has been retried 5 time(s): RequestCanceled: request context canceled caused by: context deadline exceeded',
    ],
  },
];
