/**
 * The one table of what the manifest contributes; a test holds it against `package.json`. Nobody writes an id
 * anywhere else.
 */
export const Command = {
  ship: 'gantry.ship',
  buildAndPush: 'gantry.buildAndPush',
  buildImage: 'gantry.buildImage',
  newTarget: 'gantry.newTarget',
  openSample: 'gantry.openSample',
  showPlan: 'gantry.showPlan',
  showNetwork: 'gantry.showNetwork',
  networkAsText: 'gantry.networkAsText',
  exportNetwork: 'gantry.exportNetwork',
  editTargets: 'gantry.editTargets',
  deployNewService: 'gantry.deployNewService',
  deployNewExpressService: 'gantry.deployNewExpressService',
  createCluster: 'gantry.createCluster',
  createTaskDefinition: 'gantry.createTaskDefinition',
  createDefinitionFromImage: 'gantry.createDefinitionFromImage',
  createService: 'gantry.createService',
  runDefinition: 'gantry.runDefinition',
  editTemplate: 'gantry.editTemplate',
  deployTemplate: 'gantry.deployTemplate',
  deleteCreated: 'gantry.deleteCreated',
  redeploy: 'gantry.redeploy',
  whyFailing: 'gantry.whyFailing',
  applyFix: 'gantry.applyFix',
  rollBack: 'gantry.rollBack',
  continueDeployment: 'gantry.continueDeployment',
  showRollout: 'gantry.showRollout',
  watchRollout: 'gantry.watchRollout',
  stopWatching: 'gantry.stopWatching',
  openInBrowser: 'gantry.openInBrowser',
  openInConsole: 'gantry.openInConsole',
  createRepository: 'gantry.createRepository',
  switchConnection: 'gantry.switchConnection',
  startSandbox: 'gantry.startSandbox',
  stopSandbox: 'gantry.stopSandbox',
  sandboxMenu: 'gantry.sandboxMenu',
  refreshEcr: 'gantry.refreshEcr',
  refreshEcs: 'gantry.refreshEcs',
  refreshNode: 'gantry.refreshNode',
  signIn: 'gantry.signIn',
  addConnection: 'gantry.addConnection',
  removeConnection: 'gantry.removeConnection',
  editConnection: 'gantry.editConnection',
  filterServices: 'gantry.filterServices',
  sortServices: 'gantry.sortServices',
  clearFilter: 'gantry.clearFilter',
  goToService: 'gantry.goToService',
  goToTask: 'gantry.goToTask',
  goToRepository: 'gantry.goToRepository',
  deleteRepository: 'gantry.deleteRepository',
  findUses: 'gantry.findUses',
  showFindings: 'gantry.showFindings',
  scanImage: 'gantry.scanImage',
  retagImage: 'gantry.retagImage',
  pullImage: 'gantry.pullImage',
  removeTags: 'gantry.removeTags',
  deleteImages: 'gantry.deleteImages',
  deleteUntagged: 'gantry.deleteUntagged',
  editLifecyclePolicy: 'gantry.editLifecyclePolicy',
  previewLifecyclePolicy: 'gantry.previewLifecyclePolicy',
  deleteLifecyclePolicy: 'gantry.deleteLifecyclePolicy',
  editRepositoryPolicy: 'gantry.editRepositoryPolicy',
  deleteRepositoryPolicy: 'gantry.deleteRepositoryPolicy',
  scale: 'gantry.scale',
  setExec: 'gantry.setExec',
  stopTask: 'gantry.stopTask',
  runTask: 'gantry.runTask',
  viewTaskDefinition: 'gantry.viewTaskDefinition',
  compareRevisions: 'gantry.compareRevisions',
  editTaskDefinition: 'gantry.editTaskDefinition',
  registerRevision: 'gantry.registerRevision',
  deployDefinition: 'gantry.deployDefinition',
  compareDefinition: 'gantry.compareDefinition',
  discardDraft: 'gantry.discardDraft',
  refreshTaskDefinitions: 'gantry.refreshTaskDefinitions',
  loadMore: 'gantry.loadMore',
  retry: 'gantry.retry',
  copyName: 'gantry.copyName',
  copyArn: 'gantry.copyArn',
  copyUri: 'gantry.copyUri',
  copyDigest: 'gantry.copyDigest',
  copyPullCommand: 'gantry.copyPullCommand',
  copyAddress: 'gantry.copyAddress',
  showLog: 'gantry.showLog',
} as const;
export type CommandId = (typeof Command)[keyof typeof Command];

/** The commands on repositories and images that are run by `commands/ecrVerbs`. */
export const ecrCommands = [
  Command.createRepository,
  Command.deleteRepository,
  Command.findUses,
  Command.showFindings,
  Command.scanImage,
  Command.retagImage,
  Command.removeTags,
  Command.deleteImages,
  Command.deleteUntagged,
  Command.editLifecyclePolicy,
  Command.previewLifecyclePolicy,
  Command.deleteLifecyclePolicy,
  Command.editRepositoryPolicy,
  Command.deleteRepositoryPolicy,
] as const;
export type EcrCommand = (typeof ecrCommands)[number];

export const View = { ecr: 'gantry.ecr', ecs: 'gantry.ecs', taskDefinitions: 'gantry.taskDefinitions' } as const;

/** Settings, without the prefix `gantry.`. */
export const Setting = {
  targets: 'targets',
  engine: 'engine',
  connections: 'connections',
  readOnly: 'readOnly',
  rolloutTimeout: 'rolloutTimeoutMinutes',
} as const;

export const ContextKey = {
  /** See `ConnectionState`. */
  connection: 'gantry.connection',
  ecrEmpty: 'gantry.ecrEmpty',
  ecsEmpty: 'gantry.ecsEmpty',
  taskDefinitionsEmpty: 'gantry.taskDefinitionsEmpty',
  /** Not every service is shown. */
  filtered: 'gantry.filtered',
  /** A sandbox that this window started. */
  sandboxRunning: 'gantry.sandboxRunning',
} as const;

/** What somebody has done with Gantry: each completes a step of the walkthrough, when it has happened. */
export const Learned = {
  sandbox: 'gantry.learned.sandbox',
  sample: 'gantry.learned.sample',
  built: 'gantry.learned.built',
  repository: 'gantry.learned.repository',
  policy: 'gantry.learned.policy',
  pushed: 'gantry.learned.pushed',
  pulled: 'gantry.learned.pulled',
  /** A service has become healthy. */
  service: 'gantry.learned.service',
  /** A service that was healthy has become so again with something new. */
  shipped: 'gantry.learned.shipped',
  network: 'gantry.learned.network',
  failed: 'gantry.learned.failed',
  explained: 'gantry.learned.explained',
  /** A service has become healthy after a rollout that failed. */
  mended: 'gantry.learned.mended',
  deleted: 'gantry.learned.deleted',
} as const;
export type Lesson = keyof typeof Learned;

/** What the welcome views distinguish. */
export type ConnectionState = 'ok' | 'noCredentials' | 'expired' | 'noRegion' | 'noProfile';

/** Context values of rows, for the menus. */
export const Row = {
  repository: 'gantry.repository',
  image: 'gantry.image',
  /** An image for several platforms. */
  index: 'gantry.image.index',
  /** A signature, an attestation, a chart: nothing that runs. */
  artifact: 'gantry.image.artifact',
  untagged: 'gantry.untagged',
  unknownUse: 'gantry.unknownUse',
  message: 'gantry.message',
  connection: 'gantry.connectionRow',
  cluster: 'gantry.cluster',
  service: 'gantry.service',
  daemonService: 'gantry.service.daemon',
  expressService: 'gantry.service.express',
  /** A service that a controller of somebody's own deploys. */
  externalService: 'gantry.service.external',
  codeDeployService: 'gantry.service.codeDeploy',
  task: 'gantry.task',
  stoppedTask: 'gantry.task.stopped',
  container: 'gantry.container',
  deployment: 'gantry.deployment',
  /** A task set that a controller of somebody's own has made. */
  externalDeployment: 'gantry.deployment.external',
  instance: 'gantry.instance',
  family: 'gantry.family',
  revision: 'gantry.revision',
  group: 'gantry.group',
  /** The ways in and out around a service or a task. */
  network: 'gantry.network',
  way: 'gantry.network.way',
  hop: 'gantry.network.hop',
  fact: 'gantry.fact',
  error: 'gantry.error',
  expired: 'gantry.error.expired',
  more: 'gantry.more',
} as const;

/** The tools for language models. */
export const agentTools = [
  'gantry_listServices',
  'gantry_explainFailure',
  'gantry_rolloutStatus',
  'gantry_ship',
  'gantry_rollback',
] as const;
export type AgentToolName = (typeof agentTools)[number];

/** The kind of task in `tasks.json`. */
export const taskType = 'gantry';
