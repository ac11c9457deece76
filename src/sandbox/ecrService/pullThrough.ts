import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { EcrContext } from './context';

/** A pull-through cache rule: stored and shown. The sandbox fetches nothing from other registries. */
export interface CacheRule {
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
  readonly upstreamRegistry: string;
  readonly createdAt: number;
  credentialArn?: string | undefined;
}

interface CreateRequest extends Partial<CacheRule> {
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
}

const upstreams: Readonly<Record<string, string>> = {
  'public.ecr.aws': 'ecr-public',
  'quay.io': 'quay',
  'registry.k8s.io': 'k8s',
  'registry-1.docker.io': 'docker-hub',
  'ghcr.io': 'github-container-registry',
  'registry.gitlab.com': 'gitlab-container-registry',
};
const withCredentials = ['docker-hub', 'github-container-registry', 'gitlab-container-registry'];

function create(context: EcrContext, request: CreateRequest): unknown {
  const { ecrRepositoryPrefix: prefix, upstreamRegistryUrl: url, credentialArn } = request;
  const { account } = context.place;
  const upstreamRegistry = request.upstreamRegistry ?? upstreams[url];
  if (upstreamRegistry === undefined) {
    throw new ApiError('UnsupportedUpstreamRegistryException', `The upstream registry '${url}' is not supported`);
  }
  if (withCredentials.includes(upstreamRegistry) && credentialArn === undefined) {
    throw new ApiError('InvalidParameterException', `A credential ARN is required for the upstream registry '${url}'`);
  }
  if (context.cacheRules.has(prefix)) {
    const text = `The pull through cache rule with prefix '${prefix}' already exists in the registry with id '${account}'`;
    throw new ApiError('PullThroughCacheRuleAlreadyExistsException', text);
  }
  const createdAt = context.clock.now();
  const rule = { ecrRepositoryPrefix: prefix, upstreamRegistryUrl: url, upstreamRegistry, createdAt, credentialArn };
  context.cacheRules.set(prefix, rule);
  return describe(context, rule);
}

function describe({ place }: EcrContext, rule: CacheRule): Record<string, unknown> {
  return { ...rule, createdAt: new Date(rule.createdAt), registryId: place.account };
}

function named({ cacheRules, place }: EcrContext, prefix: string): CacheRule {
  const rule = cacheRules.get(prefix);
  if (rule) return rule;
  const text = `The pull through cache rule with prefix '${prefix}' does not exist in the registry with id '${place.account}'`;
  throw new ApiError('PullThroughCacheRuleNotFoundException', text);
}

interface DescribeRequest {
  readonly ecrRepositoryPrefixes?: readonly string[];
  readonly maxResults?: number;
  readonly nextToken?: string;
}

export function pullThroughOperations(context: EcrContext): Record<string, Operation> {
  return {
    CreatePullThroughCacheRule: (input: CreateRequest) => create(context, input),
    DescribePullThroughCacheRules: (input: DescribeRequest) => {
      const { ecrRepositoryPrefixes: prefixes } = input;
      const rules = prefixes?.map((prefix) => named(context, prefix)) ?? [...context.cacheRules.values()];
      const { items, nextToken } = page(rules, input.maxResults ?? 100, input.nextToken, prefixes ?? null);
      return { pullThroughCacheRules: items.map((rule) => describe(context, rule)), nextToken };
    },
    UpdatePullThroughCacheRule: (input: { ecrRepositoryPrefix: string; credentialArn?: string }) => {
      const rule = { ...named(context, input.ecrRepositoryPrefix) };
      rule.credentialArn = input.credentialArn ?? rule.credentialArn;
      context.cacheRules.set(rule.ecrRepositoryPrefix, rule);
      const { ecrRepositoryPrefix, credentialArn } = rule;
      const updatedAt = new Date(context.clock.now());
      return { ecrRepositoryPrefix, registryId: context.place.account, updatedAt, credentialArn };
    },
    DeletePullThroughCacheRule: ({ ecrRepositoryPrefix: prefix }: { ecrRepositoryPrefix: string }) => {
      const answer = describe(context, named(context, prefix));
      context.cacheRules.delete(prefix);
      delete answer['upstreamRegistry'];
      return answer;
    },
    ValidatePullThroughCacheRule: ({ ecrRepositoryPrefix: prefix }: { ecrRepositoryPrefix: string }) => {
      const { upstreamRegistryUrl, credentialArn } = named(context, prefix);
      const common = { ecrRepositoryPrefix: prefix, registryId: context.place.account, upstreamRegistryUrl };
      const failure = 'The sandbox fetches nothing from other registries.';
      return { ...common, credentialArn, isValid: false, failure };
    },
  };
}
