import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { GantryError, reasonOf } from '../core/errors';
import { formatImageReference, type ImageReference } from '../core/imageRef';
import { message } from '../core/message';
import type { Command, Exit, Runner } from './command';
import {
  buildCommand,
  buildxCommand,
  engineNames,
  inspectCommand,
  parseInspect,
  parsePushedDigest,
  probeCommand,
  pullCommand,
  pushCommand,
  type BuildRequest,
  type Engine,
  type EngineName,
  type LocalImage,
} from './engine';
import { buildError, engineError, pullError, pushError } from './engineErrors';
import { withRegistryAccess, type Login } from './registryAccess';

/** Milliseconds for a question that an engine answers at once when it is well. */
const questionLimit = 20_000;

/**
 * Finds an engine that answers.
 * @param wanted one engine by name, or `auto` for the first that answers
 * @throws GantryError engineMissing, engineNotRunning or engineDenied: of the engine that came closest
 */
export async function findEngine(wanted: EngineName | 'auto', runner: Runner, signal: AbortSignal): Promise<Engine> {
  const names = wanted === 'auto' ? engineNames : [wanted];
  let closest: GantryError | undefined;
  for (const name of names) {
    try {
      return await probe(name, runner, signal);
    } catch (error) {
      if (!(error instanceof GantryError) || error.reason === 'cancelled') throw error;
      if (!closest || (closest.reason === 'engineMissing' && error.reason !== 'engineMissing')) closest = error;
    }
  }
  if (wanted === 'auto' && closest?.reason === 'engineMissing') {
    throw new GantryError(
      'engineMissing',
      message('No container engine was found (docker, podman, finch or nerdctl).'),
    );
  }
  throw closest ?? new GantryError('engineMissing', message('No container engine was found.'));
}

async function probe(name: EngineName, runner: Runner, signal: AbortSignal): Promise<Engine> {
  const exit = await runner.run(probeCommand(name), { signal, timeout: questionLimit });
  if (exit.code !== 0) {
    const text = exit.stderr + exit.stdout;
    throw (
      engineError(text, name) ??
      new GantryError('engineNotRunning', message('{0} does not answer: {1}', name, text.trim()), { detail: text })
    );
  }
  if (name !== 'docker') return { name, builder: 'native' };
  return { name, builder: await dockerBuilder(exit.stdout, runner, signal) };
}

async function dockerBuilder(version: string, runner: Runner, signal: AbortSignal): Promise<Engine['builder']> {
  const exit = await runner.run(buildxCommand, { signal, timeout: questionLimit });
  if (exit.code === 0) return 'buildx';
  const major = Number.parseInt(/"Client":\{.*?"Version":"(\d+)/s.exec(version)?.[1] ?? '', 10);
  return major < 23 ? 'buildkit' : 'classic';
}

/** Builds and pushes with one engine. */
export class ContainerEngine {
  constructor(
    readonly engine: Engine,
    private readonly runner: Runner,
  ) {}

  /**
   * Builds an image; the engine's own output goes to `onOutput` while it appears.
   * @throws GantryError buildFailed, platformMismatch, engineNotRunning, cancelled
   */
  async build(
    request: BuildRequest,
    login: Login | undefined,
    onOutput: (text: string) => void,
    signal: AbortSignal,
  ): Promise<LocalImage> {
    await requireFile(request.dockerfile);
    await requireDirectory(request.context);
    // With the registry's login at hand, a base image from the same registry can be pulled.
    const exit = login
      ? await withRegistryAccess(this.engine.name, login, this.runner, signal, (access) =>
          this.show(buildCommand(this.engine, request, access), onOutput, signal),
        )
      : await this.show(buildCommand(this.engine, request), onOutput, signal);
    const output = exit.stdout + exit.stderr;
    if (exit.code !== 0) {
      throw engineError(output, this.engine.name) ?? buildError(output, path.basename(request.dockerfile));
    }
    return this.inspect(request.tag, signal);
  }

  /**
   * Pushes an image that the engine holds and returns the digest that the registry gave it, if the engine says it.
   * @throws GantryError repositoryMissing, tagImmutable, pushDenied, pushFailed, credentialsExpired, unreachable …
   */
  async push(
    reference: ImageReference,
    login: Login,
    onOutput: (text: string) => void,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const name = formatImageReference(reference);
    const plainHttp = isLoopback(reference.host ?? '');
    return withRegistryAccess(this.engine.name, login, this.runner, signal, async (access, directory) => {
      const digestFile = path.join(directory, 'digest');
      const command = pushCommand(this.engine, name, access, { plainHttp, digestFile });
      const exit = await this.show(command, onOutput, signal);
      const output = exit.stdout + exit.stderr;
      if (exit.code !== 0) throw engineError(output, this.engine.name) ?? pushError(output, reference.repository);
      const written = await fs.readFile(digestFile, 'utf8').catch(() => '');
      return written.trim() || parsePushedDigest(output);
    });
  }

  /**
   * Pulls an image into the engine.
   * @throws GantryError pullFailed, engineNotRunning, cancelled
   */
  async pull(reference: string, login: Login, onOutput: (text: string) => void, signal: AbortSignal): Promise<void> {
    await withRegistryAccess(this.engine.name, login, this.runner, signal, async (access) => {
      const command = pullCommand(this.engine, reference, access, isLoopback(login.host));
      const exit = await this.show(command, onOutput, signal);
      const output = exit.stdout + exit.stderr;
      if (exit.code !== 0) throw engineError(output, this.engine.name) ?? pullError(output, reference);
    });
  }

  private async inspect(reference: string, signal: AbortSignal): Promise<LocalImage> {
    const command = inspectCommand(this.engine, reference);
    const exit = await this.runner.run(command, { signal, timeout: questionLimit });
    const image = exit.code === 0 ? parseInspect(exit.stdout) : undefined;
    if (image) return image;
    throw new GantryError('buildFailed', message('{0} built the image but cannot describe it.', this.engine.name), {
      detail: exit.stderr,
    });
  }

  private show(command: Command, onOutput: (text: string) => void, signal: AbortSignal): Promise<Exit> {
    onOutput(`$ ${[command.file, ...command.args].join(' ')}\n`);
    return this.runner.run(command, { signal, onOutput });
  }
}

async function requireFile(file: string): Promise<void> {
  const found = await fs.stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new GantryError('dockerfileMissing', message('There is no file {0}.', file));
}

async function requireDirectory(directory: string): Promise<void> {
  const found = await fs.stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new GantryError('dockerfileMissing', message('The build context {0} is not a directory.', directory));
  }
}

/** Whether a registry is on this machine, where engines speak plain HTTP. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}

/** True for errors that another try may mend: a new login, a new connection. */
export function mayRetryPush(error: unknown): boolean {
  return ['loginExpired', 'unreachable', 'throttled'].includes(reasonOf(error) ?? '');
}
