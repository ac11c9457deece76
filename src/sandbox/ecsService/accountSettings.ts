import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { EcsContext } from './context';

/** The account's settings, as a new account has them. */
const defaults: Readonly<Record<string, string>> = {
  awsvpcTrunking: 'disabled',
  containerInsights: 'disabled',
  containerInstanceLongArnFormat: 'enabled',
  defaultLogDriverMode: 'non-blocking',
  fargateFIPSMode: 'disabled',
  fargateTaskRetirementWaitPeriod: '7',
  guardDutyActivate: 'off',
  serviceLongArnFormat: 'enabled',
  tagResourceAuthorization: 'off',
  taskLongArnFormat: 'enabled',
};

interface ListRequest {
  readonly name?: string;
  readonly value?: string;
  readonly effectiveSettings?: boolean;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export function accountSettingOperations(context: EcsContext): Record<string, Operation> {
  const principalArn = `arn:aws:iam::${context.place.account}:root`;
  return {
    ListAccountSettings: (input: ListRequest) => {
      // Nothing has been set by anybody: without `effectiveSettings` there is nothing to show.
      const entries = input.effectiveSettings ? Object.entries(defaults) : [];
      const found = entries.filter(
        ([name, value]) => (input.name ?? name) === name && (input.value ?? value) === value,
      );
      const filters = [input.name ?? null, input.value ?? null, input.effectiveSettings ?? false];
      const cut = page(found, input.maxResults ?? 10, input.nextToken, filters);
      const settings = cut.items.map(([name, value]) => ({ name, value, principalArn, type: 'user' }));
      return { settings, nextToken: cut.nextToken };
    },
  };
}
