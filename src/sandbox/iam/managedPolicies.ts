/** A managed policy of the account. `createdAt` in milliseconds since the Unix epoch. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly document: string;
  readonly description?: string | undefined;
  readonly createdAt: number;
}

/** By ARN. */
export type ManagedPolicies = Map<string, ManagedPolicy>;

const allow = (Resource: string, ...Action: string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

/** Those of AWS that matter for containers, by the end of their ARN. */
const awsPolicies: Readonly<Record<string, string>> = {
  AdministratorAccess: allow('*', '*'),
  'service-role/AmazonECSTaskExecutionRolePolicy': allow(
    '*',
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ),
  AmazonECS_FullAccess: allow(
    '*',
    'ecs:*',
    'elasticloadbalancing:*',
    'logs:*',
    'application-autoscaling:*',
    'cloudwatch:*',
  ),
  AmazonEC2ContainerRegistryReadOnly: allow(
    '*',
    ...[
      'ecr:GetAuthorizationToken',
      'ecr:BatchCheckLayerAvailability',
      'ecr:GetDownloadUrlForLayer',
      'ecr:BatchGetImage',
    ],
    ...['ecr:GetRepositoryPolicy', 'ecr:DescribeRepositories', 'ecr:ListImages', 'ecr:DescribeImages'],
    ...[
      'ecr:GetLifecyclePolicy',
      'ecr:GetLifecyclePolicyPreview',
      'ecr:ListTagsForResource',
      'ecr:DescribeImageScanFindings',
    ],
  ),
  AmazonEC2ContainerRegistryFullAccess: allow('*', 'ecr:*'),
  CloudWatchLogsFullAccess: allow('*', 'logs:*', 'cloudwatch:GenerateQuery'),
  SecretsManagerReadWrite: allow('*', 'secretsmanager:*'),
  AmazonSSMReadOnlyAccess: allow('*', 'ssm:Describe*', 'ssm:Get*', 'ssm:List*'),
  'aws-service-role/AmazonECSServiceRolePolicy': allow(
    '*',
    'elasticloadbalancing:*',
    'ec2:*NetworkInterface*',
    'logs:*',
  ),
};

/** The document of a policy of AWS's; undefined for one that the sandbox does not have. */
export function awsPolicyDocument(arn: string): string | undefined {
  const name = arn.replace(/^arn:[^:]+:iam::aws:policy\//, '');
  return Object.hasOwn(awsPolicies, name) ? awsPolicies[name] : undefined;
}

export function awsPolicyArns(): readonly string[] {
  return Object.keys(awsPolicies).map((name) => `arn:aws:iam::aws:policy/${name}`);
}
