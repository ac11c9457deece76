import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import type { ScalableTarget, ScalableTargets } from './scalableTargets';

interface Resource {
  readonly ResourceARN: string;
}

/** Tags of scalable targets. */
export function scalingTagOperations(targets: ScalableTargets): Record<string, Operation> {
  const named = ({ ResourceARN }: Resource): ScalableTarget => {
    const found = [...targets.values()].find(({ arn }) => arn === ResourceARN);
    if (found) return found;
    throw new ApiError('ResourceNotFoundException', `The resource ${ResourceARN} does not exist.`);
  };
  return {
    ListTagsForResource: (input: Resource) => ({ Tags: named(input).tags ?? {} }),
    TagResource: (input: Resource & { readonly Tags: Readonly<Record<string, string>> }) => {
      const target = named(input);
      target.tags = { ...target.tags, ...input.Tags };
      return {};
    },
    UntagResource: (input: Resource & { readonly TagKeys: readonly string[] }) => {
      const target = named(input);
      const left = Object.entries(target.tags ?? {}).filter(([key]) => !input.TagKeys.includes(key));
      target.tags = Object.fromEntries(left);
      return {};
    },
  };
}
