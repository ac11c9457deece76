import { Document, isMap, Scalar, type Pair, type ScalarTag, type CollectionTag, YAMLSeq } from 'yaml';
import { Intrinsic, type Resource, type Template, type Value } from './ast';

/** Writes a template as a person would: comments over the resources, AWS's short tags, no line breaks in the middle. */
export function writeTemplate(template: Template): string {
  const document = new Document(plain(template), { customTags: tags, version: '1.1' });
  document.commentBefore =
    ' Written by Gantry. Change what you like and deploy it again; the file is yours.\n' +
    ' Without Gantry: aws cloudformation deploy --template-file FILE --stack-name NAME --capabilities CAPABILITY_NAMED_IAM';
  const resources = document.get('Resources');
  if (isMap(resources)) {
    for (const [index, { key }] of (resources.items as Pair<Scalar<string>>[]).entries()) {
      key.commentBefore = ` ${template.resources[key.value]?.comment ?? ''}`;
      key.spaceBefore = index > 0;
    }
  }
  for (const section of isMap(document.contents) ? (document.contents.items as Pair<Scalar<string>>[]) : []) {
    section.key.spaceBefore = section.key.value !== 'AWSTemplateFormatVersion';
  }
  return document.toString({ lineWidth: 0, singleQuote: true });
}

function plain({ description, parameters, conditions, resources, outputs }: Template): Record<string, unknown> {
  const each = <T, R>(all: Readonly<Record<string, T>>, map: (one: T) => R): Record<string, R> =>
    Object.fromEntries(Object.entries(all).map(([key, one]) => [key, map(one)]));
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description,
    ...(Object.keys(parameters).length === 0
      ? {}
      : {
          Parameters: each(parameters, ({ type, description, default: preset }) => ({
            ...{ Type: type, Description: description },
            ...(preset === undefined ? {} : { Default: preset }),
          })),
        }),
    ...(Object.keys(conditions).length === 0 ? {} : { Conditions: conditions }),
    Resources: each(resources, resourceOf),
    Outputs: each(outputs, ({ description, value, condition }) => ({
      ...(condition ? { Condition: condition } : {}),
      ...{ Description: description, Value: value },
    })),
  };
}

function resourceOf({ type, condition, dependsOn, properties }: Resource): Record<string, Value | undefined> {
  return {
    Type: type,
    ...(condition ? { Condition: condition } : {}),
    ...(dependsOn ? { DependsOn: dependsOn.length === 1 ? (dependsOn[0] ?? '') : dependsOn } : {}),
    ...(properties ? { Properties: properties } : {}),
  };
}

const shortTags = ['Ref', 'GetAtt', 'Sub', 'If', 'Equals', 'Not'] as const;

const tags = shortTags.map((name): ScalarTag | CollectionTag => ({
  tag: `!${name}`,
  ...(['Ref', 'GetAtt', 'Sub'].includes(name) ? {} : { collection: 'seq' as const }),
  identify: (value: unknown) => value instanceof Intrinsic && value.tag === name,
  createNode(schema: Parameters<typeof YAMLSeq.from>[0], value: unknown, context: Parameters<typeof YAMLSeq.from>[2]) {
    const { argument } = value as Intrinsic;
    const node = typeof argument === 'string' ? new Scalar(argument) : YAMLSeq.from(schema, [...argument], context);
    node.tag = `!${name}`;
    if (node instanceof YAMLSeq) node.flow = true;
    return node;
  },
  resolve: (value: unknown) => value as string,
})) as (ScalarTag | CollectionTag)[];
