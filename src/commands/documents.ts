import * as vscode from 'vscode';
import { LazyFiles } from '../ui/lazyFiles';
import { panelType } from './network/networkPlace';
import { isDefinition } from './definitions/definitionName';
import type { Definitions } from './definitions/definitions';
import { definitionScheme, policyScheme, reportScheme, revisionScheme, rolloutScheme } from '../ui/schemes';
import type { NetworkViews } from './network/network';
import type { Shipping } from './shipping';
import type { Verbs } from './verbs';

/** Who makes the documents, and how they say that one has changed. */
export interface DocumentSources {
  /** Loaded on first use. */
  readonly shipping: () => Shipping;
  /** Loaded on first use. */
  readonly verbs: () => Verbs;
  /** Loaded on first use. */
  readonly definitions: () => Definitions;
  /** Loaded on first use. */
  readonly network: () => NetworkViews;
  readonly definitionChanges: vscode.Event<vscode.FileChangeEvent[]>;
  readonly policyChanges: vscode.Event<vscode.FileChangeEvent[]>;
  readonly rolloutChanges: vscode.Event<vscode.FileChangeEvent[]>;
  readonly reportChanges: vscode.Event<vscode.Uri>;
}

/** Registers the documents that Gantry makes: revisions, drafts of them, reports, policies and rollouts. */
export function registerDocuments(sources: DocumentSources): vscode.Disposable {
  const { shipping, verbs, policyChanges, reportChanges, rolloutChanges } = sources;
  const { workspace, languages } = vscode;
  return vscode.Disposable.from(
    workspace.registerTextDocumentContentProvider(revisionScheme, {
      provideTextDocumentContent: (uri, token) => verbs().provideRevision(uri, token),
    }),
    workspace.registerTextDocumentContentProvider(reportScheme, {
      onDidChange: reportChanges,
      provideTextDocumentContent: (uri) => verbs().ecr.reports.provide(uri),
    }),
    languages.registerCodeLensProvider(
      { scheme: reportScheme },
      {
        onDidChangeCodeLenses: (listener) => reportChanges(() => void listener.call(undefined)),
        provideCodeLenses: (document) => verbs().ecr.reports.lenses(document),
      },
    ),
    workspace.registerFileSystemProvider(policyScheme, new LazyFiles(policyChanges, () => verbs().ecr.policies)),
    workspace.registerFileSystemProvider(rolloutScheme, new LazyFiles(rolloutChanges, () => shipping().documents), {
      isReadonly: true,
    }),
    registerDefinitions(sources),
    vscode.window.registerWebviewPanelSerializer(panelType, {
      deserializeWebviewPanel: (panel, state: unknown) => sources.network().restore(panel, state),
    }),
    languages.registerCodeLensProvider(
      { scheme: rolloutScheme },
      { provideCodeLenses: (document) => shipping().lenses(document) },
    ),
  );
}

/** Task definitions that are edited: what can be done with them stands above, what is wrong with them beneath. */
function registerDefinitions({ definitions, definitionChanges }: DocumentSources): vscode.Disposable {
  const { workspace, languages } = vscode;
  const touch = (document: vscode.TextDocument): void => {
    if (isDefinition(document)) definitions().touch(document);
  };
  const lensesChanged = new vscode.EventEmitter<void>();
  workspace.textDocuments.forEach(touch);
  return vscode.Disposable.from(
    lensesChanged,
    definitionChanges(() => lensesChanged.fire()),
    workspace.registerFileSystemProvider(definitionScheme, new LazyFiles(definitionChanges, () => definitions().files)),
    workspace.onDidOpenTextDocument(touch),
    workspace.onDidChangeTextDocument(({ document }) => touch(document)),
    workspace.onDidCloseTextDocument((document) => {
      if (isDefinition(document)) definitions().forget(document);
    }),
    languages.registerCodeLensProvider(
      [{ scheme: definitionScheme }, { scheme: 'file', pattern: '**/*{task-definition,taskdef}*.json' }],
      {
        onDidChangeCodeLenses: lensesChanged.event,
        provideCodeLenses: (document) => definitions().lenses(document),
      },
    ),
  );
}
