import type * as vscode from 'vscode';
import type { ImageRowMaker } from '../explorer/ecrNodes';
import { imageRows } from '../explorer/imageRows';
import { revealPlace } from '../explorer/reveal';
import type { Views } from '../explorer/views';
import type { Task } from '../ecs/model';
import type { ServicePlace } from '../ui/askService';
import type { Session } from '../ui/connections';
import { SandboxHost } from '../ui/sandboxHost';
import type { EcrContext } from './ecrPlace';
import { createEcrVerbs, type EcrVerbs } from './ecrVerbs';
import { goTo, type GoToKind } from './goTo';
import { runTaskLike } from './runTask';
import { scaleService, setExec } from './changeService';
import { addConnection, editConnection, removeConnection } from './connectionList';
import { openInBrowser } from './openInBrowser';
import { openSample } from './openSample';
import { clearFilter, filterServices, sortServices } from './serviceView';
import { sandboxMenu, startSandbox, stopSandbox } from './sandboxCommands';
import { signIn } from './signIn';
import { switchConnection } from './switchConnection';
import { stopTasks } from './stopTasks';
import { compareRevisions, provideRevision, viewTaskDefinition, type RevisionRef } from './taskDefinitions';

/** A task with the connection that it was found over. */
export interface TaskPlace {
  readonly session: Session;
  readonly task: Task;
}

/** What the verbs need of the rest. */
export interface VerbsContext extends EcrContext {
  readonly state: vscode.Memento;
  readonly views: Views;
  readonly log: vscode.LogOutputChannel;
  /** The sandbox's program. */
  readonly program: string;
  /** The folder of the sample project. */
  readonly sample: string;
}

/** The verbs on rows. Each asks for what the row would have said when it is called from the palette. */
export interface Verbs extends ImageRowMaker, vscode.Disposable {
  scale(place: ServicePlace | undefined): Promise<void>;
  setExec(place: ServicePlace | undefined): Promise<void>;
  stopTasks(tasks: readonly TaskPlace[]): Promise<void>;
  runTask(place: ServicePlace | TaskPlace | undefined): Promise<void>;
  viewTaskDefinition(ref: RevisionRef | undefined): Promise<void>;
  compareRevisions(refs: readonly RevisionRef[]): Promise<void>;
  goTo(kind: GoToKind): Promise<void>;
  openInBrowser(place: ServicePlace | TaskPlace | undefined): Promise<void>;
  filterServices(): Promise<void>;
  sortServices(): Promise<void>;
  clearFilter(): Promise<void>;
  switchConnection(): Promise<void>;
  addConnection(): Promise<void>;
  removeConnection(session: Session | undefined): Promise<void>;
  editConnection(session: Session | undefined): Promise<void>;
  signIn(session: Session | undefined): Promise<void>;
  /** Asks for the world unless it is named. */
  startSandbox(seed: unknown): Promise<void>;
  openSample(): Promise<void>;
  stopSandbox(): Promise<void>;
  sandboxMenu(): Promise<void>;
  readonly ecr: EcrVerbs;
  /** The text behind a `gantry-revision:` document. */
  provideRevision(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string>;
}

/** What `dist/verbs.js` exports. It is loaded on first use. */
export interface VerbsModule {
  createVerbs(context: VerbsContext): Verbs;
}

/** Puts the verbs together. */
export function createVerbs(context: VerbsContext): Verbs {
  const { connections, state, views, log, program } = context;
  const sandbox = new SandboxHost(program, connections, log);
  return {
    images: imageRows,
    ecr: createEcrVerbs(context),
    scale: (place) => scaleService(connections, place),
    setExec: (place) => setExec(connections, place),
    stopTasks: (tasks) => stopTasks(connections, tasks),
    runTask: (place) => runTaskLike(connections, place),
    viewTaskDefinition: (ref) => viewTaskDefinition(connections, ref),
    compareRevisions: (refs) => compareRevisions(connections, refs),
    goTo: (kind) => goTo({ connections, state, reveal: (place) => revealPlace(views, place) }, kind),
    openInBrowser: (place) => openInBrowser(connections, place),
    filterServices: () => filterServices(views),
    sortServices: () => sortServices(views),
    clearFilter: () => clearFilter(views),
    switchConnection: () => switchConnection(connections),
    addConnection: () => addConnection(connections),
    removeConnection: (session) => removeConnection(connections, session),
    editConnection: (session) => editConnection(connections, session),
    signIn: (session) => signIn(connections, session),
    openSample: () => openSample(context.sample),
    startSandbox: (seed) => startSandbox(sandbox, seed),
    stopSandbox: () => stopSandbox(sandbox),
    sandboxMenu: () => sandboxMenu(sandbox),
    dispose: () => sandbox.dispose(),
    provideRevision: (uri, token) => provideRevision(connections, uri, token),
  };
}
