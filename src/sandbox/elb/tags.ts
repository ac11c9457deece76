import type { Operation } from '../http/apiEndpoint';
import { type ElbContext, balancerOf, groupOf } from './context';

interface Request {
  readonly ResourceArns: readonly string[];
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
  readonly TagKeys?: readonly string[];
}

/** Tags of load balancers and target groups. */
export function elbTagOperations({ state }: ElbContext): Record<string, Operation> {
  const tagsOf = (arn: string): Map<string, string> =>
    (arn.includes(':loadbalancer/') ? balancerOf(state, arn) : groupOf(state, arn)).tags;
  return {
    AddTags: ({ ResourceArns, Tags = [] }: Request) => {
      for (const tags of ResourceArns.map(tagsOf)) for (const { Key, Value = '' } of Tags) tags.set(Key, Value);
    },
    RemoveTags: ({ ResourceArns, TagKeys = [] }: Request) => {
      for (const tags of ResourceArns.map(tagsOf)) for (const key of TagKeys) tags.delete(key);
    },
    DescribeTags: ({ ResourceArns }: Request) => ({
      TagDescriptions: ResourceArns.map((ResourceArn) => ({
        ResourceArn,
        Tags: [...tagsOf(ResourceArn)].map(([Key, Value]) => ({ Key, Value })),
      })),
    }),
  };
}
