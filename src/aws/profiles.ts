import {
  loadConfig,
  NODE_REGION_CONFIG_FILE_OPTIONS,
  NODE_REGION_CONFIG_OPTIONS,
  parseKnownFiles,
} from '@smithy/core/config';
import type { ConnectionSpec } from '../core/connection';
import { GantryError } from '../core/errors';
import { message } from '../core/message';

/** Names of the profiles in both shared files. A file that does not exist has none. */
export async function listProfiles(): Promise<readonly string[]> {
  return Object.keys(await parseKnownFiles({ ignoreCache: true })).sort();
}

/**
 * The profile that a connection uses, checked.
 * @throws GantryError profileMissing when it is named (in the spec or in AWS_PROFILE) but in neither file.
 */
export async function resolveProfile(spec: ConnectionSpec): Promise<string | undefined> {
  const profile = spec.profile ?? process.env['AWS_PROFILE'];
  if (!profile) return undefined;
  const known = await listProfiles();
  // Keys in the environment win over AWS_PROFILE in the SDK's chain, so the profile need not exist then.
  if (known.includes(profile) || (!spec.profile && process.env['AWS_ACCESS_KEY_ID'])) return profile;
  throw new GantryError(
    'profileMissing',
    message('There is no AWS profile named “{0}” in the shared config and credentials files.', profile),
  );
}

/**
 * The Region that a connection works in: its own, or the environment's, then the profile's.
 * @throws GantryError regionMissing
 */
export async function resolveRegion(spec: ConnectionSpec, profile: string | undefined): Promise<string> {
  if (spec.region) return spec.region;
  try {
    return await loadConfig(
      {
        ...NODE_REGION_CONFIG_OPTIONS,
        // An empty variable is not set; and the AWS CLI also knows the second one.
        environmentVariableSelector: (env) => env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined,
      },
      { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile ? { profile } : {}), ignoreCache: true },
    )();
  } catch (cause) {
    throw new GantryError(
      'regionMissing',
      profile ? message('No AWS Region is set for the profile “{0}”.', profile) : message('No AWS Region is set.'),
      { cause },
    );
  }
}
