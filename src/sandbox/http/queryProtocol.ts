import type { Shape } from '../model/apiModel';

type Shapes = Readonly<Record<string, Shape>>;

/** Turns `Filter.1.Value=x` of a form body into the structure that the model describes. Unknown names are kept. */
export function readQuery(shapes: Shapes, name: string | null, form: URLSearchParams): Record<string, unknown> {
  const tree: Tree = {};
  for (const [key, value] of form) {
    if (key === 'Action' || key === 'Version') continue;
    put(tree, key.split('.'), value);
  }
  return (name ? fromTree(shapes, name, tree) : tree) as Record<string, unknown>;
}

interface Tree {
  [name: string]: Tree | string;
}

function put(tree: Tree, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  if (head === '__proto__') return;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const next = tree[head];
  const branch: Tree = typeof next === 'object' ? next : {};
  tree[head] = branch;
  put(branch, rest, value);
}

function fromTree(shapes: Shapes, name: string, tree: Tree | string): unknown {
  const shape = shapes[name];
  switch (shape?.t) {
    case 'structure':
      return structureFrom(shapes, shape, tree);
    case 'list':
      return listFrom(shapes, shape, tree);
    case 'boolean':
      return tree === 'true' ? true : tree === 'false' ? false : tree;
    case 'timestamp':
      return typeof tree === 'string' && !Number.isNaN(Date.parse(tree)) ? new Date(tree) : tree;
    case 'integer':
    case 'long':
    case 'double':
      return typeof tree === 'string' && tree.trim() !== '' && !Number.isNaN(Number(tree)) ? Number(tree) : tree;
    default:
      return tree;
  }
}

function structureFrom(shapes: Shapes, shape: Shape, tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const members = Object.entries(tree).map(([name, value]) => {
    const member = Object.hasOwn(shape.m ?? {}, name) ? shape.m?.[name] : undefined;
    return [name, member === undefined ? value : fromTree(shapes, member, value)] as const;
  });
  return Object.fromEntries(members);
}

function listFrom(shapes: Shapes, shape: Shape, tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree === '' ? [] : tree;
  const items = typeof tree['member'] === 'object' ? tree['member'] : tree;
  return Object.entries(items)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => fromTree(shapes, shape.e ?? '', item));
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Writes an answer's members as AWS's Query protocol does: lists as `<member>`, times in ISO 8601. */
export function toXml(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => `<member>${toXml(item)}</member>`).join('');
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `<${name}>${toXml(member)}</${name}>`)
    .join('');
}

/** The document around a successful answer. */
export function queryAnswer(namespace: string, operation: string, answer: unknown, requestId: string): string {
  const result = `<${operation}Result>${toXml(answer)}</${operation}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`;
}

/** The document around an error. */
export function queryError(
  namespace: string,
  code: string,
  message: string,
  status: number,
  requestId: string,
): string {
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = `<Error><Type>${type}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
}
