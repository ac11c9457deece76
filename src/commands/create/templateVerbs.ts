import * as vscode from 'vscode';
import { isMap, parseDocument } from 'yaml';
import type { Connection } from '../../aws/api';
import { systemClock } from '../../core/clock';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { findService } from '../../ecs/findService';
import { summarize } from '../../ecs/taskDefinition';
import { kindOf } from '../../provision/stackCause';
import { dropChange, executeChange, ownTags, prepareChange, type StackTools } from '../../provision/stackRun';
import type { ChangeSet, Stack, StackChange } from '../../provision/stacks';
import type { ServicePlace } from '../../ui/askService';
import { confirmChange, requireWritable } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { withProgress } from '../../ui/progress';
import { Targets } from '../../ui/targets';
import type { CreationContext } from './creationContext';
import { showTemplate } from './permissions';
import { showEvents } from './stackProgress';
import { askStack, askStackTarget, type StackTarget } from './stackTarget';

/** Opens the template of a target: the file of the workspace, or what CloudFormation has, kept in a file on wish. */
export async function editTemplate(context: CreationContext, place: ServicePlace | undefined): Promise<void> {
  const { stack, chosen } = await askStack(vscode.l10n.t('Edit Template'), place);
  if (!chosen) {
    // It belongs to no file of the workspace.
    const { connection, signal } = place?.session ?? context.connections.session;
    return showTemplate(await connection.stacks.readTemplate(stack, signal));
  }
  const { target, folder } = chosen;
  if (target.template) {
    const uri = vscode.Uri.joinPath(folder.uri, target.template);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    return;
  }
  const session = place?.session ?? (await context.connections.sessionFor(target.account, target.region));
  const template = await session.connection.stacks.readTemplate(target.stack, session.signal);
  const keep = vscode.l10n.t('Keep in the Workspace');
  const show = vscode.l10n.t('Show Only');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Keep the template of “{0}” in the workspace?', target.name),
    {
      modal: true,
      detail: vscode.l10n.t('It is written to {0}; “Deploy Template” deploys it again.', fileFor(target)),
    },
    ...[keep, show],
  );
  if (answer === show) return showTemplate(template);
  if (answer !== keep) return;
  const uri = vscode.Uri.joinPath(folder.uri, fileFor(target));
  await vscode.workspace.fs.writeFile(uri, Buffer.from(template));
  await new Targets().save(folder, { ...target, template: fileFor(target) });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** Deploys the template of the workspace again: the changes are shown first, and the image that runs stays. */
export async function deployTemplate(context: CreationContext, given: vscode.Uri | undefined): Promise<void> {
  const title = vscode.l10n.t('Deploy Template');
  const { folder, target } = await targetOf(given, title);
  const uri = vscode.Uri.joinPath(folder.uri, target.template ?? fileFor(target));
  const session = await context.connections.sessionFor(target.account, target.region);
  requireWritable(session);
  await vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())?.save();
  const template = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  const connection = context.connections.openOwn(session.spec);
  const tools = { stacks: connection.stacks, clock: systemClock };
  try {
    const changeSet = await withProgress(
      title,
      (_, signal) => prepareUpdate(connection, tools, target, template, signal),
      session.signal,
    );
    if (!changeSet) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The stack “{0}” is as the template says.', target.stack),
      );
      return;
    }
    await confirmUpdate(session, tools, target, changeSet);
    const output = context.shipping().output(target.name);
    output.heading(vscode.l10n.t('Deploy the template of {0}', target.name));
    await withProgress(vscode.l10n.t('Updating “{0}”', target.stack), (progress, signal) =>
      executeChange(tools, changeSet, showEvents(progress, output, changeSet.changes.length), signal),
    );
    void vscode.window.showInformationMessage(vscode.l10n.t('The stack “{0}” is up to date.', target.stack));
  } finally {
    connection.dispose();
    context.onChanged();
  }
}

type StackedTarget = StackTarget['target'];

/** Where the template of a target is kept. */
function fileFor({ name }: StackedTarget): string {
  return `${name}.template.yaml`;
}

async function targetOf(given: vscode.Uri | undefined, title: string): Promise<StackTarget> {
  const folder = given && vscode.workspace.getWorkspaceFolder(given);
  if (!given || !folder) return askStackTarget(title, undefined);
  const relative = vscode.workspace.asRelativePath(given, false);
  const target = new Targets().list(folder).find((each) => each.template === relative && each.stack);
  if (target?.stack) return { folder, target: { ...target, stack: target.stack } };
  throw new GantryError('targetInvalid', message('No target of gantry.targets names {0} as its template.', relative));
}

/** The image that runs now is given again: a template deployed without it would bring back the one of before. */
async function prepareUpdate(
  connection: Connection,
  tools: StackTools,
  target: StackedTarget,
  template: string,
  signal: AbortSignal,
): Promise<ChangeSet | undefined> {
  const stack = await tools.stacks.findStack(target.stack, signal);
  if (!stack) {
    throw new GantryError('notFound', message('The stack “{0}” is not there any more.', target.stack));
  }
  const running = await runningParameters(connection, target, stack, signal);
  const declared = declaredParameters(template);
  const parameters = Object.fromEntries(Object.entries(running).filter(([name]) => declared.has(name)));
  const kept = Object.keys(stack.parameters).filter((name) => !(name in parameters) && declared.has(name));
  return prepareChange(tools, { stack: stack.name, isNew: false, template, parameters, kept, tags: ownTags }, signal);
}

async function runningParameters(
  connection: Connection,
  { cluster = '', service = '', container }: StackedTarget,
  stack: Stack,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const found = await findService(connection.ecs, cluster, service, signal);
  if (!found.taskDefinition || found.desired === 0) return {};
  const { containers } = summarize(await connection.ecs.describeTaskDefinition(found.taskDefinition, signal));
  const image = containers.find(({ name }) => name === container)?.image;
  return {
    ...(image ? { Image: image } : {}),
    ...('DesiredCount' in stack.parameters ? { DesiredCount: String(found.desired) } : {}),
  };
}

/** Names of the parameters that a template has: CloudFormation refuses values for others. */
function declaredParameters(template: string): Set<string> {
  const section = parseDocument(template, { logLevel: 'silent' }).get('Parameters');
  return new Set(isMap(section) ? section.items.map(({ key }) => String(key)) : []);
}

async function confirmUpdate(
  session: Session,
  tools: StackTools,
  { stack }: StackedTarget,
  changeSet: ChangeSet,
): Promise<void> {
  try {
    await confirmChange(session, {
      verb: vscode.l10n.t('Deploy'),
      question: vscode.l10n.t('Deploy the template to the stack “{0}”?', stack),
      detail: changeSet.changes.map(changeText).join('\n'),
    });
  } catch (error) {
    await dropChange(tools, changeSet, false).catch(() => undefined);
    throw error;
  }
}

function changeText({ action, type, logicalId, replacement }: StackChange): string {
  const what = `${kindOf(type)} ${logicalId}`;
  if (action === 'Add') return vscode.l10n.t('+ {0}', what);
  if (action === 'Remove') return vscode.l10n.t('− {0} is deleted', what);
  if (replacement === 'True') return vscode.l10n.t('± {0} is made anew, the old one is deleted', what);
  return vscode.l10n.t('~ {0} changes', what);
}
