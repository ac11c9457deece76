import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { familyOf, nameOf } from '../../core/arn';
import { systemClock } from '../../core/clock';
import { GantryError, reasonOf } from '../../core/errors';
import { message } from '../../core/message';
import { allPages, batches } from '../../core/paging';
import type { Image } from '../../ecr/model';
import { kindOf } from '../../provision/stackCause';
import { deleteStack } from '../../provision/stackRun';
import type { Stack, StackResource } from '../../provision/stacks';
import type { ServicePlace } from '../../ui/askService';
import { confirmChange, requireWritable } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { learned } from '../../ui/learned';
import { cancelled } from '../../ui/pick';
import { withProgress } from '../../ui/progress';
import { Targets } from '../../ui/targets';
import type { CreationContext } from './creationContext';
import { showEvents } from './stackProgress';
import { askStack, type StackTarget } from './stackTarget';

/** What goes with a stack. */
interface Inventory {
  readonly stack: Stack;
  readonly resources: readonly StackResource[];
  readonly repository: string | undefined;
  readonly images: readonly Image[];
  /** Revisions that ships have registered beside the stack's own. */
  readonly revisions: readonly string[];
}

/** Deletes the stack of a target with all that is in it, after naming it; images need a yes of their own. */
export async function deleteCreated(context: CreationContext, place: ServicePlace | undefined): Promise<void> {
  const verb = vscode.l10n.t('Delete Everything');
  const made = await askStack(vscode.l10n.t('Delete Everything This Target Created'), place);
  const { chosen, name } = made;
  const { account, region } = chosen?.target ?? {};
  const session = place?.session ?? (await context.connections.sessionFor(account, region));
  requireWritable(session);
  const connection = context.connections.openOwn(session.spec);
  try {
    const inventory = await withProgress(
      vscode.l10n.t('Looking for what “{0}” has', name),
      (_, signal) => takeInventory(connection, made.stack, signal),
      session.signal,
    );
    if (!inventory) return chosen && (await forget(chosen));
    await confirmChange(session, {
      verb,
      question: chosen
        ? vscode.l10n.t('Delete everything that the target “{0}” created?', name)
        : vscode.l10n.t('Delete everything that was created for the service “{0}”?', name),
      detail: lossText(inventory),
    });
    if (inventory.images.length > 0) await confirmImages(session, inventory);
    await remove(context, connection, name, inventory);
    if (chosen) await new Targets().remove(chosen.folder, name);
    learned('deleted');
    void vscode.window.showInformationMessage(vscode.l10n.t('Everything that “{0}” created is gone.', name));
  } finally {
    connection.dispose();
    context.onChanged();
  }
}

async function takeInventory(
  connection: Connection,
  name: string,
  signal: AbortSignal,
): Promise<Inventory | undefined> {
  const stack = await connection.stacks.findStack(name, signal);
  if (!stack) return undefined;
  const resources = await connection.stacks.listResources(stack.id, signal);
  const there = resources.filter(({ status }) => status !== 'DELETE_COMPLETE');
  const idOf = (type: string): string | undefined => there.find((each) => each.type === type)?.physicalId;
  const repository = idOf('AWS::ECR::Repository');
  const definition = idOf('AWS::ECS::TaskDefinition');
  const [images, revisions] = await Promise.all([
    repository ? imagesOf(connection, repository, signal) : [],
    definition
      ? allPages((token) => connection.ecs.listRevisions(familyOf(definition), token, signal))
      : Promise.resolve([]),
  ]);
  return { stack, resources: there, repository, images, revisions: revisions.filter((arn) => arn !== definition) };
}

async function imagesOf(connection: Connection, repository: string, signal: AbortSignal): Promise<Image[]> {
  try {
    return await allPages((token) => connection.ecr.describeImages(repository, token, signal));
  } catch (error) {
    // Deleted by hand meanwhile.
    if (reasonOf(error) === 'notFound') return [];
    throw error;
  }
}

function lossText({ stack, resources, images, repository, revisions }: Inventory): string {
  const lines = resources.map(
    ({ type, physicalId, logicalId }) => `${kindOf(type)} ${nameOf(physicalId ?? logicalId)}`,
  );
  return [
    vscode.l10n.t('CloudFormation deletes the stack “{0}”:', stack.name),
    ...lines,
    ...(images.length > 0
      ? [vscode.l10n.t('{0} images in “{1}”, after another question', images.length, repository ?? '')]
      : []),
    ...(revisions.length > 0
      ? [vscode.l10n.t('{0} further revisions of its task definition are deregistered', revisions.length)]
      : []),
  ].join('\n');
}

async function confirmImages(session: Session, { images, repository }: Inventory): Promise<void> {
  await confirmChange(session, {
    verb: vscode.l10n.t('Delete Images'),
    question: vscode.l10n.t('Delete the {0} images in “{1}” too?', images.length, repository ?? ''),
    detail: vscode.l10n.t('They cannot be brought back. Without them, the repository cannot be deleted.'),
  });
}

async function remove(
  context: CreationContext,
  connection: Connection,
  name: string,
  inventory: Inventory,
): Promise<void> {
  const output = context.shipping().output(name);
  output.heading(vscode.l10n.t('Delete everything of {0}', name));
  await withProgress(vscode.l10n.t('Deleting everything of “{0}”', name), async (progress, signal) => {
    if (inventory.repository) await deleteImages(connection, inventory.repository, inventory.images, signal);
    const onEvent = showEvents(progress, output, inventory.resources.length);
    await deleteStack({ stacks: connection.stacks, clock: systemClock }, inventory.stack, onEvent, signal);
    for (const revision of inventory.revisions) await connection.ecs.deregisterRevision(revision, signal);
  });
}

/** Indexes first: ECR refuses an image as long as an index holds it. */
async function deleteImages(
  { ecr }: Connection,
  repository: string,
  images: readonly Image[],
  signal: AbortSignal,
): Promise<void> {
  let left = images.map(({ digest }) => ({ digest }));
  while (left.length > 0) {
    const failed: string[] = [];
    for (const batch of batches(left, 100)) {
      for (const { id, reason } of await ecr.deleteImages(repository, batch, signal)) {
        if (id.digest) failed.push(id.digest);
        else throw new GantryError('refused', message('ECR did not delete an image: {0}', reason));
      }
    }
    if (failed.length === left.length) {
      throw new GantryError('refused', message('ECR did not delete {0} images of “{1}”.', failed.length, repository));
    }
    left = failed.map((digest) => ({ digest }));
  }
}

/** The stack is gone already; only the target is left of it. */
async function forget({ folder, target }: StackTarget): Promise<void> {
  const verb = vscode.l10n.t('Remove Target');
  const text = vscode.l10n.t('The stack “{0}” is not there any more.', target.stack);
  const detail = vscode.l10n.t('Remove the target “{0}” from the setting gantry.targets?', target.name);
  const answer = await vscode.window.showWarningMessage(text, { modal: true, detail }, verb);
  if (answer !== verb) throw cancelled();
  await new Targets().remove(folder, target.name);
}
