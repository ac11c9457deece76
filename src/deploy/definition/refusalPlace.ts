import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { placeOf, type DefinitionDocument, type MemberPath, type Place } from './document';

/**
 * Where in a definition a refusal of ECS belongs: the member that AWS's words name, in the container that they name;
 * the first character where they name none.
 */
export function placeOfRefusal(document: DefinitionDocument, words: string): Place {
  const { tree, prefix } = document;
  if (!tree) return { offset: 0, length: 0 };
  const named = [...new Set(words.match(/[A-Za-z][\w-]*/g) ?? [])];
  const paths = members(findNodeAtLocation(tree, [...prefix]) ?? tree, []);
  const containers = paths.filter(
    ({ path, node }) =>
      path.length === 3 &&
      path[0] === 'containerDefinitions' &&
      path[2] === 'name' &&
      named.includes(String(node.value)),
  );
  const within = containers[0]?.path.slice(0, 2);
  const scope = within ? paths.filter(({ path }) => within.every((part, at) => path[at] === part)) : paths;
  // AWS puts members into quotes; elsewhere a word may be just a word.
  const quoted = Array.from(words.matchAll(/['"‘“](\w+)['"’”]/g), ([, name = '']) => name);
  const wanted = [...quoted, ...named.filter((name) => /[a-z][A-Z]/.test(name))];
  for (const candidates of [scope, paths]) {
    const name = wanted.find((each) => candidates.some(({ path }) => path.at(-1) === each));
    const found = candidates.find(({ path }) => path.at(-1) === name);
    if (name !== undefined && found) return placeOf(document, found.path);
  }
  if (/role is not valid/i.test(words)) return placeOf(document, ['executionRoleArn']);
  if (/fargate configuration/i.test(words)) return placeOf(document, ['cpu']);
  return placeOf(document, containers[0]?.path ?? []);
}

interface Member {
  readonly path: MemberPath;
  readonly node: Node;
}

function members(node: Node, path: MemberPath): Member[] {
  const children = node.children ?? [];
  if (node.type === 'array') return children.flatMap((child, index) => members(child, [...path, index]));
  return children.flatMap(({ children: [key, value] = [] }) => {
    if (!key || !value) return [];
    const own = [...path, String(key.value)];
    return [{ path: own, node: value }, ...members(value, own)];
  });
}
