import type { Operation } from '../http/apiEndpoint';
import { type ElbContext, balancerOf, groupOf, listenerOf } from './context';
import { ruleOf } from './rules';

interface Request {
  readonly ResourceArns: readonly string[];
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
  readonly TagKeys?: readonly string[];
}

/** Tags of load balancers, target groups, listeners and rules. */
export function elbTagOperations({ state }: ElbContext): Record<string, Operation> {
  const tagsOf = (arn: string): Map<string, string> => {
    if (arn.includes(':loadbalancer/')) return balancerOf(state, arn).tags;
    if (arn.includes(':listener/')) return (listenerOf(state, arn).tags ??= new Map());
    if (arn.includes(':listener-rule/')) return (ruleOf({ state }, arn).rule.tags ??= new Map());
    return groupOf(state, arn).tags;
  };
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
