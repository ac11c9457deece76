import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { GantryError } from '../../core/errors';
import { english, message, type Message } from '../../core/message';
import type { DescribedTaskDefinition, RawTaskDefinition } from '../../ecs/gateway';
import { revisionInput } from '../taskDefinition';

/** The way to a member: `['containerDefinitions', 0, 'image']`. */
export type MemberPath = readonly (string | number)[];

/** A part of a text. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Why a text is no task definition, and where. */
export interface Flaw {
  readonly place: Place;
  readonly sentence: Message;
}

/** A task definition as somebody writes it, in the AWS CLI's format. */
export interface DefinitionDocument {
  readonly text: string;
  /** Undefined where the text is too broken. */
  readonly tree: Node | undefined;
  /** What stands before the members: nothing, or `taskDefinition` in the output of `describe-task-definition`. */
  readonly prefix: MemberPath;
  /** What RegisterTaskDefinition is told; undefined as long as there are flaws. */
  readonly input: RawTaskDefinition | undefined;
  readonly flaws: readonly Flaw[];
}

/**
 * Reads a task definition: the input of RegisterTaskDefinition, or the output of DescribeTaskDefinition, of which the
 * members of a revision that exists are left out. Every other member stays as it is written.
 */
export function readDefinition(text: string): DefinitionDocument {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowEmptyContent: false });
  const broken = errors.map(({ error, offset, length }) => ({
    place: { offset, length },
    sentence: message('This is not JSON: {0}', printParseErrorCode(error)),
  }));
  const isWrapped = tree !== undefined && findNodeAtLocation(tree, ['taskDefinition'])?.type === 'object';
  const prefix = isWrapped ? ['taskDefinition'] : [];
  const flaws = broken.length > 0 || !tree ? broken : missingMembers(tree, prefix);
  const input =
    flaws.length === 0 && tree ? revisionInput(describedIn(JSON.parse(text) as Json, isWrapped)) : undefined;
  return { text, tree, prefix, input, flaws };
}

type Json = Record<string, unknown>;

function describedIn(value: Json, isWrapped: boolean): DescribedTaskDefinition {
  const { tags: own, ...rest } = isWrapped ? (value['taskDefinition'] as Json) : value;
  const tags = (isWrapped ? value['tags'] : undefined) ?? own;
  return { taskDefinition: rest, tags: (Array.isArray(tags) ? tags : []) as DescribedTaskDefinition['tags'] };
}

function missingMembers(tree: Node, prefix: MemberPath): Flaw[] {
  const flaw = (sentence: Message): Flaw => ({ place: startOf(tree), sentence });
  if (tree.type !== 'object') return [flaw(message('A task definition is a JSON object.'))];
  const typeOf = (member: string): string | undefined => findNodeAtLocation(tree, [...prefix, member])?.type;
  return [
    ...(typeOf('family') === 'string' ? [] : [flaw(message('“{0}” is missing.', 'family'))]),
    ...(typeOf('containerDefinitions') === 'array' ? [] : [flaw(message('“{0}” is missing.', 'containerDefinitions'))]),
  ];
}

/** Where a member stands; where it does not, what it would stand in, and the first character for the whole. */
export function placeOf({ tree, prefix }: DefinitionDocument, path: MemberPath): Place {
  if (!tree) return { offset: 0, length: 0 };
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, [...prefix, ...path.slice(0, length)]);
    // Of a list or an object that lacks something, its name is enough: a whole container is no place.
    if (node) return isScalar(node) || !node.parent ? node : nameOf(node);
  }
  return startOf(tree);
}

const isScalar = ({ type }: Node): boolean => type !== 'object' && type !== 'array';

function nameOf(node: Node): Place {
  const name = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  return name ?? startOf(node);
}

const startOf = ({ offset }: Node): Place => ({ offset, length: 1 });

/** Line and column of a character, both from 1. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/**
 * The input of RegisterTaskDefinition that a file holds.
 * @param name of the file
 * @throws GantryError targetInvalid with the first flaw and its place
 */
export function requireDefinition(text: string, name: string): RawTaskDefinition {
  const { input, flaws } = readDefinition(text);
  if (input) return input;
  const { line, column } = positionAt(text, flaws[0]?.place.offset ?? 0);
  const { sentence } = flaws[0] ?? { sentence: message('A task definition is a JSON object.') };
  throw new GantryError(
    'targetInvalid',
    message('{0}:{1}:{2} is no task definition. {3}', name, line, column, english(sentence)),
  );
}
