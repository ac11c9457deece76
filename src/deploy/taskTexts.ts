import type { Container, Task } from '../ecs/model';
import type { KindOfText } from './catalogue/order';

/** What a stopped task says, and which of its containers it is about. */
export interface TaskTexts {
  readonly container: Container | undefined;
  readonly texts: readonly KindOfText[];
}

/** A replacement during a deployment, or a scale-in: not a failure. */
const benign =
  /scaling activity initiated by|deployment ecs-svc\/\S+ (?:completed|replaced)|az rebalanc|availability zone rebalanc/i;

/** Stops that come from outside of the task: how its containers ended then is a consequence. */
const fromOutside = /failed (?:elb|container) health checks|unhealthy|spot|deregistration forced|host ec2|maintenance/i;
const outsideCodes = [
  'ServiceSchedulerInitiated',
  'UserInitiated',
  'SpotInterruption',
  'TerminationNotice',
  'InfrastructureHealth',
];

/** True for a stop that nobody has to look into: a replacement, a scale-in, a person. */
export function isBenign({ stoppedReason, stopCode }: Task): boolean {
  return benign.test(stoppedReason ?? '') || stopCode === 'UserInitiated';
}

/** Reads a stopped task: the container's own reason is nearer to the cause than the task's. */
export function textsOf(task: Task): TaskTexts {
  const container = failingContainer(task);
  // The reason is then whatever the caller of StopTask wrote.
  if (task.stopCode === 'UserInitiated') {
    const text = [task.stopCode, task.stoppedReason].filter(Boolean).join(': ');
    return { container, texts: [{ kind: 'stopCode', text }] };
  }
  const exit = container && !isFromOutside(task) ? exitText(container) : undefined;
  const reasons = [container, ...task.containers.filter((other) => other !== container)];
  const texts: KindOfText[] = reasons.flatMap((each) => (each?.reason ? { kind: 'container', text: each.reason } : []));
  // On Fargate the task repeats the container's reason.
  if (task.stoppedReason && !texts.some(({ text }) => text === task.stoppedReason))
    texts.push({ kind: 'stopped', text: task.stoppedReason });
  if (exit) texts.push({ kind: 'exit', text: exit });
  if (task.stopCode) texts.push({ kind: 'stopCode', text: task.stopCode });
  return { container, texts };
}

/** True when the container ended by itself and not well: then the end of its log says why. */
export function endedBadly(task: Task, container: Container | undefined): boolean {
  return (container?.exitCode ?? 0) !== 0 && !isFromOutside(task);
}

function isFromOutside({ stopCode, stoppedReason }: Task): boolean {
  return outsideCodes.includes(stopCode ?? '') || fromOutside.test(stoppedReason ?? '');
}

/** The one with a reason, else the one that ended worst; the others were stopped because of it. */
function failingContainer({ containers }: Task): Container | undefined {
  const ended = containers.filter(({ exitCode }) => exitCode !== undefined);
  return (
    containers.find(({ reason }) => reason) ??
    ended.find(({ exitCode = 0 }) => ![0, 130, 137, 143].includes(exitCode)) ??
    ended.find(({ exitCode }) => exitCode === 137) ??
    ended.find(({ exitCode }) => exitCode !== 0) ??
    ended[0] ??
    (containers.length === 1 ? containers[0] : undefined)
  );
}

function exitText({ name, exitCode }: Container): string | undefined {
  return exitCode === undefined ? undefined : `${name}: exit code ${exitCode}`;
}
