import type { Repositories, Image, Repository } from '../ecrService/repository';
import { findImage } from '../ecrService/repository';
import { parseManifest } from '../ecrService/manifest';
import type { Place } from '../place';
import type { BlobStore } from '../registry/blobStore';

/** An image reference of a container definition, taken apart. */
export interface OwnReference {
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

/** `linux/amd64` and the like. */
export type Platform = string;

/** What the registry of the sandbox knows about an image of a container definition. */
export type Resolution =
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'missing'; readonly own: OwnReference; readonly repositoryExists: boolean }
  | { readonly kind: 'found'; readonly own: OwnReference; readonly digest: string; readonly image: Image };

/** Looks images of task definitions up in the sandbox's own registry. */
export class ImageResolver {
  readonly #repositories: Repositories;
  readonly #blobs: BlobStore;
  readonly #place: Place;

  constructor(repositories: Repositories, blobs: BlobStore, place: Place) {
    this.#repositories = repositories;
    this.#blobs = blobs;
    this.#place = place;
  }

  resolve(image: string, digest?: string): Resolution {
    const own = this.#own(image);
    if (!own) return { kind: 'elsewhere' };
    const repository = this.#repositories.get(own.repository);
    const found = repository && findImage(repository, digest ?? own.reference);
    if (!found) return { kind: 'missing', own, repositoryExists: repository !== undefined };
    return { kind: 'found', own, digest: found.digest, image: found };
  }

  /** The platforms that an image was built for. An image without a readable config counts as built for any. */
  platforms(own: OwnReference, image: Image): { index: boolean; platforms: readonly Platform[] } {
    const manifest = parseManifest(image.manifest, image.mediaType)?.manifest;
    if (manifest?.manifests) {
      const platforms = manifest.manifests.map(
        ({ platform }) => `${platform?.os ?? ''}/${platform?.architecture ?? ''}`,
      );
      return { index: true, platforms };
    }
    const config = manifest?.config?.digest;
    const repository: Repository | undefined = this.#repositories.get(own.repository);
    if (config === undefined || !repository?.blobs.has(config)) return { index: false, platforms: [] };
    try {
      const { os, architecture } = JSON.parse(this.#blobs.bytes(config).toString('utf8')) as Record<string, string>;
      return { index: false, platforms: os && architecture ? [`${os}/${architecture}`] : [] };
    } catch {
      return { index: false, platforms: [] };
    }
  }

  /** The sandbox's registry also answers to the name that ECR would have in this account and Region. */
  #own(image: string): OwnReference | undefined {
    const { account, region, registryHost, formerHosts } = this.#place;
    const host = [registryHost, ...formerHosts, `${account}.dkr.ecr.${region}.amazonaws.com`].find((name) =>
      image.startsWith(`${name}/`),
    );
    if (host === undefined) return undefined;
    const rest = image.slice(host.length + 1);
    const at = rest.indexOf('@');
    const name = at < 0 ? rest : rest.slice(0, at);
    const colon = name.lastIndexOf(':');
    const repository = colon < 0 ? name : name.slice(0, colon);
    const tag = colon < 0 ? 'latest' : name.slice(colon + 1);
    return { repository, reference: at < 0 ? tag : rest.slice(at + 1) };
  }
}

/** Docker's name of a task's platform. */
export function platformOf(cpuArchitecture: string): Platform {
  return cpuArchitecture === 'ARM64' ? 'linux/arm64' : 'linux/amd64';
}
