import { parseArn } from '../core/arn';
import { parseImageReference } from '../core/imageRef';
import { dockerPlatform, type RuntimePlatform } from '../core/platform';
import type { RawTaskDefinition } from '../ecs/gateway';
import { containersOf } from '../ecs/taskDefinition';
import type { Found } from './catalogue/order';
import type { FixAction, PolicyStatement } from './finding';
import { secretArnOf } from '../ecs/secretReference';

/** What an action is filled in from. */
export interface ActionFacts {
  readonly found: Found;
  /** All texts of the finding, the decisive one first. */
  readonly texts: readonly string[];
  /** Undefined where it could not be read. */
  readonly taskDefinition: RawTaskDefinition | undefined;
  readonly taskDefinitionArn: string;
  readonly container: string | undefined;
}

/** Whether an action needs what the task definition says. */
export function needsTaskDefinition({ ranked: { entry } }: Found): boolean {
  return ['createLogGroup', 'attachPolicy', 'rebuild'].includes(entry.action ?? '');
}

/** Fills the action of an entry in; undefined where the evidence does not say enough to act. */
export function completeAction(facts: ActionFacts): FixAction | undefined {
  const { found, taskDefinition, taskDefinitionArn, container } = facts;
  const { entry } = found.ranked;
  switch (entry.action) {
    case undefined:
    case 'addIngressRule':
      return undefined;
    case 'forceDeployment':
      return { kind: 'forceDeployment' };
    case 'createRepository':
      return found.groups[1] ? { kind: 'createRepository', repository: found.groups[1] } : undefined;
    case 'raiseMemory':
      return container ? { kind: 'raiseMemory', taskDefinition: taskDefinitionArn, container } : undefined;
    case 'rebuild':
      return { kind: 'rebuild', platform: platformOf(found, taskDefinition), container };
    case 'createLogGroup':
      return logGroup(taskDefinition, container);
    case 'attachPolicy':
      return policy(facts);
  }
}

function platformOf({ groups, ranked }: Found, taskDefinition: RawTaskDefinition | undefined): string {
  const said = ranked.entry.id === 'imagePlatform' ? (groups[1] ?? groups[2]) : undefined;
  return said ?? dockerPlatform(taskDefinition?.['runtimePlatform'] as RuntimePlatform | undefined);
}

interface LogConfiguration {
  readonly logDriver?: string;
  readonly options?: Readonly<Record<string, string>>;
}

/** The group of the container, or the only one of the task where the text names no container. */
function logGroup(taskDefinition: RawTaskDefinition | undefined, container: string | undefined): FixAction | undefined {
  const all = taskDefinition ? containersOf(taskDefinition) : [];
  const named = all.filter(({ name }) => name === container);
  for (const { logConfiguration } of [...named, ...all]) {
    const { logDriver, options = {} } = (logConfiguration ?? {}) as LogConfiguration;
    const group = options['awslogs-group'];
    if (logDriver === 'awslogs' && group) return { kind: 'createLogGroup', group, region: options['awslogs-region'] };
  }
  return undefined;
}

function policy(facts: ActionFacts): FixAction | undefined {
  const { taskDefinition, found } = facts;
  const said = saidByText(facts.texts);
  const isTaskRole = ['taskRoleDenied', 'efsDenied'].includes(found.ranked.entry.id);
  const roleArn = taskDefinition?.[isTaskRole ? 'taskRoleArn' : 'executionRoleArn'];
  const role = said?.role ?? (typeof roleArn === 'string' ? roleArn : undefined);
  const known = statementsFor(facts);
  const statements = mergeStatements(said?.statement, known);
  return statements.length > 0 ? { kind: 'attachPolicy', role, statements } : undefined;
}

/** IAM's own sentence names the role, the action and the resource. */
function saidByText(texts: readonly string[]): { role: string | undefined; statement: PolicyStatement } | undefined {
  for (const text of texts) {
    const match = /(?:User: (\S+) )?is not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?/i.exec(text);
    if (!match) continue;
    const [, user = '', action = '', resource = '*'] = match;
    const role = /:assumed-role\/([^/\s]+)/.exec(user)?.[1];
    return { role, statement: allow([action], [resource.replace(/[.,;)]+$/, '')]) };
  }
  return undefined;
}

/** What is missing beside what the text says: it names the first action that was refused, and others follow. */
function statementsFor({ found, taskDefinition, taskDefinitionArn, container }: ActionFacts): PolicyStatement[] {
  const { partition = 'aws', region = '*', account = '*' } = parseArn(taskDefinitionArn) ?? {};
  const containers = taskDefinition ? containersOf(taskDefinition) : [];
  const own = containers.find(({ name }) => name === container);
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  switch (found.ranked.entry.id) {
    case 'pullDenied': {
      const image = parseImageReference(String(own?.['image'] ?? containers[0]?.['image'] ?? ''));
      const [owner, , , place] = image?.host?.split('.') ?? [];
      const isEcr = /^\d{12}$/.test(owner ?? '');
      const repository = `arn:${partition}:ecr:${isEcr ? (place ?? region) : region}:${isEcr ? (owner ?? account) : account}:repository/${image?.repository ?? '*'}`;
      const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
      return [allow(['ecr:GetAuthorizationToken'], ['*']), allow(pull, [repository])];
    }
    case 'secretDenied': {
      const references = containers.flatMap(({ secrets }) => (secrets ?? []) as { readonly valueFrom?: string }[]);
      const named = references.flatMap(({ valueFrom = '' }) => valueFrom || []);
      const managed = named.filter((value) => value.includes(':secretsmanager:'));
      const parameters = named
        .filter((value) => !managed.includes(value))
        .map((value) => (value.startsWith('arn:') ? value : arn('ssm', `parameter/${value.replace(/^\//, '')}`)));
      return [
        ...(managed.length > 0 ? [allow(['secretsmanager:GetSecretValue'], managed.map(secretArnOf))] : []),
        ...(parameters.length > 0 ? [allow(['ssm:GetParameters'], parameters)] : []),
      ];
    }
    case 'logDenied': {
      const group = logGroup(taskDefinition, container);
      if (group?.kind !== 'createLogGroup') return [];
      return [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [arn('logs', `log-group:${group.group}:*`)])];
    }
    case 'environmentFileDenied': {
      const files = containers.flatMap(
        ({ environmentFiles }) => (environmentFiles ?? []) as { readonly value?: string }[],
      );
      const values = files.flatMap(({ value }) => value ?? []);
      if (values.length === 0) return [];
      const buckets = [...new Set(values.map((value) => value.split('/')[0] ?? value))];
      return [allow(['s3:GetObject'], values), allow(['s3:GetBucketLocation'], buckets)];
    }
    default:
      return [];
  }
}

const allow = (Action: readonly string[], Resource: readonly string[]): PolicyStatement => ({
  Effect: 'Allow',
  Action: [...new Set(Action)],
  Resource: [...new Set(Resource)],
});

/** What the text says comes in addition, unless the rest has it already. */
function mergeStatements(said: PolicyStatement | undefined, known: readonly PolicyStatement[]): PolicyStatement[] {
  if (!said || known.some(({ Action }) => said.Action.every((action) => Action.includes(action)))) return [...known];
  return [said, ...known];
}

/** A policy document with those statements, ready to be attached. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2);
}
