import * as vscode from 'vscode';
import { nameOf } from '../../core/arn';
import { GantryError, reasonOf } from '../../core/errors';
import { message } from '../../core/message';
import { placeOfRefusal } from '../../deploy/definition/refusalPlace';
import { readDefinition } from '../../deploy/definition/document';
import { registerCompared } from '../../deploy/register';
import { differencesOf, revisionInput, type Difference } from '../../deploy/taskDefinition';
import type { DescribedTaskDefinition, RawTaskDefinition } from '../../ecs/gateway';
import { findDeployable } from '../../ecs/findService';
import { askService, type ServicePlace } from '../../ui/askService';
import { confirmChange, requireWritable } from '../../ui/changes';
import { showActions, type Action } from '../../ui/errors';
import { formatTasks } from '../../ui/format';
import { withProgress } from '../../ui/progress';
import { definitionScheme } from '../../ui/schemes';
import type { DefinitionsContext } from './definitions';
import { definitionPlace, type DefinitionPlace } from './definitionPlace';
import type { DefinitionDiagnostics } from './diagnostics';
import { DraftFiles } from './draftFiles';
import { closeTabs } from './drafts';

/** How many changes a question names; the editor beside it shows all. */
const named = 8;

/** What registering works with. */
export interface Registering extends DefinitionsContext {
  readonly files: DraftFiles;
  readonly diagnostics: DefinitionDiagnostics;
}

/** Registers what an editor holds as a new revision, after showing how it differs; a service may run it at once. */
export async function registerDefinition(context: Registering, uri: vscode.Uri, isDeployed: boolean): Promise<void> {
  const place = await definitionPlace(context.connections, context.files, uri);
  const { session, input, base } = place;
  requireWritable(session);
  const target = isDeployed ? await serviceOf(place) : undefined;
  const changes = base ? differencesOf(input, base) : undefined;
  const baseArn = String(base?.taskDefinition['taskDefinitionArn'] ?? '');
  if (changes?.length === 0 && !target) {
    const text = vscode.l10n.t('Nothing differs from {0}, so there is nothing to register.', nameOf(baseArn));
    void vscode.window.showInformationMessage(text);
    return;
  }
  if (base) await showDifference(context, place, base);
  await confirmChange(session, {
    verb: target ? vscode.l10n.t('Register and Deploy') : vscode.l10n.t('Register'),
    question: target
      ? vscode.l10n.t('Register a new revision of “{0}” and deploy it to “{1}”?', familyOf(input), target.service.name)
      : vscode.l10n.t('Register a new revision of “{0}”?', familyOf(input)),
    detail: [...describeChanges(changes, nameOf(baseArn)), ...(target ? [describeDeployment(target)] : [])].join('\n'),
  });
  const revision = changes?.length === 0 ? baseArn : await register(context, place);
  context.onRegistered();
  await showRevision(context, place, revision, target);
  if (target) return context.deploy(target, revision);
  const text = vscode.l10n.t('Registered {0}. No service runs it yet.', nameOf(revision));
  void showActions(vscode.window.showInformationMessage, text, nextSteps(context, place, revision));
}

/** What becomes of a revision. A new family belongs to no service to which it could be deployed. */
function nextSteps(context: Registering, place: DefinitionPlace, revision: string): Action[] {
  const { guard, creation } = context;
  const ref = { session: place.session, revision };
  const deploy = {
    label: vscode.l10n.t('Deploy…'),
    run: () => guard(() => deployRegistered(context, place, revision)),
  };
  return [
    ...(place.isNew && !place.base ? [] : [deploy]),
    { label: vscode.l10n.t('Create Service…'), run: () => guard(() => creation().createService(ref)) },
    { label: vscode.l10n.t('Run Task…'), run: () => guard(() => creation().runDefinition(ref)) },
  ];
}

/** Shows in the diff editor how a definition differs from the revision that it is compared with. */
export async function compareDefinition(context: Registering, uri: vscode.Uri): Promise<void> {
  const place = await definitionPlace(context.connections, context.files, uri);
  if (place.base) return showDifference(context, place, place.base);
  throw new GantryError('notFound', message('There is no revision of “{0}” yet.', familyOf(place.input)));
}

async function register(context: Registering, { document, session, input }: DefinitionPlace): Promise<string> {
  try {
    return await withProgress(
      vscode.l10n.t('Registering “{0}”', familyOf(input)),
      (_, signal) => registerCompared(session.connection.ecs, input, signal),
      session.signal,
    );
  } catch (error) {
    if (error instanceof GantryError && reasonOf(error) === 'refused') {
      const words = error.detail ?? error.message;
      context.diagnostics.refuse(document, placeOfRefusal(readDefinition(document.getText()), words), words);
    }
    throw error;
  }
}

/** The draft has become a revision: that takes its place in the editor. */
async function showRevision(
  { files }: Registering,
  { document, session, service }: DefinitionPlace,
  revision: string,
  target: ServicePlace | undefined,
): Promise<void> {
  if (document.uri.scheme !== definitionScheme) return;
  await closeTabs(document.uri);
  await files.discard(document.uri);
  const place = target ? { cluster: target.cluster, name: target.service.name } : service;
  await vscode.window.showTextDocument(DraftFiles.uriOf({ session, revision, service: place }), { preview: false });
}

async function deployRegistered(context: Registering, place: DefinitionPlace, revision: string): Promise<void> {
  const target = await serviceOf(place);
  await confirmChange(target.session, {
    verb: vscode.l10n.t('Deploy'),
    question: vscode.l10n.t('Deploy {0} to “{1}”?', nameOf(revision), target.service.name),
    detail: describeDeployment(target),
  });
  await context.deploy(target, revision);
}

async function serviceOf({ session, service }: DefinitionPlace): Promise<ServicePlace> {
  if (!service) return askService(session, vscode.l10n.t('Deploy'));
  const { cluster, name } = service;
  return { session, cluster, service: await findDeployable(session.connection.ecs, cluster, name, session.signal) };
}

/** The document stands on the right where it is written as ECS gives it; a file has an order of its own. */
async function showDifference(
  { compare }: Registering,
  { document, input }: DefinitionPlace,
  base: DescribedTaskDefinition,
): Promise<void> {
  const name = nameOf(String(base.taskDefinition['taskDefinitionArn'] ?? ''));
  await compare(
    { name, value: revisionInput(base) },
    document.uri.scheme === definitionScheme
      ? document.uri
      : { name: document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1), value: input },
  );
}

function describeChanges(changes: readonly Difference[] | undefined, base: string): string[] {
  if (!changes) return [vscode.l10n.t('It is the first revision of its family.')];
  if (changes.length === 0) return [vscode.l10n.t('Nothing differs from {0}, which is deployed as it is.', base)];
  const short = (value: unknown): string => {
    const text = value === undefined ? '–' : JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
  };
  return [
    vscode.l10n.t('Differs from {0} in:', base),
    ...changes.slice(0, named).map(({ path, asked, registered }) => `${path}: ${short(registered)} → ${short(asked)}`),
    ...(changes.length > named ? [vscode.l10n.t('and {0} more', changes.length - named)] : []),
  ];
}

function describeDeployment({ cluster, service }: ServicePlace): string {
  return vscode.l10n.t(
    'Replaces {0} of “{1}” in the cluster “{2}”.',
    formatTasks(service.desired),
    service.name,
    cluster,
  );
}

const familyOf = (input: RawTaskDefinition): string => String(input['family']);
