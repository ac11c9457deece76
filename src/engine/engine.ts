import type { Command } from './command';

/** The container engines that Gantry drives, in the order in which it looks for them. */
export const engineNames = ['docker', 'podman', 'finch', 'nerdctl'] as const;
export type EngineName = (typeof engineNames)[number];

/** A container engine that answered. */
export interface Engine {
  readonly name: EngineName;
  /** `buildx` and `buildkit` are Docker's newer builders, `classic` its old one; the others have one of their own. */
  readonly builder: 'buildx' | 'buildkit' | 'classic' | 'native';
}

export interface BuildRequest {
  /** Absolute path. */
  readonly dockerfile: string;
  /** Absolute path of the build context. */
  readonly context: string;
  readonly tag: string;
  /** `linux/amd64`; undefined means what this machine is. */
  readonly platform: string | undefined;
  readonly stage: string | undefined;
  readonly buildArguments: Readonly<Record<string, string>>;
}

/** What an engine knows of an image that it holds. */
export interface LocalImage {
  readonly id: string;
  /** `linux/amd64` */
  readonly platform: string;
  /** Container ports that the image exposes, TCP only. */
  readonly ports: readonly number[];
  /** `repository@sha256:…` for each repository that it was pushed to. */
  readonly repositoryDigests: readonly string[];
}

/** Where the login of a registry was put: options and environment for the engine. */
export interface RegistryAccess {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

/** Asks an engine whether it is there and running. */
export function probeCommand(name: EngineName): Command {
  switch (name) {
    case 'docker':
      return { file: 'docker', args: ['version', '--format', '{{json .}}'] };
    case 'podman':
      return { file: 'podman', args: ['info', '--format', 'json'] };
    case 'finch':
    case 'nerdctl':
      return { file: name, args: ['info', '--format', '{{json .}}'] };
  }
}

/** Asks whether Docker's newer builder is installed. */
export const buildxCommand: Command = { file: 'docker', args: ['buildx', 'version'] };

/** Builds an image and leaves it in the engine under its tag. */
export function buildCommand(engine: Engine, request: BuildRequest, access?: RegistryAccess): Command {
  const common = [
    ...['--file', request.dockerfile, '--tag', request.tag],
    ...(request.platform ? ['--platform', request.platform] : []),
    ...(request.stage ? ['--target', request.stage] : []),
    ...Object.entries(request.buildArguments).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
  ];
  const verb =
    engine.builder === 'buildx'
      ? // Attestations would add untagged `unknown/unknown` children to the repository.
        ['buildx', 'build', '--load', '--provenance=false']
      : ['build'];
  return {
    file: engine.name,
    args: [...verb, ...(engine.name === 'podman' ? (access?.args ?? []) : []), ...common, '--', request.context],
    cwd: request.context,
    env: { ...access?.env, ...builderEnvironment(engine) },
  };
}

/** Docker's client before 23 has BuildKit built in but off; from 23 on it needs the plugin and warns without it. */
function builderEnvironment(engine: Engine): Record<string, string> {
  if (engine.builder === 'buildkit') return { DOCKER_BUILDKIT: '1' };
  return engine.builder === 'classic' ? { DOCKER_BUILDKIT: '0' } : {};
}

/**
 * Pushes an image.
 * @param plainHttp the registry is a local one without TLS; Docker knows loopback registries by itself
 * @param digestFile where podman writes the digest; the others print it
 */
export function pushCommand(
  engine: Engine,
  reference: string,
  access: RegistryAccess,
  { plainHttp, digestFile }: { readonly plainHttp: boolean; readonly digestFile: string },
): Command {
  const digest = engine.name === 'podman' ? ['--digestfile', digestFile] : [];
  return {
    file: engine.name,
    args: ['push', ...access.args, ...digest, ...transport(engine, plainHttp), '--', reference],
    env: access.env,
  };
}

/** Pulls an image. @param plainHttp see `pushCommand` */
export function pullCommand(engine: Engine, reference: string, access: RegistryAccess, plainHttp: boolean): Command {
  return {
    file: engine.name,
    args: ['pull', ...access.args, ...transport(engine, plainHttp), '--', reference],
    env: access.env,
  };
}

function transport({ name }: Engine, plainHttp: boolean): readonly string[] {
  if (!plainHttp || name === 'docker') return [];
  return [name === 'podman' ? '--tls-verify=false' : '--insecure-registry'];
}

/** Describes an image that the engine holds. */
export function inspectCommand(engine: Engine, reference: string): Command {
  return { file: engine.name, args: ['image', 'inspect', '--format', '{{json .}}', '--', reference] };
}

/** Reads the output of `inspectCommand`. All four engines answer in Docker's shape; undefined when it is not. */
export function parseInspect(stdout: string): LocalImage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  const image = (Array.isArray(value) ? value[0] : value) as
    | {
        Id?: string;
        Os?: string;
        Architecture?: string;
        RepoDigests?: string[] | null;
        Config?: { ExposedPorts?: Record<string, unknown> | null } | null;
      }
    | undefined;
  if (!image?.Os || !image.Architecture) return undefined;
  return {
    id: image.Id ?? '',
    platform: `${image.Os}/${image.Architecture}`,
    ports: Object.keys(image.Config?.ExposedPorts ?? {})
      .filter((port) => !port.endsWith('/udp'))
      .map((port) => Number.parseInt(port, 10)),
    repositoryDigests: image.RepoDigests ?? [],
  };
}

/** The digest in the output of `docker push`: `TAG: digest: sha256:… size: N`. */
export function parsePushedDigest(output: string): string | undefined {
  return /digest: (sha256:[0-9a-f]{64})/.exec(output)?.[1];
}
