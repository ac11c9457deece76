import { Courses } from '../../../src/sandbox/cloudFormation/courses';
import { OwnCalls } from '../../../src/sandbox/http/ownCalls';
import { Course } from '../../../src/sandbox/codeDeploy/course';
import { emptyCodeDeploy } from '../../../src/sandbox/codeDeploy/types';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Certificates } from '../../../src/sandbox/acm/certificates';
import type { EcrContext } from '../../../src/sandbox/ecrService/context';
import { type Repository, newRepository } from '../../../src/sandbox/ecrService/repository';
import { emptyRegistrySettings } from '../../../src/sandbox/ecrService/registrySettings';
import { newCluster } from '../../../src/sandbox/ecsService/clusters';
import { newInstance } from '../../../src/sandbox/ecsService/newInstance';
import { AlarmStates } from '../../../src/sandbox/ecsService/alarmStates';
import { type EcsContext, ecsState } from '../../../src/sandbox/ecsService/context';
import { defaultNetwork } from '../../../src/sandbox/ec2/network';
import type { ElbContext } from '../../../src/sandbox/elb/context';
import { ListenerSockets } from '../../../src/sandbox/elb/listenerSockets';
import { TargetHealth } from '../../../src/sandbox/elb/targetHealth';
import { emptyElb } from '../../../src/sandbox/elb/types';
import { paceAt } from '../../../src/sandbox/ecsService/pace';
import { Scheduler } from '../../../src/sandbox/ecsService/scheduler';
import { TaskBalancing } from '../../../src/sandbox/ecsService/taskBalancing';
import { register } from '../../../src/sandbox/ecsService/taskDefinitions';
import type { Cluster, ContainerDefinition, Task, TaskDefinition } from '../../../src/sandbox/ecsService/types';
import type { Operation } from '../../../src/sandbox/http/apiEndpoint';
import { RoleChecks } from '../../../src/sandbox/iam/roleChecks';
import { defaultRoles } from '../../../src/sandbox/iam/roles';
import { LogStore } from '../../../src/sandbox/logs/logStore';
import { allOperations } from '../../../src/sandbox/operations';
import { SecretStore } from '../../../src/sandbox/secrets/secretStore';
import { BlobStore } from '../../../src/sandbox/registry/blobStore';
import { RegistryTokens } from '../../../src/sandbox/registry/tokens';
import { ImageResolver } from '../../../src/sandbox/runtime/imageResolver';
import { SimulatedRuntime } from '../../../src/sandbox/runtime/simulated';
import { putMinimalImage } from '../../../src/sandbox/seed/simulatedImage';
import { Alarms } from '../../../src/sandbox/metrics/alarms';
import { MetricStore } from '../../../src/sandbox/metrics/metricStore';
import { UsageCollector } from '../../../src/sandbox/metrics/usage';
import { emptyScaling } from '../../../src/sandbox/scaling/policies';
import { Scaler } from '../../../src/sandbox/scaling/scaler';
import { Sessions } from '../../../src/sandbox/sessions/sessions';
import { VirtualClock } from './virtualClock';

/** A world of one cluster with one container instance, in which time is the test's. */
export interface SmallWorld {
  readonly clock: VirtualClock;
  readonly ecr: EcrContext;
  readonly ecs: EcsContext;
  readonly scheduler: Scheduler;
  readonly elb: ElbContext;
  readonly cluster: Cluster;
  readonly repository: Repository;
  /** Puts an image under `app:TAG`. @returns its digest. */
  push(tag: string): Promise<string>;
  /** Registers the next revision of family `app`. */
  revision(tag: string, container?: Partial<ContainerDefinition>): TaskDefinition;
  /** Calls an operation, of ECS unless another service is named, as a request would, without the protocol around it. */
  call<T>(operation: string, input: Record<string, unknown>, service?: string): T;
  /** Tasks of the service that are meant to run, or all of them. */
  tasks(which?: 'live' | 'all'): Task[];
  close(): void;
}

export async function smallWorld(): Promise<SmallWorld> {
  const clock = new VirtualClock();
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-unit-'));
  const place = { account: '000000000000', region: 'us-east-1', registryHost: '127.0.0.1:5000', formerHosts: [] };
  const blobs = await BlobStore.open(folder);
  const repositories = new Map<string, Repository>();
  const images = new ImageResolver(repositories, blobs, place);
  const runtime = new SimulatedRuntime(clock, images, { pull: 700, stop: 300, speed: 1 });
  const ecr: EcrContext = {
    clock,
    place,
    repositories,
    blobs,
    tokens: new RegistryTokens(clock),
    cacheRules: new Map(),
    settings: emptyRegistrySettings(),
    downloads: new Map(),
  };
  const state = ecsState();
  const pace = paceAt(1);
  const network = defaultNetwork(place);
  const elbState = emptyElb();
  const health = new TargetHealth(clock, elbState, pace.second);
  const certificates = new Certificates(clock, place, pace.second);
  const sockets = new ListenerSockets(elbState, certificates);
  const elb: ElbContext = { clock, place, state: elbState, network, certificates, health, sockets };
  const balancing = new TaskBalancing({ clock, pace, ecs: state, elb: elbState, health, simulated: true });
  const logs = new LogStore(clock);
  const secrets = new SecretStore(clock, place);
  const log = (): void => undefined;
  const alarms = new AlarmStates(state.alarms);
  const roles = defaultRoles(clock.now());
  const roleChecks = new RoleChecks(roles, place, false);
  const ecs: EcsContext = {
    ...{ clock, place, pace, state, runtime, images, logs, balancing, secrets, alarms, network, roleChecks, log },
  };
  const scheduler = new Scheduler(ecs);
  const repository = newRepository('app', clock.now());
  repositories.set('app', repository);
  const cluster = newCluster(ecs, 'demo');
  newInstance(ecs, cluster, { cpu: 4096, memory: 16384, architecture: 'X86_64' });
  const metrics = new MetricStore(clock, pace.second);
  const scalingAlarms = new Alarms(metrics, alarms);
  const scaling = { targets: new Map(), state: emptyScaling(), alarms: scalingAlarms, ecs };
  const scaler = new Scaler(scaling, (cluster_, service) => scheduler.reconcile(cluster_, service));
  scalingAlarms.start((arn, alarm, value) => scaler.act(arn, alarm, value));
  new UsageCollector(ecs, metrics).start();
  const codeDeploy = { ecs, elb, scheduler, state: emptyCodeDeploy() };
  const stackParts = {
    api: new OwnCalls(),
    clock,
    place,
    second: 1000,
    network,
    stacks: new Map(),
    log: () => undefined,
  };
  const operations = allOperations({
    cloudFormation: { ...stackParts, courses: new Courses(stackParts) },
    ...{ codeDeploy, course: new Course(codeDeploy) },
    ...{ ecr, ecs, scheduler, elb, network },
    roles,
    scaling,
    policies: new Map(),
    profiles: new Map(),
    metrics,
    sessions: new Sessions(clock, () => place.registryHost),
  });
  const caller = { accessKeyId: 'AKID', region: 'us-east-1', signingName: 'ecs' };
  return {
    clock,
    ecr,
    ecs,
    scheduler,
    elb,
    cluster,
    repository,
    push: (tag) =>
      putMinimalImage(repository, blobs, {
        file: 'f',
        text: tag,
        exposedPorts: [],
        command: ['f'],
        tag,
        at: clock.now(),
      }),
    revision: (tag, container = {}) => {
      const definition = { name: 'app', image: `127.0.0.1:5000/app:${tag}`, memory: 64, ...container };
      return register(ecs, { family: 'app', networkMode: 'bridge', containerDefinitions: [definition] }, 'unit test');
    },
    call: <T>(operation: string, input: Record<string, unknown>, service = 'ecs') => {
      const action: Operation | undefined = operations[service]?.[operation];
      if (!action) throw new Error(`no operation ${operation}`);
      return action(input as never, caller) as T;
    },
    tasks: (which = 'live') =>
      [...cluster.tasks.values()].filter(({ desiredStatus }) => which === 'all' || desiredStatus === 'RUNNING'),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
