import * as vscode from 'vscode';
import { nameOf } from '../../core/arn';
import { Command } from '../../core/contributions';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import type { ServicePlace } from '../../ui/askService';
import type { Connections } from '../../ui/connections';
import type { Files } from '../../ui/lazyFiles';
import { definitionScheme } from '../../ui/schemes';
import { askRevision } from '../taskDefinitions';
import type { Comparable } from '../reports';
import type { Creation } from '../create/create';
import type { DefinitionsDoor } from '../create/creationContext';
import { isDefinition } from './definitionName';
import { closeTabs, openDraft } from './drafts';
import { DefinitionDiagnostics } from './diagnostics';
import { DraftFiles, isNewFamily, type EditedRevision } from './draftFiles';
import { compareDefinition, registerDefinition } from './registerDefinition';

/** What editing task definitions needs of the rest. */
export interface DefinitionsContext {
  readonly connections: Connections;
  /** Folder in which drafts are kept. */
  readonly drafts: string;
  readonly changes: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  /** Lets a service run a registered revision, and follows. */
  readonly deploy: (place: ServicePlace, revision: string) => Promise<void>;
  readonly compare: (before: Comparable, after: Comparable) => Promise<void>;
  readonly guard: (action: () => unknown) => Promise<void>;
  /** There is a revision that was not there. */
  readonly onRegistered: () => void;
  /** What can be made of a revision, loaded on first use. */
  readonly creation: () => Pick<Creation, 'createService' | 'runDefinition'>;
}

/** Task definitions in the editor. */
export interface Definitions extends vscode.Disposable, DefinitionsDoor {
  readonly files: Files;
  /** Opens a revision to be edited; asks which unless it is said. */
  edit(revision: EditedRevision | undefined): Promise<void>;
  /** Registers a document, the active one unless it is said; `isDeployed` lets a service run it. */
  register(uri: vscode.Uri | undefined, isDeployed: boolean): Promise<void>;
  compare(uri: vscode.Uri | undefined): Promise<void>;
  discard(uri: vscode.Uri | undefined): Promise<void>;
  /** A document has been opened or changed. */
  touch(document: vscode.TextDocument): void;
  forget(document: vscode.TextDocument): void;
  lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]>;
}

/** What `dist/definitions.js` exports. It is loaded when the first task definition is opened. */
export interface DefinitionsModule {
  createDefinitions(context: DefinitionsContext): Definitions;
}

/** Puts the parts together. */
export function createDefinitions(context: DefinitionsContext): Definitions {
  const { connections, drafts, changes } = context;
  const files = new DraftFiles(connections, drafts, changes);
  const diagnostics = new DefinitionDiagnostics(connections, files);
  const registering = { ...context, files, diagnostics };
  return {
    files,
    edit: async (given) => {
      const ref = given ?? (await askRevision(connections.session, vscode.l10n.t('Edit Task Definition')));
      await vscode.window.showTextDocument(DraftFiles.uriOf(ref), { preview: false });
    },
    openDraft: (session, input) => openDraft(files, session, input),
    register: (uri, isDeployed) => registerDefinition(registering, requireDocument(uri), isDeployed),
    compare: (uri) => compareDefinition(registering, requireDocument(uri)),
    discard: (uri) => discard(files, requireDocument(uri)),
    touch: (document) => diagnostics.touch(document),
    forget: (document) => diagnostics.forget(document),
    lenses: (document) => lenses(files, document),
    dispose: () => diagnostics.dispose(),
  };
}

async function discard(files: DraftFiles, uri: vscode.Uri): Promise<void> {
  // Without a revision, nothing is left to be shown.
  if (isNewFamily(uri)) await closeTabs(uri);
  await files.discard(uri);
}

function requireDocument(given: vscode.Uri | undefined): vscode.Uri {
  const active = vscode.window.activeTextEditor?.document;
  const uri = given ?? (active && isDefinition(active) ? active.uri : undefined);
  if (uri) return uri;
  throw new GantryError(
    'notFound',
    message('Open a task definition first: by “Edit Task Definition…”, or a file *task-definition*.json.'),
  );
}

/** What can be done with a definition, above its first line. */
async function lenses(files: DraftFiles, { uri }: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const top = new vscode.Range(0, 0, 0, 0);
  const lens = (title: string, command: string): vscode.CodeLens =>
    new vscode.CodeLens(top, { title, command, arguments: [uri] });
  const edited = uri.scheme === definitionScheme ? files.refOf(uri) : undefined;
  const name = edited && nameOf(edited.revision);
  const register = lens(`$(cloud-upload) ${vscode.l10n.t('Register New Revision…')}`, Command.registerRevision);
  const dismiss = lens(`$(discard) ${vscode.l10n.t('Discard Draft')}`, Command.discardDraft);
  if (edited?.isNew) return [register, dismiss];
  return [
    register,
    lens(
      `$(rocket) ${
        edited?.service
          ? vscode.l10n.t('Register and Deploy to “{0}”…', edited.service.name)
          : vscode.l10n.t('Register and Deploy…')
      }`,
      Command.deployDefinition,
    ),
    lens(
      `$(diff) ${name ? vscode.l10n.t('Compare with {0}', name) : vscode.l10n.t('Compare with the Newest Revision')}`,
      Command.compareDefinition,
    ),
    ...(edited && (await files.hasDraft(uri)) ? [dismiss] : []),
  ];
}
