import { gunzipSync } from 'node:zlib';

/** The form of a property, as the type's schema has it. `json` is free: a policy, for example. */
export interface PropertyForm {
  readonly t: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'map' | 'json';
  /** Members of an object. */
  readonly m?: Readonly<Record<string, PropertyForm>>;
  /** Required members. */
  readonly r?: readonly string[];
  /** Elements of a list, values of a map. */
  readonly e?: PropertyForm;
}

/** A type of resource: what AWS::… may have, what makes a new one when it changes, and what only AWS sets. */
export interface ResourceSchema {
  readonly m: Readonly<Record<string, PropertyForm>>;
  readonly r: readonly string[];
  /** Paths: `EncryptionConfiguration/KmsKey`. */
  readonly createOnly: readonly string[];
  readonly readOnly: readonly string[];
}

let source: Uint8Array | undefined;
let schemas: Readonly<Record<string, ResourceSchema>> | undefined;

/** Names the compressed schemas. They are read when a template is read first. */
export function provideSchemas(compressed: Uint8Array): void {
  source = compressed;
}

function all(): Readonly<Record<string, ResourceSchema>> {
  if (!source) throw new Error('There are no schemas of resources yet.');
  return (schemas ??= JSON.parse(gunzipSync(source).toString('utf8')) as Record<string, ResourceSchema>);
}

export function isKnownType(type: string): boolean {
  return Object.hasOwn(all(), type);
}

/** @throws Error for a type that is not known */
export function schemaOf(type: string): ResourceSchema {
  const schema = all()[type];
  if (schema) return schema;
  throw new Error(`There is no schema of ${type}.`);
}

/** Attributes that AWS's documentation names and its schemas do not. */
const more: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::SecurityGroup': ['VpcId'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['SecurityGroups'],
};

/** Whether `Fn::GetAtt` knows this attribute. */
export function hasAttribute(type: string, name: string): boolean {
  const path = name.replaceAll('.', '/');
  return schemaOf(type).readOnly.includes(path) || (more[type] ?? []).includes(name);
}
