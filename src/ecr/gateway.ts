import type { Page } from '../core/paging';
import type { Finding } from './findings';
import type {
  ExpiringImage,
  Image,
  ImageFailure,
  ImageId,
  Manifest,
  RegistryLogin,
  Repository,
  RepositoryOptions,
  ScanSummary,
} from './model';

/** One page of findings, with what is true of the whole scan. */
export interface FindingsPage extends Page<Finding> {
  readonly scan: ScanSummary;
}

/** One page of a preview, with how far it is. */
export interface PreviewPage extends Page<ExpiringImage> {
  /** IN_PROGRESS, COMPLETE, EXPIRED or FAILED. */
  readonly status: string;
}

/** ECR as Gantry asks it: one method per API operation, one call per method. Every method throws `GantryError`. */
export interface EcrGateway {
  /** DescribeRepositories, 1000 a page; with `names` just those (at most 100). */
  describeRepositories(
    options: { readonly names?: readonly string[]; readonly token?: string | undefined },
    signal: AbortSignal,
  ): Promise<Page<Repository>>;
  /** DescribeImages, 1000 a page, in no useful order, with what is in the archive. */
  describeImages(repository: string, token: string | undefined, signal: AbortSignal): Promise<Page<Image>>;
  /** DescribeImages of one tag; undefined when the tag does not exist. */
  findImage(repository: string, tag: string, signal: AbortSignal): Promise<Image | undefined>;
  /** CreateRepository, with scan on push unless the options say otherwise. */
  createRepository(name: string, signal: AbortSignal, options?: RepositoryOptions): Promise<Repository>;
  /** DeleteRepository; `force` takes the images with it. */
  deleteRepository(name: string, force: boolean, signal: AbortSignal): Promise<void>;
  /** BatchGetImage, at most 100; what is not there is left out. */
  getManifests(repository: string, digests: readonly string[], signal: AbortSignal): Promise<readonly Manifest[]>;
  /** GetDownloadUrlForLayer, and what is there: a configuration or another small text that a manifest names. */
  readBlob(repository: string, digest: string, signal: AbortSignal): Promise<string>;
  /** PutImage of a manifest that is there already, under another tag. */
  putTag(repository: string, manifest: Manifest, tag: string, signal: AbortSignal): Promise<void>;
  /** BatchDeleteImage, at most 100; returns what could not be deleted, and why. */
  deleteImages(repository: string, ids: readonly ImageId[], signal: AbortSignal): Promise<readonly ImageFailure[]>;
  /** StartImageScan. */
  startScan(repository: string, digest: string, signal: AbortSignal): Promise<void>;
  /** DescribeImageScanFindings, 1000 a page; undefined when the image has not been scanned. */
  scanFindings(
    repository: string,
    digest: string,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<FindingsPage | undefined>;
  /** GetLifecyclePolicy: its JSON; undefined when there is none. */
  lifecyclePolicy(repository: string, signal: AbortSignal): Promise<string | undefined>;
  /** PutLifecyclePolicy, or DeleteLifecyclePolicy without a text. */
  setLifecyclePolicy(repository: string, text: string | undefined, signal: AbortSignal): Promise<void>;
  /** StartLifecyclePolicyPreview; of the policy that is in force without a text. */
  startLifecyclePreview(repository: string, text: string | undefined, signal: AbortSignal): Promise<void>;
  /** GetLifecyclePolicyPreview, 100 a page. */
  lifecyclePreview(repository: string, token: string | undefined, signal: AbortSignal): Promise<PreviewPage>;
  /** GetRepositoryPolicy: its JSON; undefined when there is none. */
  repositoryPolicy(repository: string, signal: AbortSignal): Promise<string | undefined>;
  /** SetRepositoryPolicy, or DeleteRepositoryPolicy without a text. */
  setRepositoryPolicy(repository: string, text: string | undefined, signal: AbortSignal): Promise<void>;
  /** GetAuthorizationToken: good for 12 hours, for every repository of the account and Region. */
  login(signal: AbortSignal): Promise<RegistryLogin>;
}
