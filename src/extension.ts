import * as path from 'node:path';
import * as vscode from 'vscode';
import type { AwsModule } from './aws/api';
import type { BridgeModule } from './commands/containerTools';
import { registerCommands } from './commands/register';
import type { ShippingModule } from './commands/shipping';
import type { Verbs, VerbsModule } from './commands/verbs';
import { taskType } from './core/contributions';
import { revealPlace } from './explorer/reveal';
import { Views, type Explain } from './explorer/views';
import { Connections } from './ui/connections';
import { ErrorReporter } from './ui/errors';
import { onceActive } from './ui/neighbour';
import { Pictures } from './ui/pictures';
import { prompts } from './ui/prompts';
import { adoptSandbox } from './ui/readyLine';
import { LazyFiles } from './ui/lazyFiles';
import { policyScheme, reportScheme, revisionScheme } from './ui/schemes';
import { SharedFiles } from './ui/sharedFiles';

/** Puts the parts together and registers them; nothing is asked and nothing heavy is loaded. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Gantry', { log: true });
  const errors = new ErrorReporter(log);
  const connections = new Connections(
    () => bundle('aws') as AwsModule,
    context.workspaceState,
    prompts(context.secrets),
  );
  void adoptSandbox(process.env['GANTRY_SANDBOX'], connections);
  const explain: Explain = (session, cluster, { service }) =>
    service ? shipping().explain(session, cluster, service) : Promise.resolve(undefined);
  const pictures = new Pictures(path.join(context.globalStorageUri.fsPath, 'pictures'), (session) =>
    connections.fingerprint(session.spec),
  );
  const views = new Views(connections, context.workspaceState, explain, pictures, () => verbs());
  const shipping = once(() => {
    const created = (bundle('ship') as ShippingModule).createShipping({
      ...{ connections, errors, log },
      findings: path.join(context.globalStorageUri.fsPath, 'findings'),
      showReport: (title, text) => verbs().ecr.reports.show(title, text),
      onPushed: (repository) => views.refreshRepository(repository),
    });
    context.subscriptions.push(created);
    return created;
  });

  const policyChanges = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const verbs: () => Verbs = once(() => {
    const created = (bundle('verbs') as VerbsModule).createVerbs({
      ...{
        connections,
        state: context.workspaceState,
        services: views,
        log,
        program: path.join(__dirname, 'sandbox.js'),
      },
      reveal: (place) => revealPlace(views, place),
      onChanged: (arn) => views.refreshRepository(arn),
      onKnown: () => views.redrawRepositories(),
      policyChanges,
    });
    context.subscriptions.push(created);
    return created;
  });

  context.subscriptions.push(
    ...[log, connections, pictures, views],
    new SharedFiles(() => void errors.guard(() => connections.filesChanged())),
    registerCommands({ connections, views, shipping, verbs, errors, log }),
    vscode.workspace.registerTextDocumentContentProvider(revisionScheme, {
      provideTextDocumentContent: (uri, token) => verbs().provideRevision(uri, token),
    }),
    vscode.workspace.registerTextDocumentContentProvider(reportScheme, {
      provideTextDocumentContent: (uri) => verbs().ecr.reports.provide(uri),
    }),
    vscode.workspace.registerFileSystemProvider(
      policyScheme,
      new LazyFiles(policyChanges.event, () => verbs().ecr.policies),
    ),
    onceActive('ms-azuretools.vscode-containers', (api) => {
      const bridge = (bundle('bridge') as BridgeModule).connectRegistries(api, connections);
      if (bridge) context.subscriptions.push(bridge);
    }),
    vscode.tasks.registerTaskProvider(taskType, {
      provideTasks: (token) => shipping().tasks.provideTasks(token),
      resolveTask: (task, token) => shipping().tasks.resolveTask(task, token),
    }),
  );
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
