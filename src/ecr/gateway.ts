import type { Page } from '../core/paging';
import type { Image, RegistryLogin, Repository } from './model';

/** ECR as Gantry asks it: one method per API operation, one call per method. Every method throws `GantryError`. */
export interface EcrGateway {
  /** DescribeRepositories, 1000 a page; with `names` just those (at most 100). */
  describeRepositories(
    options: { readonly names?: readonly string[]; readonly token?: string | undefined },
    signal: AbortSignal,
  ): Promise<Page<Repository>>;
  /** DescribeImages, 1000 a page, in no useful order. */
  describeImages(repository: string, token: string | undefined, signal: AbortSignal): Promise<Page<Image>>;
  /** DescribeImages of one tag; undefined when the tag does not exist. */
  findImage(repository: string, tag: string, signal: AbortSignal): Promise<Image | undefined>;
  /** CreateRepository with scan on push. */
  createRepository(name: string, signal: AbortSignal): Promise<Repository>;
  /** GetAuthorizationToken: good for 12 hours, for every repository of the account and Region. */
  login(signal: AbortSignal): Promise<RegistryLogin>;
}
