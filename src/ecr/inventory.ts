import { allPages } from '../core/paging';
import type { EcrGateway } from './gateway';
import { newestFirst, type Image, type Repository } from './model';

/** What is known of ECR over one connection: asked when a row is opened, never kept longer than the row. */
export class EcrInventory {
  constructor(private readonly ecr: EcrGateway) {}

  /** All repositories by name: one call for a thousand. */
  async listRepositories(signal: AbortSignal): Promise<Repository[]> {
    const repositories = await allPages((token) => this.ecr.describeRepositories({ token }, signal));
    return repositories.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  }

  /** All images of a repository, newest first: ECR gives them in no useful order, so all pages have to be read. */
  async listImages(repository: string, signal: AbortSignal): Promise<Image[]> {
    return newestFirst(await allPages((token) => this.ecr.describeImages(repository, token, signal)));
  }
}
