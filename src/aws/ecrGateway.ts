import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  type ECRClient,
  type ImageDetail,
  type Repository as SdkRepository,
} from '@aws-sdk/client-ecr';
import { GantryError, reasonOf } from '../core/errors';
import { message } from '../core/message';
import type { Page } from '../core/paging';
import type { EcrGateway } from '../ecr/gateway';
import type { Image, RegistryLogin, Repository } from '../ecr/model';
import type { Caller } from './caller';

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
    const input = { repositoryName: repository, maxResults: 1000, nextToken: token };
    const answer = await this.caller.call('ecr:DescribeImages', 'ecr', signal, (options) =>
      this.client.send(new DescribeImagesCommand(input), options),
    );
    return { items: (answer.imageDetails ?? []).map(toImage), nextToken: answer.nextToken };
  }

  async findImage(repository: string, tag: string, signal: AbortSignal): Promise<Image | undefined> {
    const input = { repositoryName: repository, imageIds: [{ imageTag: tag }] };
    try {
      const answer = await this.caller.call('ecr:DescribeImages', 'ecr', signal, (options) =>
        this.client.send(new DescribeImagesCommand(input), options),
      );
      return answer.imageDetails?.map(toImage)[0];
    } catch (error) {
      const cause = error instanceof GantryError ? error.cause : undefined;
      if (reasonOf(error) === 'notFound' && cause instanceof Error && cause.name === 'ImageNotFoundException') {
        return undefined;
      }
      throw error;
    }
  }

  async createRepository(name: string, signal: AbortSignal): Promise<Repository> {
    const input = { repositoryName: name, imageScanningConfiguration: { scanOnPush: true } };
    const answer = await this.caller.call('ecr:CreateRepository', 'ecr', signal, (options) =>
      this.client.send(new CreateRepositoryCommand(input), options),
    );
    return toRepository(answer.repository ?? {});
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

function toRepository(from: SdkRepository): Repository {
  return {
    arn: from.repositoryArn ?? '',
    name: from.repositoryName ?? '',
    uri: from.repositoryUri ?? '',
    mutability: from.imageTagMutability ?? 'MUTABLE',
    mutabilityExclusions: (from.imageTagMutabilityExclusionFilters ?? []).flatMap(({ filter }) => filter ?? []),
    createdAt: from.createdAt?.getTime(),
  };
}

function toImage(from: ImageDetail): Image {
  return {
    digest: from.imageDigest ?? '',
    tags: from.imageTags ?? [],
    size: from.imageSizeInBytes,
    pushedAt: from.imagePushedAt?.getTime(),
    mediaType: from.imageManifestMediaType,
  };
}
