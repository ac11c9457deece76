import { invalid, notHere } from './errors';
import { referencesIn } from './references';
import { hasAttribute, isKnownType } from './schemas';
import { readTemplate } from './templateText';
import type { Members } from './types';

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Members;
  readonly condition?: string | undefined;
  /** Logical ids of `DependsOn` and of every reference. */
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: string;
  readonly replacePolicy: string;
  readonly metadata?: string | undefined;
}

export interface TemplateOutput {
  readonly key: string;
  readonly value: unknown;
  readonly description?: string | undefined;
  readonly exportName?: unknown;
  readonly condition?: string | undefined;
}

/** A template whose form and whose references are right. */
export interface Template {
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata?: unknown;
  readonly parameters: Readonly<Record<string, Members>>;
  readonly mappings: Readonly<Record<string, Members>>;
  readonly conditions: Members;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: readonly TemplateOutput[];
}

const sections = [
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Mappings', 'Conditions', 'Resources'],
  'Outputs',
];
const resourceMembers = [
  ...['Type', 'Properties', 'DependsOn', 'Condition', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'],
];
const elsewhereMembers = ['CreationPolicy', 'UpdatePolicy'];
export const pseudoParameters = [
  ...['AWS::AccountId', 'AWS::NoValue', 'AWS::NotificationARNs', 'AWS::Partition', 'AWS::Region', 'AWS::StackId'],
  ...['AWS::StackName', 'AWS::URLSuffix'],
];

/** Reads a template and checks everything that can be checked without its parameters. @throws ApiError */
export async function parseTemplate(text: string): Promise<Template> {
  const given = await readTemplate(text);
  for (const section of ['Transform', 'Rules', 'Hooks']) {
    if (section in given) throw notHere(`The template section ${section}`);
  }
  const unknown = Object.keys(given).filter((name) => !sections.includes(name));
  if (unknown.length > 0) throw invalid(`Invalid template property or properties [${unknown.join(', ')}]`);
  const version = given['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== '2010-09-09') {
    throw invalid(`Template format error: Unsupported value for AWSTemplateFormatVersion: ${String(version)}`);
  }
  const description = given['Description'];
  if (description !== undefined && typeof description !== 'string') {
    throw invalid('Template format error: Description must be a string');
  }
  const template: Template = {
    ...{ version, description, metadata: given['Metadata'] },
    parameters: sectionOf(given, 'Parameters') as Record<string, Members>,
    mappings: sectionOf(given, 'Mappings') as Record<string, Members>,
    conditions: sectionOf(given, 'Conditions'),
    resources: resourcesOf(given),
    outputs: outputsOf(given),
  };
  checkReferences(template);
  checkConditions(template);
  checkCircles(template);
  return template;
}

function sectionOf(given: Members, name: string): Members {
  const section = given[name] ?? {};
  if (typeof section !== 'object' || Array.isArray(section))
    throw invalid(`Template format error: ${name} must be an object.`);
  for (const [key, member] of Object.entries(section as Members)) {
    const isObject = typeof member === 'object' && member !== null && !Array.isArray(member);
    if (!isObject) throw invalid(`Template format error: [/${name}/${key}] must be an object.`);
  }
  return section as Members;
}

function resourcesOf(given: Members): Map<string, TemplateResource> {
  const section = sectionOf(given, 'Resources') as Record<string, Members>;
  if (Object.keys(section).length === 0) {
    throw invalid('Template format error: At least one Resources member must be defined.');
  }
  const unknown: string[] = [];
  for (const [logicalId, { Type: type }] of Object.entries(section)) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) {
      throw invalid(`Template format error: Resource name ${logicalId} is non alphanumeric.`);
    }
    if (typeof type !== 'string') {
      throw invalid(
        `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
      );
    }
    if (!isKnownType(type)) unknown.push(type);
  }
  if (unknown.length > 0) {
    throw invalid(`Template format error: Unrecognized resource types: [${[...new Set(unknown)].join(', ')}]`);
  }
  return new Map(Object.entries(section).map(([id, resource]) => [id, resourceOf(id, resource)]));
}

function resourceOf(logicalId: string, given: Members): TemplateResource {
  for (const name of Object.keys(given)) {
    if (elsewhereMembers.includes(name)) throw notHere(`The attribute ${name} of resource ${logicalId}`);
    if (!resourceMembers.includes(name)) throw invalid(`Invalid template resource property '${name}'`);
  }
  const { Type, Properties = {}, DependsOn = [], Condition, Metadata } = given;
  if (typeof Properties !== 'object' || Properties === null || Array.isArray(Properties)) {
    throw invalid(`Template format error: [/Resources/${logicalId}/Properties] must be an object.`);
  }
  const named = (typeof DependsOn === 'string' ? [DependsOn] : DependsOn) as unknown;
  if (!Array.isArray(named) || !named.every((name) => typeof name === 'string')) {
    throw invalid('Template format error: DependsOn must be a string or list of strings.');
  }
  if (Condition !== undefined && typeof Condition !== 'string') {
    throw invalid('Template format error: Every Condition member must be a string.');
  }
  const deletionPolicy = policy(logicalId, given, 'DeletionPolicy', ['Delete', 'Retain', 'RetainExceptOnCreate']);
  const own = referencesIn(Properties).map(({ name }) => name);
  return {
    ...{ logicalId, type: String(Type), properties: Properties as Members, condition: Condition, deletionPolicy },
    dependsOn: [...new Set([...named, ...own])],
    replacePolicy: policy(logicalId, given, 'UpdateReplacePolicy', ['Delete', 'Retain']),
    metadata: Metadata === undefined ? undefined : JSON.stringify(Metadata),
  };
}

function policy(logicalId: string, given: Members, name: string, allowed: readonly string[]): string {
  const value = given[name] ?? 'Delete';
  if (typeof value === 'string' && allowed.includes(value)) return value;
  if (value === 'Snapshot')
    throw invalid(`Template error: resource type ${String(given['Type'])} does not support deletion policy Snapshot`);
  throw invalid(`Template format error: Unrecognized ${name} ${JSON.stringify(value)} for resource ${logicalId}`);
}

function outputsOf(given: Members): TemplateOutput[] {
  return Object.entries(sectionOf(given, 'Outputs') as Record<string, Members>).map(([key, output]) => {
    const { Value: value, Description: description, Export: exported, Condition: condition, ...rest } = output;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw invalid(`Template format error: Output ${key} has an unknown member ${unknown}.`);
    if (value === undefined || value === null) {
      throw invalid(`Template format error: Every Outputs member must contain a Value object`);
    }
    if (description !== undefined && typeof description !== 'string') {
      throw invalid(`Template format error: Description of output ${key} must be a string.`);
    }
    const exportName = (exported as Members | undefined)?.['Name'];
    if (exported !== undefined && exportName === undefined) {
      throw invalid(`Template format error: Output ${key} is malformed. Export must have a Name.`);
    }
    return { key, value, description, exportName, condition: condition as string | undefined };
  });
}

function checkReferences({ parameters, resources, outputs, conditions }: Template): void {
  const known = (name: string): boolean => name in parameters || resources.has(name) || pseudoParameters.includes(name);
  const check = (value: unknown, block: string): void => {
    const found = referencesIn(value);
    const missing = found.filter(({ name }) => !known(name));
    const [attribute] = missing.filter((reference) => reference.attribute !== undefined);
    if (attribute) {
      throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${attribute.name}`);
    }
    if (missing.length > 0) {
      const names = [...new Set(missing.map(({ name }) => name))].join(', ');
      throw invalid(
        `Template format error: Unresolved resource dependencies [${names}] in the ${block} block of the template`,
      );
    }
    for (const { name, attribute: wanted } of found) {
      const type = resources.get(name)?.type;
      if (wanted === undefined || type === undefined || hasAttribute(type, wanted)) continue;
      throw invalid(`Template error: resource ${name} does not support attribute type ${wanted} in Fn::GetAtt`);
    }
  };
  for (const { properties, dependsOn } of resources.values()) {
    check(properties, 'Resources');
    const missing = dependsOn.filter((name) => !known(name));
    if (missing.length === 0) continue;
    throw invalid(
      `Template format error: Unresolved resource dependencies [${missing.join(', ')}] in the Resources block of the template`,
    );
  }
  for (const { value, exportName } of outputs) check([value, exportName], 'Outputs');
  const inConditions = referencesIn(conditions).filter(({ name }) => resources.has(name) || !known(name));
  if (inConditions.length > 0) {
    const names = [...new Set(inConditions.map(({ name }) => name))].join(', ');
    throw invalid(
      `Template format error: Unresolved dependencies [${names}]. Cannot reference resources in the Conditions block of the template`,
    );
  }
}

/** Names of conditions that are used anywhere. */
function conditionsIn(value: unknown, inCondition: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => conditionsIn(item, inCondition));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const rest = conditionsIn(member, inCondition);
    if (name === 'Fn::If' && Array.isArray(member) && typeof member[0] === 'string') return [member[0], ...rest];
    return inCondition && name === 'Condition' && typeof member === 'string' ? [member] : rest;
  });
}

function checkConditions({ resources, outputs, conditions }: Template): void {
  const check = (names: readonly (string | undefined)[], block: string): void => {
    const missing = names.find((name) => name !== undefined && !(name in conditions));
    if (missing === undefined) return;
    throw invalid(
      `Template format error: Unresolved condition dependency ${missing} in the ${block} block of the template`,
    );
  };
  check(
    [...resources.values()].flatMap(({ properties, condition }) => [condition, ...conditionsIn(properties, false)]),
    'Resources',
  );
  check(
    outputs.flatMap(({ value, condition }) => [condition, ...conditionsIn(value, false)]),
    'Outputs',
  );
  const uses = new Map(Object.entries(conditions).map(([name, value]) => [name, conditionsIn(value, true)]));
  check([...uses.values()].flat(), 'Conditions');
  const circle = circleIn(uses);
  if (circle) throw invalid(`Template format error: Circular dependency between conditions: [${circle.join(', ')}]`);
}

function checkCircles({ resources }: Template): void {
  const uses = [...resources].map(
    ([id, { dependsOn }]) => [id, dependsOn.filter((name) => resources.has(name))] as const,
  );
  const circle = circleIn(new Map(uses));
  if (circle) throw invalid(`Circular dependency between resources: [${circle.join(', ')}]`);
}

/** What is in a circle, or waits for one; undefined when there is none. */
function circleIn(uses: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const left = new Map(uses);
  for (;;) {
    const free = [...left].filter(([, names]) => !names.some((name) => left.has(name)));
    if (free.length === 0) break;
    for (const [name] of free) left.delete(name);
  }
  return left.size > 0 ? [...left.keys()] : undefined;
}
