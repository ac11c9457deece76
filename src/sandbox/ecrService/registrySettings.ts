import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { wildcard } from '../wildcard';
import type { CreationTemplate } from './creationTemplates';
import { type EcrContext, repositoryArn, repositoryMissingText } from './context';

interface ScanningRule {
  readonly scanFrequency: 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN' | 'MANUAL';
  readonly repositoryFilters: readonly { readonly filter: string; readonly filterType: string }[];
}

interface Replication {
  readonly rules: readonly unknown[];
}

/** What is set for the whole registry. */
export interface RegistrySettings {
  policy?: string;
  /** Absent: basic. */
  scanType?: 'BASIC' | 'ENHANCED';
  /** By prefix. */
  templates?: Map<string, CreationTemplate>;
  scanningRules: readonly ScanningRule[];
  replication: Replication;
  readonly account: Map<string, string>;
  /** Principals whose pulls do not count, and since when in milliseconds since the Unix epoch. */
  readonly pullExclusions: Map<string, number>;
}

export function emptyRegistrySettings(): RegistrySettings {
  return { scanningRules: [], replication: { rules: [] }, account: new Map(), pullExclusions: new Map() };
}

type Known = Readonly<Record<string, readonly string[]>>;

/** Account settings and their values, the first of which is AWS's default. */
const accountSettings: Known = {
  BASIC_SCAN_TYPE_VERSION: ['AWS_NATIVE', 'CLAIR'],
  REGISTRY_POLICY_SCOPE: ['V2', 'V1'],
  BLOB_MOUNTING: ['ENABLED', 'DISABLED'],
};

/** The rule of the registry that concerns a repository. */
function ruleFor({ scanningRules }: RegistrySettings, repository: string): ScanningRule | undefined {
  return scanningRules.find(({ repositoryFilters }) =>
    // A filter without a wildcard stands for every name that contains it.
    repositoryFilters.some(({ filter }) => wildcard(filter.includes('*') ? filter : `*${filter}*`, repository, false)),
  );
}

/** Whether the registry's own rules scan what is pushed to a repository. */
export function scannedOnPush(settings: RegistrySettings, repository: string): boolean {
  const frequency = ruleFor(settings, repository)?.scanFrequency;
  return frequency === 'SCAN_ON_PUSH' || frequency === 'CONTINUOUS_SCAN';
}

function putScanning(
  settings: RegistrySettings,
  request: { scanType?: 'BASIC' | 'ENHANCED'; rules?: readonly ScanningRule[] },
): unknown {
  const { scanType = 'BASIC', rules = [] } = request;
  if (scanType === 'BASIC' && rules.some(({ scanFrequency }) => scanFrequency === 'CONTINUOUS_SCAN')) {
    throw invalidParameter('The scan frequency CONTINUOUS_SCAN is not supported with the scan type BASIC.');
  }
  if (scanType === 'ENHANCED' && rules.some(({ scanFrequency }) => scanFrequency === 'MANUAL')) {
    throw invalidParameter('The scan frequency MANUAL is not supported with the scan type ENHANCED.');
  }
  settings.scanType = scanType;
  settings.scanningRules = rules;
  return { registryScanningConfiguration: { scanType, rules } };
}

function scanningOf(context: EcrContext, names: readonly string[]): unknown {
  const scanningConfigurations: unknown[] = [];
  const failures: unknown[] = [];
  for (const repositoryName of names) {
    const repository = context.repositories.get(repositoryName);
    if (!repository) {
      const failureReason = repositoryMissingText(repositoryName, context.place.account);
      failures.push({ repositoryName, failureCode: 'REPOSITORY_NOT_FOUND', failureReason });
      continue;
    }
    const rule = ruleFor(context.settings, repositoryName);
    const enhanced = context.settings.scanType === 'ENHANCED';
    const scanOnPush = (!enhanced && repository.scanOnPush) || scannedOnPush(context.settings, repositoryName);
    scanningConfigurations.push({
      ...{ repositoryArn: repositoryArn(context, repositoryName), repositoryName, scanOnPush },
      scanFrequency: enhanced && rule ? rule.scanFrequency : scanOnPush ? 'SCAN_ON_PUSH' : 'MANUAL',
      appliedScanFilters: rule?.repositoryFilters ?? [],
    });
  }
  return { scanningConfigurations, failures };
}

function policyOperations({ settings, place }: EcrContext): Record<string, Operation> {
  const answer = (policyText: string): unknown => ({ registryId: place.account, policyText });
  const policy = (): string => {
    if (settings.policy !== undefined) return settings.policy;
    const text = `Registry policy does not exist in the registry with id '${place.account}'`;
    throw new ApiError('RegistryPolicyNotFoundException', text);
  };
  return {
    GetRegistryPolicy: () => answer(policy()),
    PutRegistryPolicy: ({ policyText }: { policyText: string }) => {
      try {
        JSON.parse(policyText);
      } catch {
        throw invalidParameter(
          "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid registry policy provided'",
        );
      }
      settings.policy = policyText;
      return answer(policyText);
    },
    DeleteRegistryPolicy: () => {
      const text = policy();
      delete settings.policy;
      return answer(text);
    },
  };
}

function exclusionOperations({ settings, clock }: EcrContext): Record<string, Operation> {
  const { pullExclusions } = settings;
  return {
    RegisterPullTimeUpdateExclusion: ({ principalArn }: { principalArn: string }) => {
      if (pullExclusions.has(principalArn)) {
        throw new ApiError('ExclusionAlreadyExistsException', `The exclusion for ${principalArn} already exists.`);
      }
      pullExclusions.set(principalArn, clock.now());
      return { principalArn, createdAt: new Date(clock.now()) };
    },
    ListPullTimeUpdateExclusions: (input: { maxResults?: number; nextToken?: string }) => {
      const { items, nextToken } = page([...pullExclusions.keys()], input.maxResults ?? 100, input.nextToken);
      return { pullTimeUpdateExclusions: items, nextToken };
    },
    DeregisterPullTimeUpdateExclusion: ({ principalArn }: { principalArn: string }) => {
      if (pullExclusions.delete(principalArn)) return { principalArn };
      throw new ApiError('ExclusionNotFoundException', `The exclusion for ${principalArn} does not exist.`);
    },
  };
}

/** Settings of the whole registry. Replication and the registry's policy are kept and shown, not carried out. */
export function registrySettingOperations(context: EcrContext): Record<string, Operation> {
  const { settings, place } = context;
  const valuesOf = (name: string): readonly string[] => {
    if (Object.hasOwn(accountSettings, name)) return accountSettings[name] ?? [];
    throw invalidParameter(
      `Invalid parameter at 'name' failed to satisfy constraint: 'must be one of ${Object.keys(accountSettings).join(', ')}'`,
    );
  };
  return {
    ...policyOperations(context),
    ...exclusionOperations(context),
    GetRegistryScanningConfiguration: () => ({
      registryId: place.account,
      scanningConfiguration: { scanType: settings.scanType ?? 'BASIC', rules: settings.scanningRules },
    }),
    PutRegistryScanningConfiguration: (input: { scanType?: 'BASIC' | 'ENHANCED' }) => putScanning(settings, input),
    BatchGetRepositoryScanningConfiguration: ({ repositoryNames }: { repositoryNames: readonly string[] }) =>
      scanningOf(context, repositoryNames),
    DescribeRegistry: () => ({ registryId: place.account, replicationConfiguration: settings.replication }),
    PutReplicationConfiguration: ({ replicationConfiguration }: { replicationConfiguration: Replication }) => {
      settings.replication = replicationConfiguration;
      return { replicationConfiguration };
    },
    GetAccountSetting: ({ name }: { name: string }) => ({
      name,
      value: settings.account.get(name) ?? valuesOf(name)[0],
    }),
    PutAccountSetting: ({ name, value }: { name: string; value: string }) => {
      if (!valuesOf(name).includes(value)) {
        throw invalidParameter(
          `Invalid parameter at 'value' failed to satisfy constraint: 'must be one of ${valuesOf(name).join(', ')}'`,
        );
      }
      settings.account.set(name, value);
      return { name, value };
    },
  };
}
