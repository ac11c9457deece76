import { parseImageReference } from '../core/imageRef';
import { message, type Message } from '../core/message';
import { fargateUnits, memoriesFor } from '../ecs/fargateSizes';
import type { Choices, ContainerChoice, ServiceChoices } from './choices';

/** What is wrong with a name, by the rule of the service that would refuse it. */
export type Rule = (text: string) => Message | undefined;

/**
 * The name of a stack, and so of everything in it: the strictest of the rules that it has to keep (CloudFormation
 * CreateStack; ECS CreateService and RegisterTaskDefinition; ECR CreateRepository).
 */
export const nameRule: Rule = (text) => {
  if (text.length === 0) return message('A name needs at least one character.');
  if (text.length > 63) return message('A name has at most {0} characters.', 63);
  if (!/^[a-z]/.test(text)) return message('A name begins with a small letter.');
  if (!/^[a-z0-9-]+$/.test(text)) return message('A name has only small letters, digits and hyphens.');
  if (/--|-$/.test(text)) return message('In a name, hyphens stand alone and between other characters.');
  return undefined;
};

/** A name of a container or an environment variable’s (ECS ContainerDefinition, KeyValuePair). */
export const containerNameRule: Rule = (text) =>
  /^[A-Za-z0-9_-]{1,255}$/.test(text)
    ? undefined
    : message('A container has a name of 1 to 255 letters, digits, hyphens and underscores.');

/** A family of task definitions (ECS RegisterTaskDefinition, `family`). */
export const familyRule: Rule = (text) =>
  /^[A-Za-z0-9_-]{1,255}$/.test(text)
    ? undefined
    : message('A family has a name of 1 to 255 letters, digits, hyphens and underscores.');

/** A service (ECS CreateService, `serviceName`). */
export const serviceNameRule: Rule = (text) =>
  /^[A-Za-z0-9_-]{1,255}$/.test(text)
    ? undefined
    : message('A service has a name of 1 to 255 letters, digits, hyphens and underscores.');

/** An image as ECS pulls it (ECS ContainerDefinition, `image`). */
export const imageRule: Rule = (text) =>
  parseImageReference(text) ? undefined : message('An image such as public.ecr.aws/docker/library/redis:7.');

/** A log group (CloudWatch Logs CreateLogGroup, `logGroupName`). */
export const logGroupRule: Rule = (text) =>
  /^[\w./#-]{1,512}$/.test(text) && !text.startsWith('aws/')
    ? undefined
    : message('A log group has a name of 1 to 512 letters, digits and _ - / . #.');

/** A role (IAM). */
export const roleRule: Rule = (text) =>
  /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text)
    ? undefined
    : message('The ARN of a role: arn:aws:iam::ACCOUNT:role/NAME.');

/** What a shell takes for the name of a variable (POSIX, "Environment Variable Definition"). */
export const variableNameRule: Rule = (text) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
    ? undefined
    : message('A variable’s name has letters, digits and underscores and does not begin with a digit.');

/** A path that a load balancer asks (ELBv2 CreateTargetGroup, `HealthCheckPath`). */
export const pathRule: Rule = (text) => {
  if (!text.startsWith('/')) return message('A path begins with a slash.');
  if (text.length > 1024) return message('A path has at most {0} characters.', 1024);
  return /^[\x21-\x7e]+$/.test(text) ? undefined : message('A path has neither spaces nor letters beyond ASCII.');
};

/** A number within bounds. */
export function numberRule(from: number, to: number): Rule {
  return (text) =>
    /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to
      ? undefined
      : message('A whole number from {0} to {1}.', from, to);
}

export const portRule = numberRule(1, 65_535);

/** Days that CloudWatch Logs keeps events, where not for ever (PutRetentionPolicy). */
export const retentionDays = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
] as const;

/** Everything about the choices together that AWS would refuse, or that could never work. */
export function problemsOf(choices: Choices): Message[] {
  const { repository, cluster } = choices;
  const own = choices.kind === 'service' ? serviceProblems(choices) : containerProblems([choices.container]);
  return [
    nameRule(choices.name),
    repository.kind === 'new' ? repositoryNameRule(repository.name) : undefined,
    cluster.kind === 'new' ? clusterNameRule(cluster.name) : undefined,
    ...(choices.kind === 'express' || isFargate(choices) ? [sizeProblem(choices.cpu, choices.memory)] : []),
    ...(choices.kind === 'express' && choices.container.ports.length !== 1
      ? [message('A service of Express Mode has one port.')]
      : []),
    scalingProblem(choices),
    ...own,
  ].filter((problem) => problem !== undefined);
}

/** Whether tasks need a size that Fargate has. */
export function isFargate({ capacity }: ServiceChoices): boolean {
  return capacity.kind === 'fargate' || capacity.kind === 'fargateSpot';
}

/** ECR CreateRepository, `repositoryName`. */
export const repositoryNameRule: Rule = (text) =>
  text.length >= 2 &&
  text.length <= 256 &&
  /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(text)
    ? undefined
    : message('A repository has a name of 2 to 256 small letters, digits and single . _ - / between them.');

/** ECS CreateCluster, `clusterName`; providers of their own follow the name, so it may not begin as AWS's do. */
export const clusterNameRule: Rule = (text) =>
  /^[A-Za-z0-9_-]{1,255}$/.test(text) && !/^(aws|ecs|fargate)/i.test(text)
    ? undefined
    : message('A cluster has a name of 1 to 255 letters, digits, hyphens and underscores; not aws…, ecs… or fargate….');

function sizeProblem(cpu: number, memory: number): Message | undefined {
  const memories = memoriesFor(cpu);
  if (memories.length === 0) {
    return message('Fargate has no size of {0} CPU units; take one of {1}.', cpu, fargateUnits.join(', '));
  }
  return memories.includes(memory)
    ? undefined
    : message('With {0} CPU units Fargate has {1} MiB.', cpu, memories.join(', '));
}

function scalingProblem({ scaling }: Choices): Message | undefined {
  if (!scaling) return undefined;
  return scaling.minimum >= 1 && scaling.maximum >= scaling.minimum
    ? undefined
    : message('Scaling goes from at least one task to a number that is not smaller.');
}

function serviceProblems(choices: ServiceChoices): (Message | undefined)[] {
  const { front, network, containers, capacity, platform, deployment, cluster } = choices;
  const port = containers[0].ports[0];
  const isNew = cluster.kind === 'new';
  return [
    ...containerProblems(containers),
    network.subnets.length === 0 ? message('Tasks need a subnet.') : undefined,
    network.publicAddress && !isFargate(choices)
      ? message('Tasks on instances get no public address of their own (awsvpc network mode).')
      : undefined,
    front.kind === 'publicAddress' && !network.publicAddress
      ? message('A service without a load balancer is reached at a public address only where tasks get one.')
      : undefined,
    front.kind === 'loadBalancer' && front.subnets.length < 2
      ? message('An Application Load Balancer needs subnets in two Availability Zones.')
      : undefined,
    front.kind === 'loadBalancer' ? pathRule(front.healthCheckPath) : undefined,
    front.kind !== 'none' && port === undefined
      ? message('Nothing is listening: the container “{0}” has no port.', containers[0].name)
      : undefined,
    deployment === 'blueGreen' && front.kind !== 'loadBalancer'
      ? message('Blue/green moves traffic between target groups, so it needs a load balancer.')
      : undefined,
    capacity.kind === 'fargateSpot' && platform.startsWith('windows')
      ? message('Fargate Spot has no Windows.')
      : undefined,
    isNew && (capacity.kind === 'provider' || capacity.kind === 'registeredInstances')
      ? message('A new cluster has no instances yet.')
      : undefined,
  ];
}

function containerProblems(containers: readonly ContainerChoice[]): (Message | undefined)[] {
  const names = containers.map(({ name }) => name);
  const ports = containers.flatMap(({ ports }) => ports);
  return [
    ...names.map(containerNameRule),
    new Set(names).size < names.length ? message('Two containers have the same name.') : undefined,
    // Containers of a task share its network interface (awsvpc network mode).
    new Set(ports).size < ports.length
      ? message('Two containers of a task cannot listen on the same port.')
      : undefined,
    ...containers.flatMap(({ environment, secrets }) =>
      [...Object.keys(environment), ...secrets.map(({ name }) => name)].map(variableNameRule),
    ),
    ...containers.map(({ environment, secrets }) =>
      secrets.some(({ name }) => name in environment)
        ? message('A variable is given as a value and as a secret.')
        : undefined,
    ),
  ];
}
