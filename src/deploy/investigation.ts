import { nameOf, parseArn } from '../core/arn';
import { isCancelled, reasonOf, GantryError } from '../core/errors';
import { formatImageReference, parseImageReference } from '../core/imageRef';
import { message, type Message } from '../core/message';
import type { EcrGateway } from '../ecr/gateway';
import { newestFirst } from '../ecr/model';
import type { EcsGateway, RawTaskDefinition } from '../ecs/gateway';
import type { Service, ServiceEvent, Task } from '../ecs/model';
import { logDestination } from '../logs/destination';
import type { LogsGateway } from '../logs/gateway';
import type { NetworkGateway } from '../network/gateway';
import type { HopRef } from '../network/hop';
import { matchText, matchTexts, type Found } from './catalogue/order';
import { groupOf, groupTasks, inOrder, toFinding, type DatedText, type Group } from './diagnosis';
import { stoppedTasksOf } from './evidence';
import type { Finding, FixAction, LogExcerpt } from './finding';
import { completeAction, needsTaskDefinition } from './fixActions';
import { endedBadly } from './taskTexts';

/** Whom an investigation asks. ECS is enough for a cause; each of the others tells more. */
export interface Sources {
  readonly ecs: EcsGateway;
  readonly network?: Pick<NetworkGateway, 'targetHealth'>;
  readonly logs?: Pick<LogsGateway, 'listTail'>;
  readonly ecr?: Pick<EcrGateway, 'describeImages'>;
  /** Whether the connection's registry has this host; by default, whether account and Region fit. */
  readonly ownRegistry?: (host: string) => boolean;
  /** Looks into routes and security groups, where an entry says that the network explains more. */
  readonly explainNetwork?: (about: NetworkQuestion, signal: AbortSignal) => Promise<NetworkAnswer | undefined>;
}

/** Something that the network may explain. */
export interface NetworkQuestion {
  readonly cluster: string;
  readonly service: Service | undefined;
  readonly task: Task | undefined;
  /** The id of the catalogue's entry. */
  readonly signature: string;
  /** The evidence, the decisive text first. */
  readonly texts: readonly string[];
  /** Where it was read for another reason. */
  readonly taskDefinition: RawTaskDefinition | undefined;
}

/** What the network lets through, in words, and what would help. */
export interface NetworkAnswer {
  readonly texts: readonly string[];
  /** The hop that the first text is about. */
  readonly hop?: HopRef;
  readonly action?: FixAction;
}

/** What is investigated. */
export interface Subject {
  readonly cluster: string;
  /** With its events, as DescribeServices gives them. */
  readonly service: Service;
  /** `ecs-svc/…` */
  readonly deploymentId: string;
  /** Milliseconds since the epoch; older events are not about it. By default when the deployment was created. */
  readonly since?: number;
  /** What the deployment says about its failure, where ECS's own words are not all. */
  readonly said?: readonly DatedText[];
}

/** What came out, and what could not be read. */
export interface Investigation {
  readonly findings: readonly Finding[];
  readonly unread: readonly Message[];
}

/** How many causes get the log of their container read. */
const readLogs = 3;

/** Lines of a log that are kept. */
const logLines = 20;

/** What is known of a group beyond its tasks. */
interface Details {
  readonly texts: readonly DatedText[];
  readonly log?: LogExcerpt | undefined;
  readonly taskDefinition?: RawTaskDefinition | undefined;
  readonly unread: readonly Message[];
}

/**
 * Gathers the evidence behind a failing deployment, and asks for no more than the causes need. It remembers what it has
 * read, so that asking again while tasks go on failing costs two calls: ListTasks and DescribeTasks.
 */
export class Investigator {
  private readonly definitions = new Map<string, Promise<RawTaskDefinition>>();
  private readonly details = new Map<string, Details>();
  private readonly network = new Map<string, Promise<NetworkAnswer | undefined>>();
  private readonly checks = new Map<string, DatedText>();

  constructor(private readonly sources: Sources) {}

  /** The causes behind a failing deployment, the commonest first. Reading never fails as a whole unless it is cancelled. */
  async investigate(subject: Subject, signal: AbortSignal): Promise<readonly Finding[]> {
    return (await this.look(subject, signal)).findings;
  }

  /** The same, with what could not be read. */
  async look(subject: Subject, signal: AbortSignal): Promise<Investigation> {
    const unread: Message[] = [];
    const { cluster, service, deploymentId } = subject;
    const tasks = await this.optional(
      () => stoppedTasksOf(this.sources.ecs, cluster, service.name, deploymentId, signal),
      (why) => unread.push(message('The stopped tasks could not be read: {0}', why)),
    );
    const said = saidByService(subject);
    const groups = groupTasks(tasks ?? []);
    const isHealth = ({ found }: Group): boolean => found?.ranked.rank === 'health';
    // Target health explains health checks, and services whose tasks run and get no traffic.
    const targets =
      groups.some(isHealth) || groups.length === 0 ? await this.unhealthyTargets(service, unread, signal) : [];
    const checks = this.remember([...targets, ...said.filter((text) => matchText(text)?.ranked.rank === 'health')]);
    const findings: Finding[] = [];
    for (const [index, group] of groups.entries()) {
      const more = isHealth(group) ? checks : [];
      findings.push(await this.finish(group, more, { ...subject, withLog: index < readLogs }, signal));
    }
    const known = merge(findings);
    const rest = ofService([...said, ...targets], known);
    const all = [...known];
    for (const finding of rest)
      all.push(await this.askNetwork(finding, { ...subject, task: undefined, taskDefinition: undefined }, signal));
    return { findings: inOrder(withConsequences(all, said)), unread };
  }

  /** What health checks said goes when its target goes: after a rollback, only healthy ones are there. */
  private remember(checks: readonly DatedText[]): DatedText[] {
    for (const check of checks) this.checks.set(check.text, check);
    return [...this.checks.values()];
  }

  /** The cause behind one stopped task, whoever started it. */
  async lookAtTask(task: Task, signal: AbortSignal): Promise<Investigation> {
    const group = groupOf(task);
    const place = { cluster: task.clusterArn, service: undefined, withLog: true };
    return { findings: [await this.finish(group, [], place, signal)], unread: [] };
  }

  private async finish(
    group: Group,
    more: readonly DatedText[],
    place: { readonly cluster: string; readonly service: Service | undefined; readonly withLog: boolean },
    signal: AbortSignal,
  ): Promise<Finding> {
    const details = await this.detailsOf(group, place.withLog, signal);
    const [task] = group.tasks;
    const texts = [...group.texts, ...more, ...details.texts];
    const best = matchTexts(texts, group.container?.name);
    const action =
      best &&
      completeAction({
        found: best.found,
        texts: [best.text.text, ...texts.map(({ text }) => text)],
        taskDefinition: details.taskDefinition,
        taskDefinitionArn: task?.taskDefinition ?? '',
        container: group.container?.name,
      });
    const kept = texts.filter((text) => text.kind !== 'log' || text === best?.text);
    const finding = toFinding({ ...group, texts: kept }, { log: details.log, action, unread: details.unread });
    return this.askNetwork(finding, { ...place, task, taskDefinition: details.taskDefinition }, signal);
  }

  /** Read once for each cause; an empty log is looked at again, because it arrives after the end of its container. */
  private async detailsOf(group: Group, withLog: boolean, signal: AbortSignal): Promise<Details> {
    const known = this.details.get(group.key);
    if (known && (known.log?.lines.length || !this.wantsLog(group))) return known;
    const details = await this.readDetails(group, withLog, signal);
    this.details.set(group.key, details);
    return details;
  }

  private wantsLog({ found, tasks, container }: Group): boolean {
    const [task] = tasks;
    const came = container?.exitCode !== undefined || task?.startedAt !== undefined;
    return came && !['preparing', 'placement'].includes(found?.ranked.rank ?? '');
  }

  private async readDetails(group: Group, withLog: boolean, signal: AbortSignal): Promise<Details> {
    const [task] = group.tasks;
    const unread: Message[] = [];
    const texts: DatedText[] = [];
    const wantsLog = withLog && this.wantsLog(group) && task !== undefined && this.sources.logs !== undefined;
    const needsDefinition = wantsLog || (group.found && needsTaskDefinition(group.found));
    const taskDefinition =
      task && needsDefinition
        ? await this.optional(
            () => this.definition(task.taskDefinition, signal),
            (why) => unread.push(message('The task definition could not be read: {0}', why)),
          )
        : undefined;
    const log =
      wantsLog && taskDefinition ? await this.readLog(task, group, taskDefinition, unread, signal) : undefined;
    if (task && endedBadly(task, group.container)) texts.push(...linesOf(log));
    if (isMissingImage(group.found)) texts.push(...(await this.registryTexts(group, unread, signal)));
    return { texts, log, taskDefinition, unread };
  }

  private definition(arn: string, signal: AbortSignal): Promise<RawTaskDefinition> {
    const known = this.definitions.get(arn);
    if (known) return known;
    const asked = this.sources.ecs.describeTaskDefinition(arn, signal).then(({ taskDefinition }) => taskDefinition);
    this.definitions.set(arn, asked);
    // A failure is not remembered.
    asked.catch(() => this.definitions.delete(arn));
    return asked;
  }

  private async readLog(
    task: Task,
    { container }: Group,
    taskDefinition: RawTaskDefinition,
    unread: Message[],
    signal: AbortSignal,
  ): Promise<LogExcerpt | undefined> {
    const name = container?.name ?? '';
    const destination = logDestination(taskDefinition, name, task.id);
    if (destination.kind === 'none') {
      unread.push(message('“{0}” keeps no log: it has no logConfiguration.', name));
      return undefined;
    }
    if (destination.kind === 'other') {
      unread.push(message('The log of “{0}” goes to {1}, which Gantry does not read.', name, destination.driver));
      return undefined;
    }
    const { group, stream, region } = destination;
    if (!stream) {
      unread.push(message('The log of “{0}” has no stream prefix, so its stream cannot be told.', name));
      return undefined;
    }
    if (region && region !== parseArn(task.arn)?.region) {
      unread.push(message('The log of “{0}” is in another Region ({1}).', name, region));
      return undefined;
    }
    const lines = await this.optional(
      () => this.sources.logs?.listTail(group, stream, logLines, signal) ?? Promise.resolve([]),
      (why) => unread.push(message('The log of “{0}” could not be read: {1}', name, why)),
    );
    return lines && { group, stream, container: name, lines };
  }

  /** What the registry has instead of an image that cannot be pulled. One call. */
  private async registryTexts(
    { container, tasks }: Group,
    unread: Message[],
    signal: AbortSignal,
  ): Promise<DatedText[]> {
    const reference = parseImageReference(container?.image ?? '');
    const { ecr } = this.sources;
    if (!ecr || !reference?.host || !this.isOwn(reference.host, tasks[0])) return [];
    const { repository, tag, digest } = reference;
    try {
      const { items } = await ecr.describeImages(repository, undefined, signal);
      const there = items.some((image) => (digest ? image.digest === digest : image.tags.includes(tag ?? 'latest')));
      if (there) return [{ kind: 'image', text: `${formatImageReference(reference)} is in the registry by now` }];
      const tags = newestFirst(items).flatMap((image) => image.tags.slice(0, 1));
      const newest = tags.length > 0 ? `the newest are ${tags.slice(0, 5).join(', ')}` : 'it is empty';
      return [
        {
          kind: 'image',
          text: `${repository} has no image with the tag or digest ${digest ?? tag ?? 'latest'}; ${newest}`,
        },
      ];
    } catch (error) {
      if (isCancelled(error)) throw error;
      if (reasonOf(error) === 'notFound')
        return [{ kind: 'image', text: `The repository with name '${repository}' does not exist in the registry` }];
      unread.push(message('The repository “{0}” could not be read: {1}', repository, why(error)));
      return [];
    }
  }

  /** Only the registry of the connection can be asked. */
  private isOwn(host: string, task: Task | undefined): boolean {
    const { account = '', region = '' } = parseArn(task?.arn ?? '') ?? {};
    const isOfTask = new RegExp(`^${account}\\.dkr[.-]ecr(?:-fips)?\\.${region}\\.`).test(host);
    return isOfTask || (this.sources.ownRegistry?.(host) ?? false);
  }

  private async unhealthyTargets(service: Service, unread: Message[], signal: AbortSignal): Promise<DatedText[]> {
    const texts: DatedText[] = [];
    for (const { arn } of service.targetGroups) {
      const targets = await this.optional(
        () => this.sources.network?.targetHealth(arn, signal) ?? Promise.resolve([]),
        (why) => unread.push(message('The health of the targets of “{0}” could not be read: {1}', nameOf(arn), why)),
      );
      for (const { state, reason, description } of targets ?? []) {
        // `initial`, `draining` and those that merely wait are no failures.
        if (state !== 'unhealthy' && !(state === 'unused' && reason?.startsWith('Target.'))) continue;
        const text = [reason, description].filter(Boolean).join(': ');
        if (text && !texts.some((known) => known.text === text)) texts.push({ kind: 'target', text });
      }
    }
    return texts;
  }

  private async askNetwork(
    finding: Finding,
    subject: Omit<NetworkQuestion, 'signature' | 'texts'>,
    signal: AbortSignal,
  ): Promise<Finding> {
    const { explainNetwork } = this.sources;
    const [first] = finding.evidence;
    const entry = first && matchText(first)?.ranked.entry;
    if (!explainNetwork || !entry?.network) return finding;
    const unread = [...finding.unread];
    const texts = finding.evidence.map(({ text }) => text);
    const question = { ...subject, signature: finding.signature, texts };
    const answer = await this.optional(
      () => this.ofNetwork(explainNetwork, question, signal),
      (why) => unread.push(message('The network could not be looked into: {0}', why)),
    );
    const evidence = (answer?.texts ?? []).map((text) => ({ kind: 'network' as const, text, recognised: true }));
    return {
      ...finding,
      evidence: [...finding.evidence, ...evidence],
      action: finding.action ?? answer?.action,
      ...(answer?.hop ? { hop: answer.hop } : {}),
      unread,
    };
  }

  /** The network is looked into once for each cause: that takes many calls. */
  private ofNetwork(
    explain: NonNullable<Sources['explainNetwork']>,
    question: NetworkQuestion,
    signal: AbortSignal,
  ): Promise<NetworkAnswer | undefined> {
    const known = this.network.get(question.signature);
    if (known) return known;
    const asked = explain(question, signal);
    this.network.set(question.signature, asked);
    // A failure is not remembered.
    asked.catch(() => this.network.delete(question.signature));
    return asked;
  }

  /** Runs a reading that may fail; who cancels, cancels everything. */
  private async optional<T>(read: () => Promise<T>, onFailure: (why: string) => unknown): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (isCancelled(error)) throw error;
      onFailure(why(error));
      return undefined;
    }
  }
}

const why = (error: unknown): string =>
  error instanceof GantryError
    ? (error.detail ?? error.message)
    : error instanceof Error
      ? error.message
      : String(error);

const isMissingImage = (found: Found | undefined): boolean =>
  ['imageMissing', 'digestGone', 'repositoryMissing'].includes(found?.ranked.entry.id ?? '');

/** The last lines first: they are nearest to the end. */
function linesOf(log: LogExcerpt | undefined): DatedText[] {
  return [...(log?.lines ?? [])].reverse().map(({ at, text }) => ({ kind: 'log' as const, text, at }));
}

/** Events that say nothing of a failure. */
const ordinary =
  /has (?:started|stopped|begun|reached)|registered \d+ targets|deregistered \d+ targets|deployment completed|is (?:not )?az balanced|tasks are simulated|updated (?:desired|computed)/i;

/** What the service says since its deployment began: events, newest first, and the reason of the deployment. */
function saidByService({ service, deploymentId, since, said = [] }: Subject): DatedText[] {
  const deployment = service.deployments.find(({ id }) => id === deploymentId);
  const begin = since ?? deployment?.createdAt ?? 0;
  const recent = service.events.filter(({ at }) => at >= begin);
  const isOver = !deployment && since !== undefined;
  const events = isOver ? untilSteady(recent) : sinceSteady(recent);
  const texts: DatedText[] = events
    .filter(({ text }) => !ordinary.test(text))
    .map(({ text, at }) => ({ kind: 'event', text, at }));
  if (deployment?.rolloutReason && deployment.rolloutState === 'FAILED')
    texts.push({ kind: 'deployment', text: deployment.rolloutReason });
  return [...texts, ...said];
}

const steadyState = /has reached a steady state/i;

/** A steady state ends what was before it. Events come newest first. */
function sinceSteady(events: readonly ServiceEvent[]): readonly ServiceEvent[] {
  const steady = events.findIndex(({ text }) => steadyState.test(text));
  return steady < 0 ? events : events.slice(0, steady);
}

/** A deployment that was taken back: a steady state came after what is about it. Events come newest first. */
function untilSteady(events: readonly ServiceEvent[]): readonly ServiceEvent[] {
  return events.slice(events.findLastIndex(({ text }) => steadyState.test(text)) + 1);
}

/** Findings of what the service says, apart from what is known already and from mere consequences. */
function ofService(said: readonly DatedText[], known: readonly Finding[]): Finding[] {
  const findings: Finding[] = [];
  for (const text of said) {
    const found = matchText(text);
    if (!found || found.ranked.rank === 'consequence') continue;
    // Health checks of tasks that were stopped for them are explained by the same texts.
    if (found.ranked.rank === 'health' && [...known, ...findings].some(({ evidence }) => evidence.some(isHealthText)))
      continue;
    findings.push(toFinding({ tasks: [], container: undefined, texts: [text] }));
  }
  return merge(findings).filter(({ signature }) => !known.some((each) => each.signature === signature));
}

const isHealthText = (text: DatedText): boolean => matchText(text)?.ranked.rank === 'health';

/** What the deployment says of itself is the end of the evidence, or all there is. */
function withConsequences(findings: readonly Finding[], said: readonly DatedText[]): Finding[] {
  const isConsequence = (text: DatedText): boolean => matchText(text)?.ranked.rank === 'consequence';
  const consequences = unique(said.filter(isConsequence));
  const unknown = unique(said.filter((text) => !matchText(text)));
  const [first, ...others] = findings;
  if (first) {
    const evidence = consequences.map((text) => ({ ...text, recognised: true }));
    return [{ ...first, evidence: [...first.evidence, ...evidence] }, ...others];
  }
  const texts = consequences.length > 0 || unknown.length > 0 ? [...consequences, ...unknown] : [];
  return texts.length > 0 ? [toFinding({ tasks: [], container: undefined, texts })] : [];
}

function unique(texts: readonly DatedText[]): DatedText[] {
  return texts.filter(({ text }, index) => texts.findIndex((other) => other.text === text) === index);
}

/** The same cause twice is one finding. */
function merge(findings: readonly Finding[]): Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.signature, finding.cause]);
    const known = merged.get(key);
    merged.set(key, known ? joined(known, finding) : finding);
  }
  return [...merged.values()];
}

function joined(a: Finding, b: Finding): Finding {
  const texts = new Set(a.evidence.map(({ text }) => text));
  return {
    ...a,
    tasks: a.tasks + b.tasks,
    taskArns: [...a.taskArns, ...b.taskArns],
    evidence: [...a.evidence, ...b.evidence.filter(({ text }) => !texts.has(text))],
    log: a.log ?? b.log,
    action: a.action ?? b.action,
    unread: [...a.unread, ...b.unread],
  };
}
