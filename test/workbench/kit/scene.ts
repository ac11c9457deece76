import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../contract/sandboxProcess';
import { copySample } from '../../kit/sampleWorkspace';
import { openWorkbench, type WorkbenchOptions } from './openWorkbench';
import type { Workbench } from './workbench';

/** A sandbox, a workspace with the sample in it, and a window that shows both. */
export interface Scene {
  /** Files of the test; gone afterwards. */
  readonly home: string;
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** A second pair of hands in the same account. */
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly workbench: Workbench;
  close(): Promise<void>;
}

/** Where a scene keeps its files. */
export interface ScenePlace {
  readonly home: string;
  readonly folder: string;
}

export interface SceneOptions extends Partial<Omit<WorkbenchOptions, 'folder' | 'extensions' | 'env'>> {
  readonly env?: (place: ScenePlace) => NodeJS.ProcessEnv;
  readonly sandbox?: SandboxOptions;
  /** Packaged extensions beside Gantry. */
  readonly beside?: readonly string[];
  /** Puts files into the workspace, or anywhere, before the window opens. */
  readonly prepare?: (place: ScenePlace) => Promise<void> | void;
}

/** Opens a scene. Its sandbox is the connection of the window, unless `env` says otherwise. */
export async function openScene({
  sandbox: kind,
  prepare,
  beside = [],
  ...options
}: SceneOptions = {}): Promise<Scene> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'gantry-scene-'));
  const folder = await copySample(path.join(home, 'sample'));
  await prepare?.({ home, folder });
  const sandbox = await startSandbox({ seed: 'tiny', ...kind });
  const env = { GANTRY_SANDBOX: JSON.stringify(sandbox.info), ...options.env?.({ home, folder }) };
  const extensions = [process.env['GANTRY_TEST_VSIX'] ?? '', ...beside];
  const workbench = await openWorkbench({ ...options, folder, env, extensions });
  const config = {
    endpoint: sandbox.endpoint,
    region: sandbox.info.region,
    credentials: { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' },
  };
  const [ecs, ecr] = [new ECSClient(config), new ECRClient(config)];
  const close = async (): Promise<void> => {
    await workbench.close();
    ecs.destroy();
    ecr.destroy();
    await sandbox.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  return { home, folder, sandbox, ecs, ecr, workbench, close };
}
