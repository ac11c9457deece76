import * as vscode from 'vscode';
import { LazyFiles } from '../ui/lazyFiles';
import { policyScheme, reportScheme, revisionScheme, rolloutScheme } from '../ui/schemes';
import type { Shipping } from './shipping';
import type { Verbs } from './verbs';

/** Who makes the documents, and how they say that one has changed. */
export interface DocumentSources {
  /** Loaded on first use. */
  readonly shipping: () => Shipping;
  /** Loaded on first use. */
  readonly verbs: () => Verbs;
  readonly policyChanges: vscode.Event<vscode.FileChangeEvent[]>;
  readonly rolloutChanges: vscode.Event<vscode.FileChangeEvent[]>;
}

/** Registers the documents that Gantry makes: revisions, reports, policies and rollouts. */
export function registerDocuments(sources: DocumentSources): vscode.Disposable {
  const { shipping, verbs, policyChanges, rolloutChanges } = sources;
  const { workspace, languages } = vscode;
  return vscode.Disposable.from(
    workspace.registerTextDocumentContentProvider(revisionScheme, {
      provideTextDocumentContent: (uri, token) => verbs().provideRevision(uri, token),
    }),
    workspace.registerTextDocumentContentProvider(reportScheme, {
      provideTextDocumentContent: (uri) => verbs().ecr.reports.provide(uri),
    }),
    workspace.registerFileSystemProvider(policyScheme, new LazyFiles(policyChanges, () => verbs().ecr.policies)),
    workspace.registerFileSystemProvider(rolloutScheme, new LazyFiles(rolloutChanges, () => shipping().documents), {
      isReadonly: true,
    }),
    languages.registerCodeLensProvider(
      { scheme: rolloutScheme },
      { provideCodeLenses: (document) => shipping().lenses(document) },
    ),
  );
}
