import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type EcrContext, owner, repositoryArn, repositoryNamed } from './context';
import { lifecycleRules } from './lifecycle';
import { runLifecycle } from './lifecycleRuns';
import type { Repository } from './repository';

interface Named {
  readonly repositoryName: string;
  readonly registryId?: string;
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Repository policy, lifecycle policy and resource tags: texts that are kept as they came. */
export function policyOperations(context: EcrContext): Record<string, Operation> {
  const found = (input: Named): Repository => repositoryNamed(context, input);
  const policyAnswer = (repository: Repository): unknown => {
    if (repository.policy !== undefined) return { ...owner(context, repository), policyText: repository.policy };
    throw new ApiError('RepositoryPolicyNotFoundException', absent('Repository', context, repository));
  };
  const lifecycleAnswer = (repository: Repository): Record<string, unknown> => {
    if (repository.lifecycle !== undefined) {
      return { ...owner(context, repository), lifecyclePolicyText: repository.lifecycle };
    }
    throw new ApiError('LifecyclePolicyNotFoundException', absent('Lifecycle', context, repository));
  };
  return {
    GetRepositoryPolicy: (input: Named) => policyAnswer(found(input)),
    SetRepositoryPolicy: (input: Named & { policyText: string }) => {
      const repository = found(input);
      checkJson(input.policyText, 'PolicyText');
      repository.policy = input.policyText;
      return policyAnswer(repository);
    },
    DeleteRepositoryPolicy: (input: Named) => {
      const repository = found(input);
      const answer = policyAnswer(repository);
      repository.policy = undefined;
      return answer;
    },
    GetLifecyclePolicy: (input: Named) => lifecycleAnswer(found(input)),
    PutLifecyclePolicy: (input: Named & { lifecyclePolicyText: string }) => {
      const repository = found(input);
      lifecycleRules(input.lifecyclePolicyText);
      repository.lifecycle = input.lifecyclePolicyText;
      runLifecycle(context, repository);
      return lifecycleAnswer(repository);
    },
    DeleteLifecyclePolicy: (input: Named) => {
      const repository = found(input);
      const answer = lifecycleAnswer(repository);
      repository.lifecycle = undefined;
      return answer;
    },
    ...tagOperations(context),
  };
}

function absent(kind: 'Repository' | 'Lifecycle', context: EcrContext, repository: Repository): string {
  const where = `for the repository with name '${repository.name}' in the registry with id '${context.place.account}'`;
  return `${kind} policy does not exist ${where}`;
}

function checkJson(text: string, member: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Answered below.
  }
  throw invalidParameter(`Invalid parameter at '${member}' failed to satisfy constraint: 'Invalid JSON'`);
}

function tagOperations(context: EcrContext): Record<string, Operation> {
  const byArn = (arn: string): Repository => {
    const prefix = repositoryArn(context, '');
    if (!arn.startsWith(prefix)) throw invalidParameter(`Invalid parameter at 'resourceArn': '${arn}'`);
    return repositoryNamed(context, { repositoryName: arn.slice(prefix.length) });
  };
  return {
    ListTagsForResource: ({ resourceArn }: { resourceArn: string }) => ({
      tags: [...byArn(resourceArn).resourceTags].map(([Key, Value]) => ({ Key, Value })),
    }),
    TagResource: ({ resourceArn, tags }: { resourceArn: string; tags: readonly Tag[] }) => {
      const { resourceTags } = byArn(resourceArn);
      const all = new Set([...resourceTags.keys(), ...tags.map(({ Key }) => Key)]);
      if (all.size > 50) throw new ApiError('TooManyTagsException', 'A resource may have 50 tags at most.');
      for (const { Key, Value } of tags) resourceTags.set(Key, Value);
    },
    UntagResource: ({ resourceArn, tagKeys }: { resourceArn: string; tagKeys: readonly string[] }) => {
      const { resourceTags } = byArn(resourceArn);
      for (const key of tagKeys) resourceTags.delete(key);
    },
  };
}
