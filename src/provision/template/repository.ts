import type { RepositoryChoice } from '../choices';
import { getAtt, sub, type Resource, type Value } from './ast';

/** The repository, where it is a new one. */
export function repositoryResources(repository: RepositoryChoice): Record<string, Resource> {
  if (repository.kind === 'existing') return {};
  const { name, scanOnPush, immutableTags } = repository;
  return {
    Repository: {
      type: 'AWS::ECR::Repository',
      comment: 'Where the images are pushed to. A repository that still has images is not deleted with the stack.',
      properties: {
        RepositoryName: name,
        ImageTagMutability: immutableTags ? 'IMMUTABLE' : 'MUTABLE',
        ImageScanningConfiguration: { ScanOnPush: scanOnPush },
      },
    },
  };
}

/** The repository's ARN, for policies. */
export function repositoryArn(repository: RepositoryChoice): Value {
  return repository.kind === 'new' ? getAtt('Repository', 'Arn') : repository.arn;
}

/** An image of the repository. */
export function imageOf(repository: RepositoryChoice, tag: string): Value {
  return repository.kind === 'new' ? sub(`\${Repository.RepositoryUri}:${tag}`) : `${repository.uri}:${tag}`;
}
