import { healthCheckOf, healthPace } from './engineHealth';
import type { ContainerLaunch } from './runtime';

/** Whose containers these are, so that a later sandbox can remove those of one that died. */
export interface Owner {
  readonly instance: string;
  readonly pid: number;
}

export interface CreateOptions {
  readonly launch: ContainerLaunch;
  readonly taskId: string;
  readonly image: string;
  readonly owner: Owner;
  /** Publish random host ports whatever the definition says: the task has a network of its own. */
  readonly sharedNetwork: boolean;
  /** Join the network of this container instead of having one. */
  readonly joinNetworkOf?: string;
  /** Containers whose ports this one publishes as well, because they join its network. */
  readonly publishFor: readonly ContainerLaunch[];
  /** Whether the engine runs health checks by itself. */
  readonly checksHealth: boolean;
}

export const instanceLabel = 'gantry.sandbox';
export const pidLabel = 'gantry.sandbox.pid';
export const taskLabel = 'gantry.sandbox.task';
export const containerLabel = 'gantry.sandbox.container';

/** `docker create …` for one container of a task. */
export function createArgs(options: CreateOptions): string[] {
  const { launch, image, owner, taskId } = options;
  const { definition, command, environment, memory } = launch;
  const args = ['create', '--label', `${instanceLabel}=${owner.instance}`, '--label', `${pidLabel}=${owner.pid}`];
  args.push('--label', `${taskLabel}=${taskId}`, '--label', `${containerLabel}=${definition.name}`);
  for (const [name, value] of Object.entries(definition.dockerLabels ?? {})) args.push('--label', `${name}=${value}`);
  for (const [name, value] of Object.entries(environment)) args.push('--env', `${name}=${value}`);
  // Without swap, or the limit would not be one. Engines refuse less than 6 MiB.
  if (memory !== undefined)
    args.push('--memory', `${Math.max(6, memory)}m`, '--memory-swap', `${Math.max(6, memory)}m`);
  if (definition.workingDirectory) args.push('--workdir', definition.workingDirectory);
  if (definition.user) args.push('--user', definition.user);
  if (definition.linuxParameters?.initProcessEnabled) args.push('--init');
  if (definition.privileged) args.push('--privileged');
  if (definition.readonlyRootFilesystem) args.push('--read-only');
  args.push(...networkArgs(options), ...healthArgs(launch, options.checksHealth));
  const [entry, ...entryArgs] = definition.entryPoint ?? [];
  if (entry !== undefined) args.push('--entrypoint', entry);
  args.push(image, ...entryArgs, ...(command ?? []));
  return args;
}

function networkArgs({ launch, sharedNetwork, joinNetworkOf, publishFor }: CreateOptions): string[] {
  if (joinNetworkOf !== undefined) return ['--network', `container:${joinNetworkOf}`];
  const args = launch.definition.hostname ? ['--hostname', launch.definition.hostname] : [];
  for (const { definition } of [launch, ...publishFor]) {
    for (const { containerPort, hostPort, protocol = 'tcp' } of definition.portMappings ?? []) {
      if (containerPort === undefined) continue;
      const host = sharedNetwork || !hostPort ? '' : String(hostPort);
      args.push('--publish', `127.0.0.1:${host}:${containerPort}/${protocol}`);
    }
  }
  return args;
}

/** ECS watches only the health check of the task definition, never the one in the image. */
function healthArgs(launch: ContainerLaunch, checksHealth: boolean): string[] {
  const healthCheck = healthCheckOf(launch);
  if (!healthCheck) return ['--no-healthcheck'];
  const [form, ...rest] = healthCheck.command;
  const words = form === 'CMD' ? rest : healthCheck.command;
  const shell = form === 'CMD-SHELL' ? rest.join(' ') : words.map(quote).join(' ');
  const { interval, timeout, retries, startPeriod } = healthPace(healthCheck);
  const every = checksHealth ? `${interval}s` : 'disable';
  return [
    ...['--health-cmd', shell, '--health-interval', every, '--health-timeout', `${timeout}s`],
    ...['--health-retries', String(retries), '--health-start-period', `${startPeriod}s`],
  ];
}

/** The command of a health check is run by the container's own shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
