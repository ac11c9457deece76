import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { CertificateRecords } from '../acm/certificates';
import type { Stacks } from '../cloudFormation/types';
import type { CodeDeployState } from '../codeDeploy/types';
import type { CacheRule } from '../ecrService/pullThrough';
import type { RegistrySettings } from '../ecrService/registrySettings';
import type { Repositories } from '../ecrService/repository';
import type { EcsState } from '../ecsService/context';
import type { Network } from '../ec2/network';
import type { ElbState } from '../elb/types';
import type { AlarmRecords } from '../metrics/alarms';
import type { Metrics } from '../metrics/metricStore';
import type { ScalingState } from '../scaling/policies';
import type { ManagedPolicies } from '../iam/managedPolicies';
import type { InstanceProfiles } from '../iam/instanceProfiles';
import type { Roles } from '../iam/roles';
import type { ScalableTargets } from '../scaling/scalableTargets';
import type { SessionRecords } from '../sessions/sessions';
import type { SavedSecrets } from '../secrets/secretStore';
import type { LogGroups } from '../logs/logStore';

/** Everything that survives a restart, apart from the blobs, which are files of their own. */
export interface SavedState {
  readonly format: 1;
  readonly repositories: Repositories;
  readonly ecs: EcsState;
  readonly registrySettings?: RegistrySettings;
  readonly cacheRules?: Map<string, CacheRule>;
  readonly secrets?: SavedSecrets;
  readonly roles?: Roles;
  readonly policies?: ManagedPolicies;
  readonly profiles?: InstanceProfiles;
  readonly metrics?: Metrics;
  readonly alarms?: AlarmRecords;
  readonly scaling?: ScalingState;
  readonly sessions?: SessionRecords;
  readonly scalableTargets?: ScalableTargets;
  readonly logs: LogGroups;
  readonly elb?: ElbState;
  readonly codeDeploy?: CodeDeployState;
  readonly stacks?: Stacks;
  readonly certificates?: CertificateRecords;
  readonly network?: Network;
  /** Registry passwords and when they expire. */
  readonly tokens: ReadonlyMap<string, number>;
  /** Names that the registry has had: images of task definitions carry them. */
  readonly hosts: readonly string[];
}

/**
 * The state as one file. A write is whole or absent: it goes to a file beside it, onto the disk, and is then renamed
 * over the old one.
 */
export class StateFile {
  readonly #file: string;
  readonly #state: () => SavedState;
  #saving: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #written: Buffer | undefined;

  constructor(folder: string, state: () => SavedState) {
    this.#file = stateFileOf(folder);
    this.#state = state;
  }

  /** Resolves when everything that is true now is on the disk. Calls that come together share a write. */
  save(): Promise<void> {
    if (!this.#saving) {
      this.#saving = this.#write().finally(() => (this.#saving = undefined));
      return this.#saving;
    }
    // The write that is going on may have looked too early.
    this.#next ??= this.#saving
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.save();
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const bytes = serialize(this.#state());
    if (this.#written?.equals(bytes)) return;
    const beside = `${this.#file}.new`;
    const handle = await open(beside, 'w', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, this.#file);
    await syncFolder(path.dirname(this.#file));
    this.#written = bytes;
  }
}

/** Reads the state that an earlier sandbox left. @throws Error when it is not one. */
export function readState(folder: string): SavedState | undefined {
  const file = stateFileOf(folder);
  if (!existsSync(file)) return undefined;
  const state = deserialize(readFileSync(file)) as SavedState;
  if (state.format !== 1) throw new Error(`${file} was written by another version of the sandbox.`);
  return state;
}

function stateFileOf(folder: string): string {
  return path.join(folder, 'state.v8');
}

/** A rename is on the disk when its folder is. Windows cannot open folders and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
