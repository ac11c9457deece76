import type { Clock } from '../../core/clock';
import { ApiError } from '../http/apiError';
import type { Place } from '../place';
import type { BlobStore } from '../registry/blobStore';
import type { RegistryTokens } from '../registry/tokens';
import type { CacheRule } from './pullThrough';
import type { RegistrySettings } from './registrySettings';
import type { Repositories, Repository } from './repository';

/** What ECR's operations work on. */
export interface EcrContext {
  readonly clock: Clock;
  readonly place: Place;
  readonly repositories: Repositories;
  readonly blobs: BlobStore;
  readonly tokens: RegistryTokens;
  /** By prefix. */
  readonly cacheRules: Map<string, CacheRule>;
  readonly settings: RegistrySettings;
  /** Layers that may be fetched without a login: key → digest. */
  readonly downloads: Map<string, string>;
}

export function repositoryMissingText(name: string, account: string): string {
  return `The repository with name '${name}' does not exist in the registry with id '${account}'`;
}

/** @throws ApiError when the repository, or the registry that the caller names, is not here. */
export function repositoryNamed(
  context: EcrContext,
  { repositoryName, registryId }: { repositoryName: string; registryId?: string | undefined },
): Repository {
  const { account } = context.place;
  const repository = (registryId ?? account) === account ? context.repositories.get(repositoryName) : undefined;
  if (repository) return repository;
  throw new ApiError('RepositoryNotFoundException', repositoryMissingText(repositoryName, registryId ?? account));
}

export function repositoryArn(context: EcrContext, name: string): string {
  return `arn:aws:ecr:${context.place.region}:${context.place.account}:repository/${name}`;
}

/** The members with which almost every answer of ECR begins. */
export function owner(context: EcrContext, repository: Repository): { registryId: string; repositoryName: string } {
  return { registryId: context.place.account, repositoryName: repository.name };
}
