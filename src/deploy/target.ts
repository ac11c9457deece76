import * as v from 'valibot';
import { isTag } from '../core/imageRef';
import { message, type Message } from '../core/message';

const text = v.pipe(v.string(), v.nonEmpty());

/** Paths in a target stay inside the workspace folder: a shared setting must not reach other files. */
const relativePath = v.pipe(
  text,
  v.check(
    (path) => !/^([/\\~]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..'),
    'must be a path inside the workspace folder',
  ),
);

const targetSchema = v.strictObject({
  name: text,
  dockerfile: relativePath,
  context: relativePath,
  stage: v.optional(text),
  platform: v.optional(v.pipe(text, v.regex(/^(linux|windows)\/[a-z0-9]+(\/v\d+)?$/, 'must look like linux/amd64'))),
  buildArguments: v.optional(v.record(v.string(), v.string())),
  tag: v.optional(text),
  account: v.optional(v.pipe(text, v.regex(/^\d{12}$/, 'must be twelve digits'))),
  region: v.optional(text),
  repository: v.optional(text),
  cluster: v.optional(text),
  service: v.optional(text),
  container: v.optional(text),
  taskDefinition: v.optional(relativePath),
  stack: v.optional(text),
  template: v.optional(relativePath),
  confirm: v.optional(v.boolean()),
});

/**
 * Where a Dockerfile goes. Saved in the workspace setting `gantry.targets`, so that it can be shared in the
 * repository; names, not ARNs, and nothing of the person who made it: the account and Region keep a target from being
 * shipped to another account by whoever has another profile.
 */
export type Target = v.InferOutput<typeof targetSchema>;

/** The tag rule of a target that says nothing: the short commit, marked when the tree is dirty. */
export const defaultTagRule = '{commit}';

/** One entry of the setting that is not a target, with what is wrong about it. */
export interface TargetProblem {
  readonly index: number;
  readonly sentence: Message;
  /** The Dockerfile that the entry names, where it names one: the entry may have been meant for it. */
  readonly dockerfile: string | undefined;
}

/** Reads `gantry.targets`. Malformed entries become problems; the others stay usable. */
export function parseTargets(setting: unknown): { targets: Target[]; problems: TargetProblem[] } {
  const targets: Target[] = [];
  const problems: TargetProblem[] = [];
  const refuse = (index: number, sentence: Message, entry?: unknown): void =>
    void problems.push({ index, sentence, dockerfile: dockerfileOf(entry) });
  if (setting === undefined || setting === null) return { targets, problems };
  if (!Array.isArray(setting)) {
    refuse(0, message('The setting gantry.targets is not a list.'));
    return { targets, problems };
  }
  setting.forEach((entry: unknown, index) => {
    const result = v.safeParse(targetSchema, entry);
    if (!result.success) {
      refuse(index, problemSentence(index, result.issues[0]), entry);
    } else if (targets.some(({ name }) => name === result.output.name)) {
      refuse(index, message('Two entries of gantry.targets have the name “{0}”.', result.output.name), entry);
    } else {
      targets.push(result.output);
    }
  });
  return { targets, problems };
}

function dockerfileOf(entry: unknown): string | undefined {
  const dockerfile = (entry as { dockerfile?: unknown } | null | undefined)?.dockerfile;
  return typeof dockerfile === 'string' ? dockerfile : undefined;
}

function problemSentence(index: number, issue: v.BaseIssue<unknown>): Message {
  const where = v.getDotPath(issue);
  return where
    ? message('Entry {0} of gantry.targets: “{1}” is wrong ({2}).', index + 1, where, issue.message)
    : message('Entry {0} of gantry.targets is not a target ({1}).', index + 1, issue.message);
}

/** Whether a target says enough to push without a question. */
export function canPush(target: Target): target is Target & { repository: string } {
  return target.repository !== undefined;
}

/** Whether a target says enough to redeploy without a question. */
export function canShip(
  target: Target,
): target is Target & { repository: string; cluster: string; service: string; container: string } {
  return canPush(target) && Boolean(target.cluster && target.service && target.container);
}

/** Where a target goes, in a line. */
export function describeTarget({ repository, cluster, service, stage }: Target): string {
  return [repository, cluster && service ? `${cluster} / ${service}` : undefined, stage].filter(Boolean).join(' · ');
}

/** What a tag rule may use. */
export interface TagFacts {
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly dirty: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Makes a tag from a rule. `{commit}` is the short git commit, with `-dirty-<time>` when the tree is dirty (two
 * different dirty trees must not share a tag); outside a repository it is the time. `{branch}` and `{time}` say
 * themselves. Characters that no tag may have become `-`.
 */
export function makeTag(rule: string, facts: TagFacts): string {
  const time = new Date(facts.now).toISOString().replace(/[-:]/g, '').slice(0, 15);
  const commit = facts.commit ? `${facts.commit}${facts.dirty ? `-dirty-${time}` : ''}` : time;
  const values: Record<string, string> = { commit, branch: facts.branch ?? 'detached', time };
  const tag = rule
    .replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole)
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128);
  return isTag(tag) ? tag : time;
}
