import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  GetLifecyclePolicyCommand,
  GetLifecyclePolicyPreviewCommand,
  GetRepositoryPolicyCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  StartImageScanCommand,
  StartLifecyclePolicyPreviewCommand,
  type ECRClient,
} from '@aws-sdk/client-ecr';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Page } from '../core/paging';
import type { EcrGateway, FindingsPage, PreviewPage } from '../ecr/gateway';
import type {
  Image,
  ImageFailure,
  ImageId,
  Manifest,
  RegistryLogin,
  Repository,
  RepositoryOptions,
} from '../ecr/model';
import type { Caller } from './caller';
import { fromImageId, toExpiring, toFindingsPage, toImage, toRepository, toRepositoryInput } from './ecrShapes';
import { fetchText } from './fetchText';

/** Bytes of the longest text that a registry has to take (OCI distribution-spec, "Pushing Manifests"). */
const longestText = 4 * 1024 * 1024;

/** ECR over the AWS SDK. */
export class SdkEcrGateway implements EcrGateway {
  constructor(
    private readonly client: ECRClient,
    private readonly caller: Caller,
  ) {}

  async describeRepositories(
    { names, token }: { readonly names?: readonly string[]; readonly token?: string | undefined },
    signal: AbortSignal,
  ): Promise<Page<Repository>> {
    // maxResults and nextToken are refused together with explicit names.
    const input = names ? { repositoryNames: [...names] } : { maxResults: 1000, nextToken: token };
    const answer = await this.caller.call('ecr:DescribeRepositories', 'ecr', signal, (options) =>
      this.client.send(new DescribeRepositoriesCommand(input), options),
    );
    return { items: (answer.repositories ?? []).map(toRepository), nextToken: answer.nextToken };
  }

  async describeImages(repository: string, token: string | undefined, signal: AbortSignal): Promise<Page<Image>> {
    // Without the filter, ECR leaves out what is in the archive.
    const filter = { imageStatus: 'ANY' } as const;
    const input = { repositoryName: repository, maxResults: 1000, nextToken: token, filter };
    const answer = await this.caller.call('ecr:DescribeImages', 'ecr', signal, (options) =>
      this.client.send(new DescribeImagesCommand(input), options),
    );
    return { items: (answer.imageDetails ?? []).map(toImage), nextToken: answer.nextToken };
  }

  async findImage(repository: string, tag: string, signal: AbortSignal): Promise<Image | undefined> {
    const input = { repositoryName: repository, imageIds: [{ imageTag: tag }] };
    return unlessMissing(
      'ImageNotFoundException',
      this.caller
        .call('ecr:DescribeImages', 'ecr', signal, (options) =>
          this.client.send(new DescribeImagesCommand(input), options),
        )
        .then((answer) => answer.imageDetails?.map(toImage)[0]),
    );
  }

  async createRepository(name: string, signal: AbortSignal, options: RepositoryOptions = {}): Promise<Repository> {
    const input = toRepositoryInput(name, options);
    const answer = await this.caller.call('ecr:CreateRepository', 'ecr', signal, (own) =>
      this.client.send(new CreateRepositoryCommand(input), own),
    );
    return toRepository(answer.repository ?? {});
  }

  async deleteRepository(name: string, force: boolean, signal: AbortSignal): Promise<void> {
    const input = { repositoryName: name, force };
    await this.caller.call('ecr:DeleteRepository', 'ecr', signal, (options) =>
      this.client.send(new DeleteRepositoryCommand(input), options),
    );
  }

  async getManifests(repository: string, digests: readonly string[], signal: AbortSignal): Promise<Manifest[]> {
    const input = { repositoryName: repository, imageIds: digests.map((imageDigest) => ({ imageDigest })) };
    const answer = await this.caller.call('ecr:BatchGetImage', 'ecr', signal, (options) =>
      this.client.send(new BatchGetImageCommand(input), options),
    );
    return (answer.images ?? []).map(({ imageId, imageManifest, imageManifestMediaType }) => ({
      ...{ digest: imageId?.imageDigest ?? '', text: imageManifest ?? '', mediaType: imageManifestMediaType },
    }));
  }

  async readBlob(repository: string, digest: string, signal: AbortSignal): Promise<string> {
    const input = { repositoryName: repository, layerDigest: digest };
    return this.caller.call('ecr:GetDownloadUrlForLayer', 'ecr', signal, async (options) => {
      const { downloadUrl = '' } = await this.client.send(new GetDownloadUrlForLayerCommand(input), options);
      return fetchText(downloadUrl, longestText, options.abortSignal);
    });
  }

  async putTag(
    repository: string,
    { digest, text, mediaType }: Manifest,
    tag: string,
    signal: AbortSignal,
  ): Promise<void> {
    const input = {
      ...{ repositoryName: repository, imageManifest: text, imageTag: tag, imageDigest: digest },
      imageManifestMediaType: mediaType,
    };
    await this.caller.call('ecr:PutImage', 'ecr', signal, (options) =>
      this.client.send(new PutImageCommand(input), options),
    );
  }

  async deleteImages(repository: string, ids: readonly ImageId[], signal: AbortSignal): Promise<ImageFailure[]> {
    const input = { repositoryName: repository, imageIds: ids.map(fromImageId) };
    const answer = await this.caller.call('ecr:BatchDeleteImage', 'ecr', signal, (options) =>
      this.client.send(new BatchDeleteImageCommand(input), options),
    );
    return (answer.failures ?? []).map(({ imageId, failureCode, failureReason }) => ({
      id: { digest: imageId?.imageDigest, tag: imageId?.imageTag },
      code: failureCode ?? '',
      reason: failureReason ?? '',
    }));
  }

  async startScan(repository: string, digest: string, signal: AbortSignal): Promise<void> {
    const input = { repositoryName: repository, imageId: { imageDigest: digest } };
    await this.caller.call('ecr:StartImageScan', 'ecr', signal, (options) =>
      this.client.send(new StartImageScanCommand(input), options),
    );
  }

  async scanFindings(
    repository: string,
    digest: string,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<FindingsPage | undefined> {
    const imageId = { imageDigest: digest };
    const input = { repositoryName: repository, imageId, maxResults: 1000, nextToken: token };
    return unlessMissing(
      'ScanNotFoundException',
      this.caller
        .call('ecr:DescribeImageScanFindings', 'ecr', signal, (options) =>
          this.client.send(new DescribeImageScanFindingsCommand(input), options),
        )
        .then(toFindingsPage),
    );
  }

  async lifecyclePolicy(repository: string, signal: AbortSignal): Promise<string | undefined> {
    return unlessMissing(
      'LifecyclePolicyNotFoundException',
      this.caller
        .call('ecr:GetLifecyclePolicy', 'ecr', signal, (options) =>
          this.client.send(new GetLifecyclePolicyCommand({ repositoryName: repository }), options),
        )
        .then(({ lifecyclePolicyText }) => lifecyclePolicyText),
    );
  }

  async setLifecyclePolicy(repository: string, text: string | undefined, signal: AbortSignal): Promise<void> {
    const repositoryName = repository;
    if (text === undefined) {
      await this.caller.call('ecr:DeleteLifecyclePolicy', 'ecr', signal, (options) =>
        this.client.send(new DeleteLifecyclePolicyCommand({ repositoryName }), options),
      );
      return;
    }
    await this.caller.call('ecr:PutLifecyclePolicy', 'ecr', signal, (options) =>
      this.client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: text }), options),
    );
  }

  async startLifecyclePreview(repository: string, text: string | undefined, signal: AbortSignal): Promise<void> {
    const input = { repositoryName: repository, lifecyclePolicyText: text };
    await this.caller.call('ecr:StartLifecyclePolicyPreview', 'ecr', signal, (options) =>
      this.client.send(new StartLifecyclePolicyPreviewCommand(input), options),
    );
  }

  async lifecyclePreview(repository: string, token: string | undefined, signal: AbortSignal): Promise<PreviewPage> {
    const input = { repositoryName: repository, maxResults: 100, nextToken: token };
    const answer = await this.caller.call('ecr:GetLifecyclePolicyPreview', 'ecr', signal, (options) =>
      this.client.send(new GetLifecyclePolicyPreviewCommand(input), options),
    );
    return {
      ...{ items: (answer.previewResults ?? []).map(toExpiring), nextToken: answer.nextToken },
      status: answer.status ?? 'FAILED',
    };
  }

  async repositoryPolicy(repository: string, signal: AbortSignal): Promise<string | undefined> {
    return unlessMissing(
      'RepositoryPolicyNotFoundException',
      this.caller
        .call('ecr:GetRepositoryPolicy', 'ecr', signal, (options) =>
          this.client.send(new GetRepositoryPolicyCommand({ repositoryName: repository }), options),
        )
        .then(({ policyText }) => policyText),
    );
  }

  async setRepositoryPolicy(repository: string, text: string | undefined, signal: AbortSignal): Promise<void> {
    const repositoryName = repository;
    if (text === undefined) {
      await this.caller.call('ecr:DeleteRepositoryPolicy', 'ecr', signal, (options) =>
        this.client.send(new DeleteRepositoryPolicyCommand({ repositoryName }), options),
      );
      return;
    }
    await this.caller.call('ecr:SetRepositoryPolicy', 'ecr', signal, (options) =>
      this.client.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: text }), options),
    );
  }

  async login(signal: AbortSignal): Promise<RegistryLogin> {
    const answer = await this.caller.call('ecr:GetAuthorizationToken', 'ecr', signal, (options) =>
      this.client.send(new GetAuthorizationTokenCommand({}), options),
    );
    const data = answer.authorizationData?.[0];
    const [user, password] = Buffer.from(data?.authorizationToken ?? '', 'base64')
      .toString('utf8')
      .split(/:(.*)/s);
    if (!user || !password || !data?.proxyEndpoint || !URL.canParse(data.proxyEndpoint)) {
      throw new GantryError('badAnswer', message('{0} got an answer without its result.', 'ecr:GetAuthorizationToken'));
    }
    return { user, password, host: new URL(data.proxyEndpoint).host };
  }
}

/** Undefined where AWS says by this error that there is no such thing; any other error stays one. */
async function unlessMissing<T>(exception: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const cause = error instanceof GantryError ? error.cause : undefined;
    if (cause instanceof Error && cause.name === exception) return undefined;
    throw error;
  }
}
