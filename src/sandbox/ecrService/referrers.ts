import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { type EcrContext, repositoryNamed } from './context';
import { parseManifest } from './manifest';

interface Request {
  readonly repositoryName: string;
  readonly registryId?: string;
  readonly subjectId: { readonly imageDigest: string };
  readonly filter?: { readonly artifactTypes?: readonly string[] };
  readonly nextToken?: string;
  readonly maxResults?: number;
}

/** Signatures, attestations and the like: what names an image as its subject. */
export function referrerOperations(context: EcrContext): Record<string, Operation> {
  return {
    ListImageReferrers: (input: Request) => {
      const repository = repositoryNamed(context, input);
      const types = input.filter?.artifactTypes;
      const all = [...repository.images.values()]
        .filter(({ subject }) => subject === input.subjectId.imageDigest)
        .filter(({ artifactMediaType }) => !types?.length || types.includes(artifactMediaType ?? ''));
      const filters = [repository.name, input.subjectId.imageDigest, types ?? null];
      const { items, nextToken } = page(all, input.maxResults ?? 50, input.nextToken, filters);
      const referrers = items.map((image) => ({
        digest: image.digest,
        mediaType: image.mediaType,
        artifactType: image.artifactMediaType,
        size: Buffer.byteLength(image.manifest),
        annotations: parseManifest(image.manifest, image.mediaType)?.manifest.annotations,
        artifactStatus: 'ACTIVE',
      }));
      return { referrers, nextToken };
    },
  };
}
