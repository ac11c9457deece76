import * as path from 'node:path';
import * as vscode from 'vscode';
import type { AwsModule } from './aws/api';
import type { Creation, CreationModule } from './commands/create/create';
import type { CreationContext } from './commands/create/creationContext';
import type { Definitions, DefinitionsContext, DefinitionsModule } from './commands/definitions/definitions';
import type { BridgeModule } from './commands/containerTools';
import { registerTools } from './commands/agent/registerTools';
import { registerDocuments } from './commands/documents';
import type { NetworkContext, NetworkModule, NetworkViews } from './commands/network/network';
import { registerCommands } from './commands/register';
import type { Shipping, ShippingModule } from './commands/shipping';
import type { Verbs, VerbsModule } from './commands/verbs';
import { taskType } from './core/contributions';
import { Views, type Explain } from './explorer/views';
import { Connections } from './ui/connections';
import { ErrorReporter } from './ui/errors';
import { onceActive } from './ui/neighbour';
import { Pictures } from './ui/pictures';
import { prompts } from './ui/prompts';
import { adoptSandbox } from './ui/readyLine';
import { anyGoing } from './ui/rolloutFolder';
import { SharedFiles } from './ui/sharedFiles';

/** Puts the parts together and registers them; nothing is asked and nothing heavy is loaded. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Gantry', { log: true });
  const errors = new ErrorReporter(log);
  const storage = (name: string): string => path.join(context.globalStorageUri.fsPath, name);
  const connections = new Connections(
    () => bundle('aws') as AwsModule,
    context.workspaceState,
    prompts(context.secrets),
  );
  const adopted = adoptSandbox(process.env['GANTRY_SANDBOX'], connections);
  const explain: Explain = (session, cluster, { service }) =>
    service ? shipping().explain(session, cluster, service) : Promise.resolve(undefined);
  const pictures = new Pictures(storage('pictures'), (session) => connections.fingerprint(session.spec));
  const views = new Views(connections, context.workspaceState, explain, pictures, {
    imageRows: () => verbs(),
    networkRows: (session, subject, signal) => network().rows(session, subject, signal),
  });
  const rolloutChanges = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const shipping = once(() => {
    const created = (bundle('ship') as ShippingModule).createShipping({
      findings: storage('findings'),
      showReport: (...report) => verbs().ecr.reports.show(...report),
      compare: (before, after) => verbs().ecr.reports.compare(before, after),
      ...{ connections, errors, log, rolloutChanges },
      rolloutFolder: storage('rollouts'),
      onPushed: (repository) => views.refreshRepository(repository),
    });
    context.subscriptions.push(created);
    return created;
  });

  const reportChanges = new vscode.EventEmitter<vscode.Uri>();
  const policyChanges = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const verbs: () => Verbs = once(() => {
    const created = (bundle('verbs') as VerbsModule).createVerbs({
      ...{ connections, state: context.workspaceState, views, log },
      ...{ program: path.join(__dirname, 'sandbox.js'), sample: context.asAbsolutePath('media/sample') },
      onChanged: (arn) => views.refreshRepository(arn),
      onKnown: () => views.redrawRepositories(),
      ...{ policyChanges, reportChanges },
    });
    context.subscriptions.push(created);
    return created;
  });

  const definitionChanges = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const creation: () => Creation = once(() =>
    create({ connections, errors, shipping, definitions, onChanged: () => views.refreshAll() }),
  );
  const definitions: () => Definitions = definitionsBundle(context, {
    ...{ connections, errors, shipping, verbs, creation, changes: definitionChanges },
    onRegistered: () => views.refresh(views.taskDefinitions),
  });
  const network = networkBundle(context, { connections, errors, adopted, verbs });

  context.subscriptions.push(
    ...[log, connections, pictures, views],
    new SharedFiles(() => void errors.guard(() => connections.filesChanged())),
    registerCommands({ connections, views, shipping, verbs, definitions, creation, network, errors, log }),
    registerTools(shipping),
    registerDocuments({
      ...{ shipping, verbs, definitions, network },
      definitionChanges: definitionChanges.event,
      policyChanges: policyChanges.event,
      rolloutChanges: rolloutChanges.event,
      reportChanges: reportChanges.event,
    }),
    onceActive('ms-azuretools.vscode-containers', (api) => {
      const bridge = (bundle('bridge') as BridgeModule).connectRegistries(api, connections);
      if (bridge) context.subscriptions.push(bridge);
    }),
    vscode.tasks.registerTaskProvider(taskType, {
      provideTasks: (token) => shipping().tasks.provideTasks(token),
      resolveTask: (task, token) => shipping().tasks.resolveTask(task, token),
    }),
  );
  void errors.guard(async () => {
    if (await anyGoing(storage('rollouts'))) await shipping().rollouts.resume();
  });
}

function create(context: CreationContext): Creation {
  return (bundle('create') as CreationModule).createCreation(context);
}

/** What edits task definitions, when it is first needed. */
function definitionsBundle(
  context: vscode.ExtensionContext,
  parts: Pick<DefinitionsContext, 'connections' | 'changes' | 'creation' | 'onRegistered'> & {
    errors: ErrorReporter;
    shipping: () => Shipping;
    verbs: () => Verbs;
  },
): () => Definitions {
  const { errors, shipping, verbs, ...rest } = parts;
  return once(() => {
    const created = (bundle('definitions') as DefinitionsModule).createDefinitions({
      ...{ ...rest, drafts: path.join(context.globalStorageUri.fsPath, 'drafts') },
      deploy: (place, revision) => shipping().deployRevision(place, revision),
      compare: (before, after) => verbs().ecr.reports.compare(before, after),
      guard: (action) => errors.guard(action),
    });
    context.subscriptions.push(created);
    return created;
  });
}

/** What draws networks, when it is first needed. */
function networkBundle(
  context: vscode.ExtensionContext,
  parts: Pick<NetworkContext, 'connections' | 'adopted'> & { errors: ErrorReporter; verbs: () => Verbs },
): () => NetworkViews {
  const { errors, verbs, ...rest } = parts;
  return once(() => {
    const created = (bundle('network') as NetworkModule).createNetwork({
      ...{ ...rest, root: context.extensionUri },
      showMarkdown: (title, text) => verbs().ecr.reports.show(title, text, { type: 'md' }),
      guard: (action) => errors.guard(action),
    });
    context.subscriptions.push(created);
    return created;
  });
}

function once<T>(create: () => T): () => T {
  let created: T | undefined;
  return () => (created ??= create());
}

/** Loads a bundle beside this one; Node keeps it after the first time. */
function bundle(name: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a bundle is loaded when it is first needed
  return require(path.join(__dirname, `${name}.js`));
}
