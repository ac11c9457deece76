import * as vscode from 'vscode';
import { systemClock } from '../../core/clock';
import { executeChange, ownTags, prepareChange } from '../../provision/stackRun';
import { clusterTemplate } from '../../provision/template/clusterTemplate';
import { writeTemplate } from '../../provision/template/yaml';
import { confirmInProduction, requireWritable } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { withProgress } from '../../ui/progress';
import type { CreationContext } from './creationContext';
import { helpWithPermission } from './permissions';
import { askClusterName, pickSeveral } from './settings/common';
import { showEvents } from './stackProgress';
import { cancelled } from '../../ui/pick';

/**
 * Makes a cluster with Fargate, by a stack of its own.
 * @returns its name
 */
export async function createCluster(
  context: CreationContext,
  session: Session = context.connections.session,
): Promise<string> {
  requireWritable(session);
  const title = vscode.l10n.t('Create Cluster');
  const name = await askClusterName(title, 'main');
  const options = await pickSeveral(
    title,
    vscode.l10n.t('What the cluster should have, beside Fargate and Fargate Spot'),
    [
      {
        label: vscode.l10n.t('Container Insights'),
        description: vscode.l10n.t('metrics of every task; they cost'),
        value: 'insights',
      },
    ],
  );
  if (!options) throw cancelled();
  await confirmInProduction(session, {
    verb: title,
    question: vscode.l10n.t('Create the cluster “{0}”?', name),
    detail: vscode.l10n.t('A cluster costs nothing by itself.'),
  });
  const connection = context.connections.openOwn(session.spec);
  const tools = { stacks: connection.stacks, clock: systemClock };
  const template = writeTemplate(clusterTemplate({ kind: 'new', name, insights: options.includes('insights') }));
  const stack = `${name}-cluster`.replace(/_/g, '-');
  const request = { stack, isNew: true, template, parameters: {}, tags: ownTags };
  try {
    const work = withProgress(
      vscode.l10n.t('Creating “{0}”', name),
      async (progress, signal) => {
        const changeSet = await prepareChange(tools, request, signal);
        if (changeSet) await executeChange(tools, changeSet, showEvents(progress, undefined, 1), signal);
      },
      session.signal,
    );
    await Promise.resolve(work).catch((error: unknown) => helpWithPermission(error, name, template));
    void vscode.window.showInformationMessage(vscode.l10n.t('Created the cluster “{0}”.', name));
    return name;
  } finally {
    connection.dispose();
    context.onChanged();
  }
}
