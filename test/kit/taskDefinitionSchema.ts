import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parseApiModel, proseLimits, type ProseLimit, type Shape } from '../../src/sandbox/model/apiModel';
import { root } from './paths';

type Json = Record<string, unknown>;
type Docs = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Where the schema is kept. */
export const schemaFile = path.join(root, 'media', 'schemas', 'task-definition.json');

/** What DescribeTaskDefinition says of a revision and RegisterTaskDefinition does not take. */
const revisionMembers = [
  ...['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities'],
  ...['registeredAt', 'deregisteredAt', 'deleteRequestedAt', 'registeredBy'],
];

/** Bounds that AWS states in the members' descriptions only. */
const bounds: Readonly<Record<string, Json>> = {
  'PortMapping.containerPort': { minimum: 1, maximum: 65_535 },
  'PortMapping.hostPort': { minimum: 0, maximum: 65_535 },
  'HealthCheck.interval': { minimum: 5, maximum: 300 },
  'HealthCheck.timeout': { minimum: 2, maximum: 60 },
  'HealthCheck.retries': { minimum: 1, maximum: 10 },
  'HealthCheck.startPeriod': { minimum: 0, maximum: 300 },
  'LinuxParameters.swappiness': { minimum: 0, maximum: 100 },
  'ContainerRestartPolicy.restartAttemptPeriod': { minimum: 60, maximum: 1800 },
  'EphemeralStorage.sizeInGiB': { minimum: 20, maximum: 200 },
  'EFSVolumeConfiguration.transitEncryptionPort': { minimum: 0, maximum: 65_535 },
};

/** Members without which RegisterTaskDefinition refuses, though the model does not say so. */
const required: Readonly<Record<string, readonly string[]>> = { ContainerDefinition: ['name', 'image'] };

/**
 * The JSON schema of a task definition as a document: the input of RegisterTaskDefinition, or the output of
 * DescribeTaskDefinition as the AWS CLI prints it. Made from AWS's API model; the descriptions are those of the SDK.
 */
export function taskDefinitionSchema(): string {
  const file = (name: string): Buffer => readFileSync(path.join(root, 'src', 'sandbox', 'model', name));
  const { ops, shapes } = parseApiModel(file('model.json.gz'), file('more.json.gz')).services['ecs'] ?? noEcs();
  const input = ops['RegisterTaskDefinition']?.in ?? '';
  const definitions: Record<string, Json> = {};
  const writer = new SchemaWriter(shapes, readDocs(), definitions);
  writer.define(input, proseLimits('ecs', 'RegisterTaskDefinition'));
  const whole = definitions[input] ?? {};
  const ignored = Object.fromEntries(
    revisionMembers.map((member) => [
      member,
      { description: 'Belongs to a revision that exists; left out when a new one is registered.', doNotSuggest: true },
    ]),
  );
  Object.assign(whole, { properties: { ...(whole['properties'] as Json), ...ignored } });
  const taskDefinition = { $ref: `#/definitions/${input}` };
  const described = {
    type: 'object',
    required: ['taskDefinition'],
    properties: { taskDefinition, tags: { $ref: '#/definitions/Tags' } },
    additionalProperties: false,
  };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Task definition of Amazon ECS',
    type: 'object',
    if: { required: ['taskDefinition'] },
    then: described,
    else: taskDefinition,
    definitions,
  };
  return `${JSON.stringify(schema, undefined, 1)}\n`;
}

function noEcs(): never {
  throw new Error('the API model has no ECS');
}

class SchemaWriter {
  constructor(
    private readonly shapes: Readonly<Record<string, Shape>>,
    private readonly docs: Docs,
    private readonly definitions: Record<string, Json>,
  ) {}

  /** Writes a shape and everything below it under its name. */
  define(name: string, limits: Record<string, ProseLimit> = {}): void {
    if (this.definitions[name]) return;
    const shape = this.shapes[name];
    if (!shape) throw new Error(`the API model has no shape ${name}`);
    const schema: Json = {};
    this.definitions[name] = schema;
    Object.assign(schema, this.schemaOf(name, shape, limits));
  }

  private schemaOf(name: string, shape: Shape, limits: Record<string, ProseLimit>): Json {
    if (shape.t === 'list') return { type: 'array', items: this.use(shape.e), ...lengths(shape, 'Items') };
    if (shape.t === 'map') return { type: 'object', additionalProperties: this.use(shape.v) };
    const properties = Object.entries(shape.m ?? {}).map(([member, of]) => [
      member,
      this.member(name, member, of, limits[member]),
    ]);
    return {
      type: 'object',
      required: [...(shape.required ?? []), ...(required[name] ?? [])],
      properties: Object.fromEntries(properties) as Json,
      additionalProperties: false,
    };
  }

  private member(owner: string, name: string, of: string, limit: ProseLimit | undefined): Json {
    const description = this.docs.get(owner)?.get(name);
    const { minimum, maximum, ...rest } = (bounds[`${owner}.${name}`] ?? {}) as { minimum?: number; maximum?: number };
    const own = {
      ...rest,
      ...(minimum === undefined ? {} : { minimum, maximum }),
      ...(limit?.pattern ? { pattern: limit.pattern } : {}),
      ...(limit?.min === undefined ? {} : { minItems: limit.min }),
      ...(limit?.max === undefined ? {} : { maxItems: limit.max }),
    };
    const used = this.use(of);
    const plain = Object.keys(own).length === 0 || !('$ref' in used) ? { ...used, ...own } : { allOf: [used, own] };
    return { ...(description ? { description } : {}), ...plain };
  }

  /** Scalars stand where they are used; everything else has one definition. */
  private use(name = ''): Json {
    const shape = this.shapes[name];
    switch (shape?.t) {
      case 'string':
        return {
          type: 'string',
          ...(shape.enum ? { enum: shape.enum } : {}),
          ...(shape.pattern ? { pattern: `^(?:${shape.pattern})$` } : {}),
          ...lengths(shape, 'Length'),
        };
      case 'boolean':
        return { type: 'boolean' };
      case 'integer':
      case 'long':
        return { type: 'integer' };
      case 'double':
        return { type: 'number' };
      default:
        this.define(name);
        return { $ref: `#/definitions/${name}` };
    }
  }
}

function lengths({ min, max }: Shape, of: 'Items' | 'Length'): Json {
  return { ...(min ? { [`min${of}`]: min } : {}), ...(max === undefined ? {} : { [`max${of}`]: max }) };
}

/** The descriptions of all members, from the SDK's declarations. */
function readDocs(): Docs {
  const folder = path.join(root, 'node_modules', '@aws-sdk', 'client-ecs', 'dist-types', 'models');
  const docs = new Map<string, Map<string, string>>();
  for (const name of readdirSync(folder).filter((file) => /^models_\d+\.d\.ts$/.test(file))) {
    const source = ts.createSourceFile(name, readFileSync(path.join(folder, name), 'utf8'), ts.ScriptTarget.ES2022);
    source.forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node)) docs.set(node.name.text, membersOf(node, source));
    });
  }
  return docs;
}

function membersOf(node: ts.InterfaceDeclaration, source: ts.SourceFile): Map<string, string> {
  return new Map(
    node.members.flatMap((member) => {
      const text = member.getFullText(source);
      const comment = /\/\*\*([^]*?)\*\//.exec(text)?.[1];
      return member.name && comment ? [[member.name.getText(source), plainText(comment)] as const] : [];
    }),
  );
}

/** The first two sentences of a description, without its markup. */
export function plainText(comment: string): string {
  const [first = ''] = comment.replace(/^\s*\*/gm, ' ').split(/@\w+|<\/p>/);
  const text = first
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
  const sentences = text.split(/(?<=[.!?])\s+(?=[A-Z])/).filter((each) => !/^(For more information|See )/.test(each));
  return sentences.slice(0, 2).join(' ');
}
