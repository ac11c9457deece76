import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { type EcrContext, owner, repositoryArn, repositoryNamed } from './context';
import { type ExclusionFilter, type Repository, type TagMutability, newRepository } from './repository';

interface Named {
  readonly repositoryName: string;
  readonly registryId?: string;
}

interface CreateRequest extends Named {
  readonly tags?: readonly { Key: string; Value: string }[];
  readonly imageTagMutability?: TagMutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
  readonly encryptionConfiguration?: { readonly encryptionType: string; readonly kmsKey?: string };
}

interface DescribeRequest {
  readonly registryId?: string;
  readonly repositoryNames?: readonly string[];
  readonly nextToken?: string;
  readonly maxResults?: number;
}

type MutabilityRequest = Named & Required<Pick<CreateRequest, 'imageTagMutability'>> & CreateRequest;

function describe(context: EcrContext, repository: Repository): Record<string, unknown> {
  const { name, createdAt, mutability, exclusions, scanOnPush, encryption } = repository;
  return {
    repositoryArn: repositoryArn(context, name),
    registryId: context.place.account,
    repositoryName: name,
    repositoryUri: `${context.place.registryHost}/${name}`,
    createdAt: new Date(createdAt),
    imageTagMutability: mutability,
    imageTagMutabilityExclusionFilters: exclusions,
    imageScanningConfiguration: { scanOnPush },
    encryptionConfiguration: encryption,
  };
}

/** Filters belong to the two `…_WITH_EXCLUSION` settings, and those need at least one. */
function checkExclusions(mutability: TagMutability, filters: readonly ExclusionFilter[] | undefined): void {
  if (mutability.endsWith('_WITH_EXCLUSION') === (filters !== undefined && filters.length > 0)) return;
  throw invalidParameter(
    `Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: ` +
      `'exclusion filters must be given exactly with IMMUTABLE_WITH_EXCLUSION and MUTABLE_WITH_EXCLUSION'`,
  );
}

function create(context: EcrContext, request: CreateRequest): unknown {
  const { repositoryName: name, imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters: filters } = request;
  checkExclusions(imageTagMutability, filters);
  if ((request.tags ?? []).length > 50) throw new ApiError('TooManyTagsException', 'A resource may have 50 tags.');
  if (context.repositories.has(name)) {
    const text = `The repository with name '${name}' already exists in the registry with id '${context.place.account}'`;
    throw new ApiError('RepositoryAlreadyExistsException', text);
  }
  const repository: Repository = {
    ...newRepository(name, context.clock.now()),
    mutability: imageTagMutability,
    exclusions: filters,
    scanOnPush: request.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: request.encryptionConfiguration ?? { encryptionType: 'AES256' },
    resourceTags: new Map((request.tags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
  context.repositories.set(name, repository);
  return { repository: describe(context, repository) };
}

function describeAll(context: EcrContext, request: DescribeRequest): unknown {
  const { repositoryNames: names, maxResults, nextToken, registryId } = request;
  if (names) {
    if (maxResults !== undefined || nextToken !== undefined) {
      throw invalidParameter('Invalid parameter: maxResults and nextToken cannot be used with repositoryNames.');
    }
    const named = names.map((repositoryName) => repositoryNamed(context, { repositoryName, registryId }));
    return { repositories: named.map((repository) => describe(context, repository)) };
  }
  const all = [...context.repositories.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken: next } = page(all, maxResults ?? 100, nextToken);
  return { repositories: items.map((repository) => describe(context, repository)), nextToken: next };
}

async function remove(context: EcrContext, request: Named & { force?: boolean }): Promise<unknown> {
  const repository = repositoryNamed(context, request);
  if (repository.images.size > 0 && !request.force) {
    const { account } = context.place;
    throw new ApiError(
      'RepositoryNotEmptyException',
      `The repository with name '${repository.name}' in registry with id '${account}' cannot be deleted because it ` +
        `still contains images`,
    );
  }
  context.repositories.delete(repository.name);
  const elsewhere = (digest: string): boolean =>
    [...context.repositories.values()].some(({ blobs }) => blobs.has(digest));
  for (const digest of repository.blobs.keys()) if (!elsewhere(digest)) await context.blobs.remove(digest);
  return { repository: describe(context, repository) };
}

function putMutability(context: EcrContext, request: MutabilityRequest): unknown {
  const repository = repositoryNamed(context, request);
  checkExclusions(request.imageTagMutability, request.imageTagMutabilityExclusionFilters);
  repository.mutability = request.imageTagMutability;
  repository.exclusions = request.imageTagMutabilityExclusionFilters;
  return {
    ...owner(context, repository),
    imageTagMutability: repository.mutability,
    imageTagMutabilityExclusionFilters: repository.exclusions,
  };
}

export function repositoryOperations(context: EcrContext): Record<string, Operation> {
  return {
    CreateRepository: (input: CreateRequest) => create(context, input),
    DescribeRepositories: (input: DescribeRequest) => describeAll(context, input),
    DeleteRepository: (input: Named & { force?: boolean }) => remove(context, input),
    PutImageTagMutability: (input: MutabilityRequest) => putMutability(context, input),
    PutImageScanningConfiguration: (input: Named & { imageScanningConfiguration: { scanOnPush?: boolean } }) => {
      const repository = repositoryNamed(context, input);
      repository.scanOnPush = input.imageScanningConfiguration.scanOnPush ?? false;
      return {
        ...owner(context, repository),
        imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
      };
    },
  };
}
