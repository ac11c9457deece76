import type { Message } from '../core/message';
import { message } from '../core/message';
import { oneLine, wrap } from '../core/plainText';
import { policyDocument } from './fixActions';
import type { Evidence, Finding, FixAction } from './finding';

/** How sentences get into the reader's language, and moments into the reader's way of writing them. */
export interface Voice {
  readonly say: (sentence: Message) => string;
  /** Milliseconds since the epoch. */
  readonly date: (at: number) => string;
}

/** What a report is about. */
export interface ReportHead {
  readonly title: string;
  /** Cluster, deployment and the like, one a line. */
  readonly about: readonly string[];
}

/** What was found about a failure, as plain text: the cause first, then what to do, then what is behind it. */
export function findingsReport(
  { title, about }: ReportHead,
  findings: readonly Finding[],
  unread: readonly Message[],
  voice: Voice,
): string {
  const { say } = voice;
  const lines = [title, ...about.map(oneLine)];
  if (findings.length === 0) lines.push('', say(message('Nothing is known to fail.')));
  for (const [index, finding] of findings.entries()) lines.push('', ...block(finding, index + 1, voice));
  const gaps = [...new Set([...unread, ...findings.flatMap((finding) => finding.unread)].map(say))];
  if (gaps.length > 0) lines.push('', say(message('Could not be read')), ...gaps.map((gap) => `  · ${oneLine(gap)}`));
  return `${lines.join('\n')}\n`;
}

function block(finding: Finding, number: number, voice: Voice): string[] {
  const { say, date } = voice;
  const { cause, fix, tasks, taskArns, action, evidence, log, foundAt } = finding;
  const heading = [certainty(finding), tasks > 0 ? countText(tasks) : undefined].flatMap((each) =>
    each ? say(each) : [],
  );
  const unknown = evidence.filter(({ recognised }) => !recognised);
  return [
    `── ${number} · ${heading.join(' · ')} ${'─'.repeat(24)}`,
    ...paragraph(say(cause)),
    ...(fix ? ['', ...labelled(say(message('What to do')), [say(fix)])] : []),
    ...(action ? ['', ...labelled(say(message('What Gantry can do')), describeAction(action).map(say))] : []),
    ...(action?.kind === 'attachPolicy'
      ? policyDocument(action.statements)
          .split('\n')
          .map((line) => `    ${line}`)
      : []),
    ...section(
      say(message('Evidence')),
      evidence.filter(({ recognised }) => recognised),
      voice,
    ),
    ...section(say(message('Not recognised')), unknown, voice),
    ...(log
      ? [
          '',
          `${say(message('Last lines of “{0}”', oneLine(log.container)))} (${oneLine(log.group)} · ${oneLine(log.stream)})`,
          ...(log.lines.length > 0
            ? log.lines.map(({ at, text }) => `    ${date(at)}  ${oneLine(text)}`)
            : [`    ${say(message('The log is empty.'))}`]),
        ]
      : []),
    ...(taskArns.length > 0 ? ['', ...labelled(say(message('Tasks')), taskArns.slice(0, 10))] : []),
    '',
    say(message('Found: {0}', date(foundAt))),
  ];
}

function certainty({ confidence }: Finding): Message {
  if (confidence === 'certain') return message('Known cause');
  return confidence === 'likely' ? message('Likely cause') : message('Not recognised');
}

const countText = (tasks: number): Message => (tasks === 1 ? message('1 task') : message('{0} tasks', tasks));

function section(title: string, evidence: readonly Evidence[], { date }: Voice): string[] {
  if (evidence.length === 0) return [];
  const lines = evidence.flatMap(({ kind, text, at }) => {
    const [first = '', ...rest] = wrap(oneLine(text), 100);
    return [
      `  ${kind.padEnd(11)}${at === undefined ? '' : `${date(at)}  `}${first}`,
      ...rest.map((line) => `${' '.repeat(13)}${line}`),
    ];
  });
  return ['', title, ...lines];
}

/** What a button would do, in one line or two. */
export function describeAction(action: FixAction): Message[] {
  switch (action.kind) {
    case 'createLogGroup':
      return [message('Create the log group {0}', action.group)];
    case 'createRepository':
      return [message('Create the repository {0}', action.repository)];
    case 'raiseMemory':
      return [message('Give “{0}” more memory in a new revision', action.container)];
    case 'forceDeployment':
      return [message('Start a new deployment of the same revision')];
    case 'rebuild':
      return [message('Build for {0}, push and redeploy', action.platform)];
    case 'attachPolicy':
      return [message('Show the policy to attach to {0}', action.role ?? '—')];
    case 'addIngressRule':
      return [
        message(
          'Let {0} in to {1} on {2} {3}',
          action.source,
          action.securityGroup,
          action.protocol,
          action.fromPort === action.toPort ? action.fromPort : `${action.fromPort}–${action.toPort}`,
        ),
      ];
  }
}

const paragraph = (text: string): string[] => wrap(oneLine(text), 110);

function labelled(label: string, texts: readonly string[]): string[] {
  return [`${label}:`, ...texts.flatMap((text) => paragraph(text).map((line) => `  ${line}`))];
}
