import { Listings, type Reading } from '../core/listing';
import type { EcrGateway } from './gateway';
import { newestFirst, type Image, type Repository } from './model';

const collator = new Intl.Collator('en', { numeric: true });

/** What is known of ECR over one connection: asked when a row is opened, never kept longer than the row. */
export class EcrInventory {
  private readonly listings = new Listings();

  constructor(private readonly ecr: EcrGateway) {}

  /** All repositories by name: one call for a thousand. */
  async listRepositories(signal: AbortSignal): Promise<Reading<Repository>> {
    const page = (token: string | undefined, own: AbortSignal): ReturnType<EcrGateway['describeRepositories']> =>
      this.ecr.describeRepositories({ token }, own);
    const { items, error } = await this.listings.read('repositories', page, signal);
    return { items: [...items].sort((a, b) => collator.compare(a.name, b.name)), error };
  }

  /** All images of a repository, newest first: ECR gives them in no useful order, so all pages have to be read. */
  async listImages(repository: string, signal: AbortSignal): Promise<Reading<Image>> {
    const page = (token: string | undefined, own: AbortSignal): ReturnType<EcrGateway['describeImages']> =>
      this.ecr.describeImages(repository, token, own);
    const { items, error } = await this.listings.read(`images ${repository}`, page, signal);
    return { items: newestFirst(items), error };
  }
}
