import { english, message } from '../core/message';
import type { Container, Task } from '../ecs/model';
import { matchText, matchTexts, normalise, type Found, type KindOfText, type Rank } from './catalogue/order';
import type { Evidence, Finding } from './finding';
import { isBenign, textsOf } from './taskTexts';

/** A text with when it was said, where that is known. */
export interface DatedText extends KindOfText {
  readonly at?: number | undefined;
}

/** Stopped tasks that say the same, as the start of a finding. */
export interface Group {
  readonly key: string;
  /** Newest first. */
  readonly tasks: readonly Task[];
  readonly container: Container | undefined;
  readonly texts: readonly DatedText[];
  readonly found: Found | undefined;
}

/** Finds the causes behind stopped tasks; the same cause over several tasks is one finding, the commonest first. */
export function diagnose(tasks: readonly Task[]): Finding[] {
  return inOrder(groupTasks(tasks).map((group) => toFinding(group)));
}

/** Stopped tasks by what stopped them, without those that nobody has to look into. */
export function groupTasks(tasks: readonly Task[]): Group[] {
  const groups = new Map<string, Group>();
  const newestFirst = tasks.filter((task) => !isBenign(task)).sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0));
  for (const task of newestFirst) {
    const group = groupOf(task);
    const known = groups.get(group.key);
    groups.set(group.key, known ? { ...known, tasks: [...known.tasks, task] } : group);
  }
  return [...groups.values()];
}

/** What one stopped task says. */
export function groupOf(task: Task): Group {
  const { container, texts } = textsOf(task);
  const found = decisive(texts, container?.name)?.found;
  const key = found
    ? `${found.ranked.entry.id} ${english(found.ranked.entry.cause(found))}`
    : `? ${texts.map(({ text }) => withoutNumbers(text)).join('|')}`;
  return { key, tasks: [task], container, texts, found };
}

/** What is known beyond what the tasks say. */
export type Extras = Partial<Pick<Finding, 'log' | 'action' | 'unread'>>;

/** The finding of texts, with those tasks that they stopped. */
export function toFinding(
  { tasks, container, texts }: Pick<Group, 'tasks' | 'container' | 'texts'>,
  extras: Extras = {},
): Finding {
  const best = decisive(texts, container?.name);
  const about = {
    tasks: tasks.length,
    taskArns: tasks.map(({ arn }) => arn),
    evidence: evidenceOf(texts, best?.text, container?.name),
    log: extras.log,
    action: extras.action,
    unread: extras.unread ?? [],
    foundAt: Date.now(),
  };
  if (!best) return { ...unrecognised(texts), ...about };
  const { entry } = best.found.ranked;
  return {
    signature: entry.id,
    brief: entry.brief,
    cause: entry.cause(best.found),
    fix: entry.fix,
    confidence: entry.confidence ?? 'certain',
    ...about,
  };
}

/** The text that explains most. A mere consequence does not count where another text is not understood. */
function decisive<T extends KindOfText>(
  texts: readonly T[],
  container = '',
): { readonly found: Found; readonly text: T } | undefined {
  const best = matchTexts(texts, container);
  if (best?.found.ranked.rank !== 'consequence') return best;
  return texts.every((text) => matchText(text)) ? best : undefined;
}

/** Where a finding’s entry stands in the order; what nobody knows is no consequence. */
export function rankOf(finding: Finding): Rank | undefined {
  const [first] = finding.evidence;
  return first && matchText(first)?.ranked.rank;
}

/** The commonest first; what is only a consequence comes last. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const weight = (finding: Finding): number => (rankOf(finding) === 'consequence' ? 1 : 0);
  const position = ({ evidence: [first] }: Finding): number => (first && matchText(first)?.ranked.position) ?? Infinity;
  return [...findings].sort((a, b) => weight(a) - weight(b) || b.tasks - a.tasks || position(a) - position(b));
}

function evidenceOf(
  texts: readonly DatedText[],
  first: DatedText | undefined,
  container: string | undefined,
): Evidence[] {
  const rest = texts.filter((each) => each !== first);
  return (first ? [first, ...rest] : rest).map(({ kind, text, at }) => ({
    kind,
    text,
    ...(at === undefined ? {} : { at }),
    // What the registry has is said in Gantry's own words.
    recognised: kind === 'image' || matchText({ kind, text }, container) !== undefined,
  }));
}

/** What is said when nothing matches: the raw text, never a guess. */
function unrecognised(
  texts: readonly KindOfText[],
): Pick<Finding, 'signature' | 'brief' | 'cause' | 'fix' | 'confidence'> {
  const unknown = texts.filter((each) => !matchText(each));
  const text = unknown.map((each) => each.text).join(' · ');
  return {
    signature: 'unrecognised',
    brief: text ? message('{0}', normalise(text).slice(0, 80)) : message('stopped without a reason'),
    cause: text ? message('Not recognised: {0}', text) : message('A task stopped without a reason.'),
    fix: undefined,
    confidence: 'unrecognised',
  };
}

/** Ids and numbers differ from task to task where the cause is the same. */
function withoutNumbers(text: string): string {
  return normalise(text).replace(/[0-9a-f]{8,}|\d+/gi, '#');
}
