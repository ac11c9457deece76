import path from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock';
import { Certificates } from './acm/certificates';
import type { CloudFormationContext } from './cloudFormation/context';
import { Courses } from './cloudFormation/courses';
import type { Stack } from './cloudFormation/types';
import { Course } from './codeDeploy/course';
import { type CodeDeployContext, emptyCodeDeploy } from './codeDeploy/types';
import type { EcrContext } from './ecrService/context';
import { type Network, defaultNetwork } from './ec2/network';
import type { ElbContext } from './elb/context';
import { ListenerSockets } from './elb/listenerSockets';
import { TargetHealth } from './elb/targetHealth';
import { emptyElb } from './elb/types';
import type { CacheRule } from './ecrService/pullThrough';
import { emptyRegistrySettings } from './ecrService/registrySettings';
import type { Repositories, Repository } from './ecrService/repository';
import { AlarmStates } from './ecsService/alarmStates';
import { type EcsContext, ecsState } from './ecsService/context';
import { paceAt } from './ecsService/pace';
import { TaskBalancing } from './ecsService/taskBalancing';
import { Scheduler } from './ecsService/scheduler';
import type { InstanceProfile, InstanceProfiles } from './iam/instanceProfiles';
import type { ManagedPolicies, ManagedPolicy } from './iam/managedPolicies';
import { OwnCalls } from './http/ownCalls';
import { RoleChecks } from './iam/roleChecks';
import { type Roles, defaultRoles } from './iam/roles';
import { LogStore } from './logs/logStore';
import type { SandboxOptions } from './options';
import type { Place } from './place';
import { BlobStore } from './registry/blobStore';
import { RegistryTokens } from './registry/tokens';
import { EngineRuntime } from './runtime/engine';
import { EngineCli, findEngine } from './runtime/engineCli';
import { EngineLogin } from './runtime/engineLogin';
import { ImageResolver } from './runtime/imageResolver';
import { Alarms } from './metrics/alarms';
import { MetricStore } from './metrics/metricStore';
import { UsageCollector } from './metrics/usage';
import { type ScalingContext, emptyScaling } from './scaling/policies';
import { Scaler } from './scaling/scaler';
import type { ScalableTarget } from './scaling/scalableTargets';
import { SecretStore } from './secrets/secretStore';
import type { TaskRuntime } from './runtime/runtime';
import { SimulatedRuntime } from './runtime/simulated';
import { Sessions } from './sessions/sessions';
import type { SavedState } from './state/stateFile';

/** Everything that the operations and the seeds work on. */
export interface World {
  readonly ecr: EcrContext;
  readonly ecs: EcsContext;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly roles: Roles;
  readonly policies: ManagedPolicies;
  readonly profiles: InstanceProfiles;
  readonly scaling: ScalingContext;
  readonly metrics: MetricStore;
  readonly elb: ElbContext;
  readonly codeDeploy: CodeDeployContext;
  readonly course: Course;
  readonly cloudFormation: CloudFormationContext;
  /** To be opened with the endpoint: CloudFormation calls the other services. */
  readonly ownCalls: OwnCalls;
  readonly sessions: Sessions;
  readonly runtime: TaskRuntime;
  /** Present when tasks are real containers. */
  readonly engine: { readonly cli: EngineCli; readonly login: EngineLogin } | undefined;
}

export interface WorldParts {
  readonly options: SandboxOptions;
  readonly clock: Clock;
  readonly place: Place;
  /** A private folder for blobs and the engine's login. */
  readonly folder: string;
  readonly saved: SavedState | undefined;
  readonly log: (line: string) => void;
}

/** Builds an empty world. @throws Error when an engine is demanded and none answers. */
export async function openWorld({ options, clock, place, folder, saved, log }: WorldParts): Promise<World> {
  const blobs = await BlobStore.open(path.join(folder, 'blobs'));
  const tokens = new RegistryTokens(clock, saved?.tokens);
  const repositories: Repositories = saved?.repositories ?? new Map<string, Repository>();
  const images = new ImageResolver(repositories, blobs, place);
  const engine = await openEngine(options, new EngineLogin(path.join(folder, 'login'), place, tokens));
  let runtime: TaskRuntime;
  if (engine) {
    const owner = { instance: randomUUID(), pid: process.pid };
    const { speed } = options;
    const registryHost = (): string => place.registryHost;
    const scratch = path.join(folder, 'containers');
    const real = new EngineRuntime({ ...engine, clock, images, scratch, owner, registryHost, speed, log });
    await real.open();
    runtime = real;
  } else {
    runtime = new SimulatedRuntime(clock, images, {
      pull: 700 / options.speed,
      stop: 300 / options.speed,
      speed: options.speed,
    });
  }
  const settings = saved?.registrySettings ?? emptyRegistrySettings();
  const cacheRules = saved?.cacheRules ?? new Map<string, CacheRule>();
  const ecr: EcrContext = { clock, place, repositories, blobs, tokens, cacheRules, settings, downloads: new Map() };
  const state = ecsState(saved?.ecs);
  const logs = new LogStore(clock, saved?.logs);
  const pace = paceAt(options.speed);
  const network = saved?.network ?? defaultNetwork(place);
  const elb = openElb({ clock, place, network, second: pace.second, saved });
  const simulated = runtime.kind === 'simulated';
  const balancing = new TaskBalancing({ clock, pace, ecs: state, elb: elb.state, health: elb.health, simulated });
  const secrets = new SecretStore(clock, place, saved?.secrets);
  const alarms = new AlarmStates(state.alarms);
  const policies = saved?.policies ?? new Map<string, ManagedPolicy>();
  const profiles = saved?.profiles ?? new Map<string, InstanceProfile>();
  const roles = saved?.roles ?? defaultRoles(clock.now());
  const roleChecks = new RoleChecks(roles, place, options.checkRoles);
  const ecs: EcsContext = {
    ...{ clock, place, pace, state, runtime, images, logs, balancing, secrets, alarms, network, roleChecks, log },
  };
  const scheduler = new Scheduler(ecs);
  const metrics = new MetricStore(clock, pace.second, saved?.metrics);
  const scaling = openScaling(ecs, scheduler, metrics, saved);
  new UsageCollector(ecs, metrics).start();
  const codeDeploy = { ecs, elb, scheduler, state: saved?.codeDeploy ?? emptyCodeDeploy() };
  const course = new Course(codeDeploy);
  const sessions = new Sessions(clock, () => place.registryHost, saved?.sessions);
  const ownCalls = new OwnCalls();
  const stacks = saved?.stacks ?? new Map<string, Stack>();
  const courseParts = { api: ownCalls, clock, place, second: pace.second, network, stacks, log };
  const cloudFormation = { ...courseParts, courses: new Courses(courseParts) };
  const services = { ecr, ecs, sessions, network, roles, policies, profiles, scaling, metrics, elb, codeDeploy };
  return { ...services, cloudFormation, ownCalls, course, scheduler, runtime, engine };
}

/** Metrics, alarms about them, and policies that scale services when an alarm goes off. */
function openScaling(
  ecs: EcsContext,
  scheduler: Scheduler,
  metrics: MetricStore,
  saved: SavedState | undefined,
): ScalingContext {
  const alarms = new Alarms(metrics, ecs.alarms, saved?.alarms);
  const targets = saved?.scalableTargets ?? new Map<string, ScalableTarget>();
  const scaling: ScalingContext = { targets, state: saved?.scaling ?? emptyScaling(), alarms, ecs };
  const scaler = new Scaler(scaling, (cluster, service) => scheduler.reconcile(cluster, service));
  alarms.start((arn, alarm, value) => scaler.act(arn, alarm, value));
  return scaling;
}

interface ElbParts extends Pick<WorldParts, 'clock' | 'place' | 'saved'> {
  readonly network: Network;
  /** Milliseconds that a second of AWS's lasts. */
  readonly second: number;
}

function openElb({ clock, place, network, second, saved }: ElbParts): ElbContext {
  const state = saved?.elb ?? emptyElb();
  const health = new TargetHealth(clock, state, second);
  const certificates = new Certificates(clock, place, second, saved?.certificates);
  const sockets = new ListenerSockets(state, certificates);
  return { clock, place, state, network, certificates, health, sockets };
}

async function openEngine(options: SandboxOptions, login: EngineLogin): Promise<World['engine']> {
  if (options.seed === 'large' && options.runtime === 'engine') {
    throw new Error('The seed large has 10 000 tasks: it is simulated only.');
  }
  if (options.runtime === 'simulated' || options.seed === 'large') return undefined;
  const found = await findEngine(options.engine, process.env);
  if (found) return { cli: new EngineCli(found.command, await login.environment(found.command, process.env)), login };
  if (options.runtime === 'auto') return undefined;
  throw new Error(`No container engine answers: ${options.engine ?? 'neither docker nor podman'}.`);
}
