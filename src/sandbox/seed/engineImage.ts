import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EngineCli } from '../runtime/engineCli';
import type { EngineLogin } from '../runtime/engineLogin';

export interface BuildInput {
  readonly cli: EngineCli;
  readonly login: EngineLogin;
  /** `127.0.0.1:PORT/name:tag` */
  readonly target: string;
  readonly dockerfile: string;
  readonly files: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Builds an image with the engine and pushes it to the sandbox's own registry. @throws Error with the engine's words. */
export async function buildAndPush({ cli, login, target, dockerfile, files, now }: BuildInput): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gantry-seed-'));
  try {
    for (const [name, text] of Object.entries({ ...files, Dockerfile: dockerfile })) {
      await writeFile(path.join(folder, name), text, { mode: 0o644 });
    }
    await must(cli, ['build', '--quiet', '--tag', target, folder]);
    await login.refresh(now);
    await must(cli, ['push', ...(cli.isPodman ? ['--tls-verify=false'] : []), target]);
  } finally {
    await cli.run(['image', 'rm', target]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function must(cli: EngineCli, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await cli.run(args);
  if (code !== 0) throw new Error(`${cli.command} ${args[0] ?? ''}: ${stderr || stdout}`);
}
