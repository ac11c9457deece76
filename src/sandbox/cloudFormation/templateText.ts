import type * as yamlLibrary from 'yaml';
import type { Document, Node } from 'yaml';
import { invalid } from './errors';
import type { Members } from './types';

/** Reads a template in JSON or YAML. @throws ApiError in CloudFormation's words when it is neither. */
export async function readTemplate(text: string): Promise<Members> {
  const value = text.trimStart().startsWith('{') ? fromJson(text) : await fromYaml(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw invalid('Template format error: unsupported structure.');
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const at = Number(/position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? text.length);
    const lines = text.slice(0, at).split('\n');
    throw notWellFormed('JSON', lines.length, (lines.at(-1)?.length ?? 0) + 1);
  }
}

function notWellFormed(form: string, line: number, column: number): Error {
  return invalid(`Template format error: ${form} not well-formed. (line ${line}, column ${column})`);
}

/** CloudFormation reads YAML 1.1 without its dates and its merges. The parser is loaded when it is needed first. */
async function fromYaml(text: string): Promise<unknown> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    ...{ version: '1.1', schema: 'yaml-1.1', merge: false, lineCounter: lines, logLevel: 'silent' },
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':timestamp')),
  });
  const place = (offset: number): Error => {
    const { line, col } = lines.linePos(offset);
    return notWellFormed('YAML', line, col);
  };
  const [error] = document.errors;
  if (error) throw place(error.pos[0]);
  return new YamlValues(yaml, document, place).of(document.contents);
}

type Yaml = typeof yamlLibrary;

/** Turns nodes into plain values and short tags into the functions that they stand for. */
class YamlValues {
  readonly #yaml: Yaml;
  readonly #document: Document;
  readonly #place: (offset: number) => Error;

  constructor(yaml: Yaml, document: Document, place: (offset: number) => Error) {
    this.#yaml = yaml;
    this.#document = document;
    this.#place = place;
  }

  of(node: unknown): unknown {
    if (node === null || node === undefined) return null;
    if (this.#yaml.isAlias(node)) {
      throw invalid('Template format error: YAML aliases are not allowed in CloudFormation templates');
    }
    const plain = this.#plain(node as Node);
    const { tag, range } = node as Node & { tag?: string };
    if (tag === undefined || !tag.startsWith('!')) return plain;
    const made = shortTag(tag.slice(1), plain);
    if (made === undefined) throw this.#place(range?.[0] ?? 0);
    return made;
  }

  #plain(node: Node): unknown {
    const { isMap, isSeq, isScalar } = this.#yaml;
    if (isMap(node)) {
      return Object.fromEntries(node.items.map(({ key, value }) => [String(this.of(key)), this.of(value)]));
    }
    if (isSeq(node)) return node.items.map((item) => this.of(item));
    return isScalar(node) ? node.value : node.toJS(this.#document);
  }
}

const functions = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAZs', 'If', 'ImportValue', 'Join', 'Not', 'Or'],
  ...['Select', 'Split', 'Sub', 'Transform'],
];

function shortTag(name: string, value: unknown): Members | undefined {
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt') {
    const dot = typeof value === 'string' ? value.indexOf('.') : -1;
    const parts = dot > 0 ? [String(value).slice(0, dot), String(value).slice(dot + 1)] : value;
    return { 'Fn::GetAtt': parts };
  }
  return functions.includes(name) ? { [`Fn::${name}`]: value } : undefined;
}
