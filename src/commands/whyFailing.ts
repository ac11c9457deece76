import { primaryOf } from '../ecs/primary';
import { serviceOfTask } from '../ecs/taskGroup';
import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { Command } from '../core/contributions';
import type { Message } from '../core/message';
import { rankOf } from '../deploy/diagnosis';
import { findingsReport, type ReportHead } from '../deploy/findingsReport';
import { hopOf, type Finding } from '../deploy/finding';
import { investigatorFor } from '../deploy/investigatorFor';
import { newestFailedDeployment } from '../deploy/evidence';
import { findService } from '../ecs/findService';
import type { Service, Task } from '../ecs/model';
import { askService, type ServicePlace } from '../ui/askService';
import type { Session } from '../ui/connections';
import { showActions, type Action } from '../ui/errors';
import { formatDate } from '../ui/format';
import { learned } from '../ui/learned';
import type { KeptFindings } from '../ui/keptFindings';
import { withProgress } from '../ui/progress';
import { say } from '../ui/say';
import { sayFinding } from '../ui/verdictMessage';
import { networkPlaceOf, type NetworkPlace } from './network/networkPlace';
import type { ReportLens } from './reports';
import { fixButton, type Fixers, type FixPlace } from './fixes/fixButton';

/** What is asked about: a service, one of its deployments, or one stopped task. */
export type WhyPlace =
  | { readonly kind: 'service'; readonly place: ServicePlace; readonly deploymentId?: string }
  | { readonly kind: 'task'; readonly session: Session; readonly task: Task };

/** What the question needs of the rest. */
export interface WhyContext extends Fixers {
  readonly kept: KeptFindings;
}

/** Everything that came out, and where its fixes belong. */
interface Answer {
  readonly head: ReportHead;
  readonly findings: readonly Finding[];
  readonly unread: readonly Message[];
  readonly place: FixPlace;
}

/** Says why a service, a deployment or a task fails: the cause with a button, and all evidence in a document. */
export async function whyFailing(context: WhyContext, given: WhyPlace | undefined): Promise<void> {
  const title = vscode.l10n.t('Why Is This Failing?');
  const about: WhyPlace = given ?? { kind: 'service', place: await askService(context.connections.session, title) };
  const { signal } = about.kind === 'task' ? about.session : about.place.session;
  const { head, findings, unread, place } = await withProgress(
    title,
    (_, stop) => (about.kind === 'task' ? ofTask(about, stop) : whyServiceFails(context.kept, about, stop)),
    signal,
  );
  const [first] = findings;
  const network = networkOf(findings, place);
  const voice = { say, date: (at: number) => formatDate(at) ?? '' };
  if (first || unread.length > 0) {
    await context.showReport(head.title, findingsReport(head, findings, unread, voice), { lenses: lensesOf(network) });
  }
  if (!first) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0}: nothing is known to fail.', head.title));
    return;
  }
  learned('explained');
  const button = fixButton(context, place, first.action);
  const show: Action = {
    label: vscode.l10n.t('Show Network'),
    run: () => vscode.commands.executeCommand(Command.showNetwork, network),
  };
  void showActions(vscode.window.showErrorMessage, sayFinding(first), [
    ...(button ? [button] : []),
    ...(network ? [show] : []),
  ]);
}

/** The hop that explains a finding, around the service that it is about. */
function networkOf(findings: readonly Finding[], { service }: FixPlace): NetworkPlace | undefined {
  const hop = hopOf(findings);
  return hop && service && { ...networkPlaceOf(service), hop };
}

function lensesOf(network: NetworkPlace | undefined): ReportLens[] {
  if (!network) return [];
  const title = `$(type-hierarchy) ${vscode.l10n.t('Show Network')}`;
  return [{ title, command: Command.showNetwork, argument: network }];
}

async function ofTask({ session, task }: Extract<WhyPlace, { kind: 'task' }>, signal: AbortSignal): Promise<Answer> {
  const { findings, unread } = await investigatorFor(session.connection).lookAtTask(task, signal);
  const head = {
    title: vscode.l10n.t('Why task {0} stopped', task.id.slice(0, 12)),
    about: [task.arn, nameOf(task.taskDefinition), formatDate(task.stoppedAt) ?? ''].filter(Boolean),
  };
  return { head, findings, unread, place: { session, service: await placeOf(session, task, signal) } };
}

/** The service of a task, for the fixes that change one. */
async function placeOf(session: Session, task: Task, signal: AbortSignal): Promise<ServicePlace | undefined> {
  const name = serviceOfTask(task);
  if (!name) return undefined;
  const service = await findService(session.connection.ecs, task.clusterArn, name, signal).catch(() => undefined);
  return service && { session, cluster: nameOf(task.clusterArn), service };
}

/** Why a service, or one of its deployments, fails: from what AWS still has, and from what was found before. */
export async function whyServiceFails(
  kept: KeptFindings,
  { place: { session, cluster, service: known }, deploymentId: given }: Extract<WhyPlace, { kind: 'service' }>,
  signal: AbortSignal,
): Promise<Answer> {
  const { ecs } = session.connection;
  // Read anew: the lists keep no events.
  const service = await findService(ecs, cluster, known.name, signal);
  const investigator = investigatorFor(session.connection);
  const primary = primaryOf(service)?.id ?? '';
  let deploymentId = given ?? primary;
  let { findings, unread } = await investigator.look({ cluster, service, deploymentId }, signal);
  if (!explains(findings) && !given) {
    // After a rollback the newest deployment is a good one; what failed is only in the stopped tasks.
    const failed = await newestFailedDeployment(ecs, cluster, service.name, signal).catch(() => undefined);
    const look = failed && failed !== primary && { cluster, service, deploymentId: failed };
    const found = look ? await investigator.look(look, signal) : undefined;
    if (failed && found && explains(found.findings))
      ({ findings, unread, deploymentId } = { ...found, deploymentId: failed });
  }
  await kept.add(service.arn, deploymentId, findings);
  if (!explains(findings)) {
    const all = await kept.read(service.arn);
    const old = all.find((each) => (given ? each.deploymentId === given : explains(each.findings)));
    if (old) ({ deploymentId, findings } = old);
  }
  const place = { session, service: { session, cluster, service } };
  return { head: headOf(cluster, service, deploymentId), findings, unread, place };
}

/** A mere consequence, such as the circuit breaker, explains nothing. */
function explains(findings: readonly Finding[]): boolean {
  return findings.some((finding) => rankOf(finding) !== 'consequence');
}

function headOf(cluster: string, service: Service, deploymentId: string): ReportHead {
  const deployment = service.deployments.find(({ id }) => id === deploymentId);
  return {
    title: vscode.l10n.t('Why “{0}” is failing', service.name),
    about: [
      `${cluster} / ${service.name} · ${vscode.l10n.t('{0}/{1} running', service.running, service.desired)}`,
      [vscode.l10n.t('Deployment'), deploymentId, nameOf(deployment?.taskDefinition ?? '')].filter(Boolean).join(' '),
      deployment?.rolloutReason ?? '',
    ].filter(Boolean),
  };
}
