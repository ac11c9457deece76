import * as vscode from 'vscode';
import { systemClock } from '../../core/clock';
import { isCancelled } from '../../core/errors';
import { placeOf, readDefinition, type DefinitionDocument, type Place } from '../../deploy/definition/document';
import { lookupProblems, type LookupPlace } from '../../deploy/definition/lookups';
import { definitionProblems, type Problem } from '../../deploy/definition/problems';
import { Remembered } from '../../deploy/preflight/remembered';
import type { Connections, Session } from '../../ui/connections';
import { say } from '../../ui/say';
import { definitionScheme } from '../../ui/schemes';
import type { DraftFiles } from './draftFiles';

/** Milliseconds without a keystroke before a definition is looked at. */
const pause = 400;
/** Milliseconds after which AWS's answer is not waited for. */
const limit = 10_000;
/** Milliseconds for which something missing is believed to be missing. */
const patience = 15_000;

/** Says what is wrong with task definitions while they are written. */
export class DefinitionDiagnostics implements vscode.Disposable {
  private readonly shown = vscode.languages.createDiagnosticCollection('gantry');
  private readonly running = new Map<string, AbortController>();
  private readonly remembered = new Remembered(systemClock, patience);

  constructor(
    private readonly connections: Connections,
    private readonly files: DraftFiles,
  ) {}

  /** A document has been opened or changed. */
  touch(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.running.get(key)?.abort();
    const stop = new AbortController();
    this.running.set(key, stop);
    const timer = setTimeout(() => void this.look(document, stop.signal), pause);
    stop.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  /** A document has been closed. */
  forget({ uri }: vscode.TextDocument): void {
    this.running.get(uri.toString())?.abort();
    this.running.delete(uri.toString());
    this.shown.delete(uri);
  }

  /** ECS has refused a document; its words stand there until the next change. */
  refuse(document: vscode.TextDocument, place: Place, words: string): void {
    const diagnostic = new vscode.Diagnostic(rangeOf(document, place), words, vscode.DiagnosticSeverity.Error);
    diagnostic.source = 'Amazon ECS';
    this.shown.set(document.uri, [...(this.shown.get(document.uri) ?? []), diagnostic]);
  }

  dispose(): void {
    for (const stop of this.running.values()) stop.abort();
    this.shown.dispose();
  }

  private async look(document: vscode.TextDocument, signal: AbortSignal): Promise<void> {
    const definition = readDefinition(document.getText());
    // What is not JSON, or lacks a member, is said by VS Code's own JSON support and the schema.
    const { input } = definition;
    if (!input) return this.shown.delete(document.uri);
    const problems = definitionProblems(input);
    this.show(document, definition, problems);
    try {
      const place = await this.lookupPlace(document.uri, signal);
      if (!place) return;
      const within = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
      const missing = await lookupProblems(place, input, this.remembered, within);
      if (!signal.aborted) this.show(document, definition, [...problems, ...missing]);
    } catch (error) {
      // Looking is an extra: whatever fails is said where it matters, when something is registered.
      if (!isCancelled(error) && !signal.aborted) this.show(document, definition, problems);
    }
  }

  private show(document: vscode.TextDocument, definition: DefinitionDocument, problems: readonly Problem[]): void {
    const diagnostics = problems.map(({ path, severity, sentence, fix }) => {
      const text = fix ? `${say(sentence)} ${say(fix)}` : say(sentence);
      const level = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
      const diagnostic = new vscode.Diagnostic(rangeOf(document, placeOf(definition, path)), text, level);
      diagnostic.source = 'Gantry';
      return diagnostic;
    });
    this.shown.set(document.uri, diagnostics);
  }

  /** Where to ask; undefined where nothing may be asked: the workspace is not trusted, or AWS has not answered yet. */
  private async lookupPlace(uri: vscode.Uri, signal: AbortSignal): Promise<LookupPlace | undefined> {
    if (!vscode.workspace.isTrusted) return undefined;
    const session = uri.scheme === definitionScheme ? this.files.refOf(uri).session : this.connections.session;
    if (uri.scheme !== definitionScheme && !this.connections.answers(session.key)) return undefined;
    const identity = await session.connection.identity(signal);
    return {
      connection: session.connection,
      identity,
      key: session.key,
      isOwnRegistry: ownRegistry(session, identity),
    };
  }
}

function ownRegistry(
  { spec }: Session,
  { account, region }: { readonly account: string; readonly region: string },
): (host: string) => boolean {
  const endpoint = spec.endpoint ? new URL(spec.endpoint).host : undefined;
  return (host) => host === endpoint || host.startsWith(`${account}.dkr.ecr.${region}.`);
}

function rangeOf(document: vscode.TextDocument, { offset, length }: Place): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}
