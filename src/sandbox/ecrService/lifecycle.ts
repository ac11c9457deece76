import { invalidParameter } from '../http/apiError';
import { wildcard } from '../wildcard';
import { isIndex, parseManifest } from './manifest';
import { type Image, type Repository, tagsByDigest } from './repository';

/** A rule of a lifecycle policy, after it has been checked. */
interface Rule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: 'tagged' | 'untagged' | 'any';
    readonly tagPrefixList?: readonly string[];
    readonly tagPatternList?: readonly string[];
    readonly countType: 'imageCountMoreThan' | 'sinceImagePushed';
    /** Only days. */
    readonly countUnit?: string;
    readonly countNumber: number;
  };
  readonly action: { readonly type: 'expire' };
}

/** An image that a policy would delete, and the rule that says so. */
export interface Expiry {
  readonly image: Image;
  readonly priority: number;
}

function refused(text: string): Error {
  return invalidParameter(
    `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: ` +
      `'Lifecycle policy validation failure: ${text}'`,
  );
}

/** Reads a lifecycle policy. @throws ApiError in ECR's words when it is not one. */
export function lifecycleRules(text: string): readonly Rule[] {
  let policy: { rules?: unknown } | null;
  try {
    policy = JSON.parse(text) as { rules?: unknown } | null;
  } catch {
    throw refused('Invalid JSON');
  }
  const rules = policy?.rules;
  if (!Array.isArray(rules) || rules.length === 0) throw refused('object has missing required properties (["rules"])');
  const checked = rules.map((rule) => checkRule(rule as Partial<Rule> | null));
  const priorities = new Set(checked.map(({ rulePriority }) => rulePriority));
  if (priorities.size < checked.length) throw refused('rulePriority must be unique');
  return checked.sort((a, b) => a.rulePriority - b.rulePriority);
}

function checkRule(rule: Partial<Rule> | null): Rule {
  const { rulePriority, selection, action } = rule ?? {};
  if (!Number.isInteger(rulePriority) || Number(rulePriority) < 1) {
    throw refused('rulePriority must be a whole number of at least 1');
  }
  if (typeof selection !== 'object') throw refused('object has missing required properties (["selection"])');
  const { tagStatus, countType, countUnit, countNumber, tagPrefixList = [], tagPatternList = [] } = selection;
  if (!['tagged', 'untagged', 'any'].includes(tagStatus)) throw refused('tagStatus must be tagged, untagged or any');
  const lists = [tagPrefixList, tagPatternList];
  if (!lists.every((list) => Array.isArray(list) && list.every((entry) => typeof entry === 'string'))) {
    throw refused('tagPrefixList and tagPatternList must be lists of texts');
  }
  const named = tagPrefixList.length + tagPatternList.length > 0;
  if (named !== (tagStatus === 'tagged')) {
    throw refused('tagPrefixList or tagPatternList must be given exactly with tagStatus tagged');
  }
  if (!['imageCountMoreThan', 'sinceImagePushed'].includes(countType)) {
    throw refused('countType must be imageCountMoreThan or sinceImagePushed');
  }
  if ((countType === 'sinceImagePushed') !== (countUnit === 'days')) {
    throw refused('countUnit must be days exactly with countType sinceImagePushed');
  }
  if (!Number.isInteger(countNumber) || countNumber < 1) throw refused('countNumber must be at least 1');
  if (action?.type !== 'expire') throw refused('the action of a rule must be expire');
  return rule as Rule;
}

function selects({ selection }: Rule, tags: readonly string[]): boolean {
  if (selection.tagStatus === 'any') return true;
  if (selection.tagStatus === 'untagged') return tags.length === 0;
  // With several prefixes or patterns an image must have a tag for each of them.
  return (
    (selection.tagPrefixList ?? []).every((prefix) => tags.some((tag) => tag.startsWith(prefix))) &&
    (selection.tagPatternList ?? []).every((pattern) => tags.some((tag) => wildcard(pattern, tag, false))) &&
    tags.length > 0
  );
}

/**
 * The images that a policy would delete at `now`. An image belongs to the first rule that selects it, whether that
 * rule deletes it or not; what an index names stays as long as the index.
 */
export function expiries(repository: Repository, rules: readonly Rule[], now: number): Expiry[] {
  const tags = tagsByDigest(repository);
  const children = childrenOf(repository);
  const left = new Set([...repository.images.values()].filter(({ digest }) => !children.has(digest)));
  return rules.flatMap((rule) => {
    const chosen = [...left].filter(({ digest }) => selects(rule, tags.get(digest) ?? []));
    for (const image of chosen) left.delete(image);
    const { countType, countNumber } = rule.selection;
    const newestFirst = chosen.sort((a, b) => b.pushedAt - a.pushedAt);
    const old =
      countType === 'imageCountMoreThan'
        ? newestFirst.slice(countNumber)
        : chosen.filter(({ pushedAt }) => pushedAt < now - countNumber * 86_400_000);
    return old.map((image) => ({ image, priority: rule.rulePriority }));
  });
}

function childrenOf(repository: Repository): Set<string> {
  const indexes = [...repository.images.values()].filter(isIndex);
  return new Set(
    indexes.flatMap(({ manifest, mediaType }) =>
      (parseManifest(manifest, mediaType)?.manifest.manifests ?? []).map(({ digest }) => digest),
    ),
  );
}

/** Deletes what the repository's policy says. */
export function applyLifecycle(repository: Repository, now: number): void {
  if (repository.lifecycle === undefined) return;
  const digests = new Set(
    expiries(repository, lifecycleRules(repository.lifecycle), now).map(({ image }) => image.digest),
  );
  for (const [tag, digest] of repository.tags) if (digests.has(digest)) repository.tags.delete(tag);
  for (const digest of digests) repository.images.delete(digest);
}
