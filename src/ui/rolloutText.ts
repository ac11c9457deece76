import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import type { Finding, LogExcerpt } from '../deploy/finding';
import type { Moment, RolloutRecord, RolloutTask } from '../deploy/rolloutRecord';
import type { RolloutState, Side } from '../deploy/rolloutState';
import { formatDate, formatDuration, wordsOf } from './format';
import { say } from './say';
import { sayCause, verdictText } from './verdictMessage';

/** Columns of a bar. */
const barWidth = 24;

/** Columns of the labels. */
const labelWidth = 14;

/**
 * A rollout as the text of a document: what it is, how far it has come, why it fails, its tasks, and everything that
 * happened. Text of the cloud is quoted line by line, so that none of it can pass for a heading.
 */
export function rolloutText(record: RolloutRecord, now: number): string {
  const sections = [
    head(record, now),
    record.state && !record.verdict ? progress(record.state) : [],
    findings(record.findings),
    tasks(record),
    timeline(record.moments),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function head(record: RolloutRecord, now: number): string[] {
  const { start, subject, verdict, endedAt, address, state } = record;
  const duration = formatDuration((endedAt ?? now) - subject.startedAt);
  const title = verdict ? verdictText(record) : vscode.l10n.t('“{0}” is rolling out ({1}).', start.service, duration);
  const reason = verdict?.reason && verdict.kind !== 'unknown' ? quoted(say(verdict.reason)) : [];
  return [
    `# ${title}`,
    ...reason,
    '',
    field(vscode.l10n.t('Service'), `${start.cluster} / ${start.service}`),
    field(vscode.l10n.t('Image'), subject.image),
    ...(state?.target ? [field(vscode.l10n.t('Revision'), revisions(subject.from, state.target))] : []),
    field(vscode.l10n.t('Deployment'), start.deploymentId),
    field(vscode.l10n.t('Account'), `${subject.account} · ${subject.region}`),
    field(vscode.l10n.t('Started'), formatDate(start.createdAt) ?? ''),
    ...(endedAt ? [field(vscode.l10n.t('Ended'), `${formatDate(endedAt) ?? ''} (${duration})`)] : []),
    ...(address ? [field(vscode.l10n.t('Address'), address)] : []),
  ];
}

function revisions(from: string | undefined, { taskDefinition }: Side): string {
  return from && from !== taskDefinition ? `${nameOf(from)} → ${nameOf(taskDefinition)}` : nameOf(taskDefinition);
}

function progress(state: RolloutState): string[] {
  const { target, sources, failed, failureThreshold, stage, bakeMinutes, alarms, hook, rollingBack } = state;
  const lines = [
    ...(rollingBack ? [field(vscode.l10n.t('Now'), vscode.l10n.t('ECS takes the deployment back'))] : []),
    ...(stage ? [field(vscode.l10n.t('Stage'), stageText(stage, bakeMinutes))] : []),
    ...(target ? [field(vscode.l10n.t('New tasks'), sideText(target))] : []),
    ...sources.map((source) => field(vscode.l10n.t('Old tasks'), sideText(source))),
    ...(failed > 0 ? [field(vscode.l10n.t('Failed tasks'), failureText(failed, failureThreshold))] : []),
    ...(alarms ? [field(vscode.l10n.t('Alarms'), alarmText(alarms))] : []),
    ...(hook ? [field(vscode.l10n.t('Waits'), hookText(hook))] : []),
  ];
  return [`## ${vscode.l10n.t('Progress')}`, ...lines];
}

function sideText({ running, desired, pending, production }: Side): string {
  const words = [
    vscode.l10n.t('{0} of {1} running', running, desired),
    pending > 0 ? vscode.l10n.t('{0} pending', pending) : undefined,
    production === undefined ? undefined : vscode.l10n.t('{0} % of the traffic', production),
  ];
  return `${bar(running, desired)}  ${words.filter(Boolean).join(' · ')}`;
}

function failureText(failed: number, threshold: number | undefined): string {
  if (!threshold) return String(failed);
  return `${bar(failed, threshold)}  ${vscode.l10n.t('{0} of {1} until the circuit breaker trips', failed, threshold)}`;
}

function stageText(stage: string, bakeMinutes: number | undefined): string {
  const name = wordsOf(stage);
  return stage === 'BAKE_TIME' && bakeMinutes
    ? vscode.l10n.t('{0}: both revisions stay for {1} minutes', name, bakeMinutes)
    : name;
}

function alarmText({ names, triggered }: NonNullable<RolloutState['alarms']>): string {
  return triggered.length > 0
    ? vscode.l10n.t('{0} has gone off', triggered.join(', '))
    : vscode.l10n.t('quiet ({0})', names.join(', '));
}

function hookText({ expiresAt, onTimeout }: NonNullable<RolloutState['hook']>): string {
  const then = onTimeout === 'CONTINUE' ? vscode.l10n.t('goes on') : vscode.l10n.t('goes back');
  const until = formatDate(expiresAt);
  return until
    ? vscode.l10n.t('for a person to continue it or roll it back; by itself it {0} at {1}', then, until)
    : vscode.l10n.t('for a person to continue it or roll it back');
}

function findings(all: readonly Finding[]): string[] {
  if (all.length === 0) return [];
  return [
    `## ${all.length === 1 ? vscode.l10n.t('Cause') : vscode.l10n.t('Causes')}`,
    ...all.flatMap((finding, index) => [...(index > 0 ? [''] : []), ...findingLines(finding)]),
  ];
}

/** A finding: its cause, what to do, and what AWS said. */
export function findingLines(finding: Finding): string[] {
  const { fix, evidence, confidence, log, unread } = finding;
  const likely = confidence === 'likely' ? ` (${vscode.l10n.t('likely')})` : '';
  return [
    `✗ ${sayCause(finding)}${likely}`,
    ...(fix ? [`  ${vscode.l10n.t('Fix: {0}', say(fix))}`] : []),
    ...evidence.flatMap(({ text }) => quoted(text)),
    ...(log ? logLines(log) : []),
    ...unread.map((sentence) => `  ${say(sentence)}`),
  ];
}

function logLines({ container, group, lines }: LogExcerpt): string[] {
  if (lines.length === 0) return [`  ${vscode.l10n.t('“{0}” has written nothing ({1}).', container, group)}`];
  return [
    `  ${vscode.l10n.t('The last lines of “{0}” ({1}):', container, group)}`,
    ...lines.flatMap(({ text }) => quoted(text)),
  ];
}

function tasks({ tasks: all, start }: RolloutRecord): string[] {
  if (all.length === 0) return [];
  return [`## ${vscode.l10n.t('Tasks')}`, ...all.map((task) => taskLine(task, task.startedBy === start.deploymentId))];
}

function taskLine(task: RolloutTask, isNew: boolean): string {
  const side = isNew ? vscode.l10n.t('new') : vscode.l10n.t('old');
  const exits = task.containers.filter(({ exitCode }) => exitCode !== undefined);
  const words = [
    wordsOf(task.lastStatus),
    task.health === 'HEALTHY' || task.health === 'UNHEALTHY' ? task.health.toLowerCase() : undefined,
    nameOf(task.taskDefinition),
    task.privateAddress,
    ...exits.map(({ name, exitCode }) => vscode.l10n.t('“{0}” ended with {1}', name, exitCode ?? '')),
    task.stoppedReason?.replace(/\s+/g, ' '),
  ];
  return `${side.padEnd(5)} ${task.id.slice(0, 8)}  ${words.filter(Boolean).join(' · ')}`;
}

function timeline(moments: readonly Moment[]): string[] {
  if (moments.length === 0) return [];
  return [`## ${vscode.l10n.t('Timeline')}`, ...[...moments].reverse().map(momentLine)];
}

function momentLine(moment: Moment): string {
  const time = new Date(moment.at).toLocaleTimeString(vscode.env.language, { hour12: false });
  switch (moment.kind) {
    case 'event':
      return `${time}  ${moment.text.replace(/\s+/g, ' ')}`;
    case 'stage':
      return `${time}  ${vscode.l10n.t('Stage: {0}', wordsOf(moment.text))}`;
    case 'rollback':
      return `${time}  ${vscode.l10n.t('ECS takes the deployment back')}`;
  }
}

function field(label: string, text: string): string {
  return `${`${label}:`.padEnd(labelWidth)} ${text}`;
}

/** Raw text, marked as such. */
export function quoted(text: string): string[] {
  return text.split(/\r?\n/).map((line) => `  │ ${line}`);
}

function bar(part: number, whole: number): string {
  const full = whole > 0 ? Math.round(Math.min(1, part / whole) * barWidth) : 0;
  return '█'.repeat(full) + '░'.repeat(barWidth - full);
}
