import type { Container, Task } from '../ecs/model';
import type { Evidence, Finding } from './finding';
import { catalogue, unrecognised, type Signature } from './signatures';

/** A replacement during a deployment, or a scale-in: not a failure. */
const benign = /Scaling activity initiated by|deployment ecs-svc\/\S+ (completed|replaced)/i;

/** Finds the causes behind stopped tasks; the same cause over several tasks is one finding, the commonest first. */
export function diagnose(tasks: readonly Task[]): Finding[] {
  const groups = new Map<string, Finding>();
  for (const task of tasks) {
    if (benign.test(task.stoppedReason ?? '') || task.stopCode === 'UserInitiated') continue;
    const finding = diagnoseTask(task);
    const known = groups.get(finding.signature);
    groups.set(finding.signature, known ? merged(known, finding) : finding);
  }
  return [...groups.values()].sort((a, b) => b.tasks - a.tasks);
}

function diagnoseTask(task: Task): Finding {
  // The container's own reason is nearer to the cause than the task's, which often only says that one exited.
  const container =
    task.containers.find(({ reason }) => reason) ??
    task.containers.find(failed) ??
    task.containers.find(({ exitCode }) => exitCode === 0);
  const texts = [container?.reason, task.stoppedReason, container && exitText(container)].filter(
    (text) => text !== undefined,
  );
  for (const signature of catalogue) {
    for (const text of texts) {
      const match = signature.pattern.exec(text);
      if (match) return toFinding(task, signature, match, text, container);
    }
  }
  const evidence = texts.join(' · ') || (task.stopCode ?? '');
  return {
    ...unrecognised(evidence),
    ...about(task),
    evidence: evidence ? [{ kind: 'stopped', text: evidence, recognised: false }] : [],
  };
}

function merged(a: Finding, b: Finding): Finding {
  return { ...a, tasks: a.tasks + b.tasks, taskArns: [...a.taskArns, ...b.taskArns] };
}

function about(task: Task): Pick<Finding, 'tasks' | 'taskArns' | 'log' | 'action' | 'unread' | 'foundAt'> {
  return { tasks: 1, taskArns: [task.arn], log: undefined, action: undefined, unread: [], foundAt: Date.now() };
}

function toFinding(
  task: Task,
  signature: Signature,
  match: RegExpExecArray,
  text: string,
  container: Container | undefined,
): Finding {
  return {
    signature: signature.id,
    brief: signature.brief,
    cause: signature.cause(match, container?.name ?? ''),
    fix: signature.fix,
    ...about(task),
    evidence: [{ kind: 'stopped', text, recognised: true }] satisfies Evidence[],
    confidence: signature.likely ? 'likely' : 'certain',
  };
}

function failed({ exitCode }: Container): boolean {
  return exitCode !== undefined && exitCode !== 0;
}

/** Exit codes take part in matching as a text of their own. */
function exitText({ exitCode }: Container): string | undefined {
  return exitCode === undefined ? undefined : `exit code ${exitCode}`;
}
