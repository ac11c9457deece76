import * as vscode from 'vscode';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import type { Target } from '../../deploy/target';
import { changedParameters, executeChange, prepareChange, type StackTools } from '../../provision/stackRun';
import type { Stack } from '../../provision/stacks';
import type { DockerfilePlace } from '../../ui/dockerfiles';
import { withProgress } from '../../ui/progress';
import type { CreationContext } from './creationContext';
import { showEvents } from './stackProgress';

/**
 * The second half of a service of Express Mode, which needs its image from the first moment: builds and pushes, and
 * lets CloudFormation make the service with it.
 */
export async function shipExpress(
  context: CreationContext,
  tools: StackTools,
  { dockerfile, target, stack }: { dockerfile: DockerfilePlace; target: Target; stack: Stack },
): Promise<void> {
  const image = await context.shipping().pushSaved(dockerfile, target);
  const output = context.shipping().output(target.name);
  const made = await withProgress(vscode.l10n.t('Creating “{0}”', target.name), async (progress, signal) => {
    const request = await changedParameters(tools, stack, { Image: image }, signal);
    const changeSet = await prepareChange(tools, request, signal);
    if (!changeSet) throw new GantryError('badAnswer', message('CloudFormation found nothing to create.'));
    return executeChange(tools, changeSet, showEvents(progress, output, changeSet.changes.length), signal);
  });
  context.onChanged();
  const address = made.outputs['Address'];
  const open = vscode.l10n.t('Open in Browser');
  const text = vscode.l10n.t('“{0}” runs.', target.name);
  const answer = await vscode.window.showInformationMessage(text, ...(address ? [open] : []));
  if (answer && address) {
    await vscode.env.openExternal(vscode.Uri.parse(/^https?:/.test(address) ? address : `https://${address}`));
  }
}
