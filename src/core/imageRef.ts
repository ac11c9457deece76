/**
 * An image reference: registry host / repository : tag @ digest, by the grammar of the distribution project
 * (https://pkg.go.dev/github.com/distribution/reference). Never split at ':' — a host may have a port.
 */
export interface ImageReference {
  /** Host and port as written; undefined when the reference names none (then it means Docker Hub). */
  readonly host: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const path = new RegExp(`^${component}(?:/${component})*$`);
const domainLabel = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = new RegExp(`^(?:${domainLabel}(?:\\.${domainLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const tag = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digest = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** True when the text can be an image's tag. */
export const isTag = (text: string): boolean => tag.test(text);

/** Reads an image reference; undefined when the text is not one. */
export function parseImageReference(text: string): ImageReference | undefined {
  let rest = text;
  let digestPart: string | undefined;
  const at = rest.indexOf('@');
  if (at >= 0) {
    digestPart = rest.slice(at + 1);
    rest = rest.slice(0, at);
    if (!digest.test(digestPart)) return undefined;
  }
  let hostPart: string | undefined;
  const slash = rest.indexOf('/');
  const first = slash >= 0 ? rest.slice(0, slash) : '';
  // The grammar's own rule: a first part is a host only if it has a dot, a port, capitals, or is "localhost".
  if (first && (/[.:A-Z]/.test(first) || first === 'localhost')) {
    if (!host.test(first)) return undefined;
    hostPart = first;
    rest = rest.slice(slash + 1);
  }
  const colon = rest.lastIndexOf(':');
  const tagPart = colon >= 0 ? rest.slice(colon + 1) : undefined;
  const repository = colon >= 0 ? rest.slice(0, colon) : rest;
  if (tagPart !== undefined && !tag.test(tagPart)) return undefined;
  if (!path.test(repository) || repository.length > 255) return undefined;
  return { host: hostPart, repository, tag: tagPart, digest: digestPart };
}

/** Writes a reference the way engines and ECS read it. */
export function formatImageReference({ host: h, repository, tag: t, digest: d }: ImageReference): string {
  return `${h ? `${h}/` : ''}${repository}${t ? `:${t}` : ''}${d ? `@${d}` : ''}`;
}

/** Whether two references name the same repository on the same registry, whatever their tags and digests. */
export function sameRepository(a: ImageReference, b: ImageReference): boolean {
  return a.host === b.host && a.repository === b.repository;
}

/** `repository:tag`, or the short digest where there is no tag: what a row has room for. */
export function shortImage(text: string): string {
  const reference = parseImageReference(text);
  if (!reference) return text;
  const name = reference.repository.slice(reference.repository.lastIndexOf('/') + 1);
  if (reference.tag) return `${name}:${reference.tag}`;
  return reference.digest ? `${name}@${shortDigest(reference.digest)}` : name;
}

/** The first twelve hex digits of a digest. */
export function shortDigest(text: string): string {
  return text.slice(text.indexOf(':') + 1).slice(0, 12);
}

/**
 * Why ECR would refuse this repository name, or undefined when it would take it: 2 to 256 characters of
 * `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*` joined by `/` (ECR CreateRepository, repositoryName).
 */
export function repositoryNameProblem(name: string): 'length' | 'characters' | undefined {
  if (name.length < 2 || name.length > 256) return 'length';
  return path.test(name) ? undefined : 'characters';
}
