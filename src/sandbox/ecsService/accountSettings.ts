import { invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { EcsContext } from './context';

/** The account's settings, as a new account has them, and the values that they can take. */
const settings: Readonly<Record<string, readonly [standard: string, ...others: string[]]>> = {
  awsvpcTrunking: ['disabled', 'enabled'],
  containerInsights: ['disabled', 'enabled', 'enhanced'],
  containerInstanceLongArnFormat: ['enabled', 'disabled'],
  defaultLogDriverMode: ['non-blocking', 'blocking'],
  fargateFIPSMode: ['disabled', 'enabled'],
  fargateTaskRetirementWaitPeriod: ['7', '0', '14'],
  guardDutyActivate: ['off', 'on'],
  serviceLongArnFormat: ['enabled', 'disabled'],
  tagResourceAuthorization: ['off', 'on'],
  taskLongArnFormat: ['enabled', 'disabled'],
  fargateEventWindows: ['disabled', 'enabled'],
};

interface ListRequest {
  readonly name?: string;
  readonly value?: string;
  readonly principalArn?: string;
  readonly effectiveSettings?: boolean;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

interface PutRequest {
  readonly name: string;
  readonly value: string;
  readonly principalArn?: string;
}

const keyOf = (principal: string, name: string): string => `${principal} ${name}`;

/** What a setting is for a principal: its own value, the account's, or AWS's. */
export function effectiveSetting({ state, place }: EcsContext, name: string, principal?: string): string | undefined {
  const root = `arn:aws:iam::${place.account}:root`;
  const own = principal === undefined ? undefined : state.accountSettings.get(keyOf(principal, name));
  return own ?? state.accountSettings.get(keyOf(root, name)) ?? settings[name]?.[0];
}

export function accountSettingOperations(context: EcsContext): Record<string, Operation> {
  const root = `arn:aws:iam::${context.place.account}:root`;
  const user = `arn:aws:iam::${context.place.account}:user/sandbox`;
  const stored = context.state.accountSettings;
  const describe = (name: string, value: string, principalArn: string): Record<string, string> => ({
    name,
    value,
    principalArn,
    type: name === 'guardDutyActivate' ? 'aws_managed' : 'user',
  });
  const put = (principal: string, { name, value }: PutRequest): unknown => {
    if (name === 'guardDutyActivate') throw invalidParameter('The setting guardDutyActivate is managed by AWS.');
    if (!settings[name]?.includes(value)) throw invalidParameter(`Invalid value '${value}' for the setting ${name}.`);
    stored.set(keyOf(principal, name), value);
    return { setting: describe(name, value, principal) };
  };
  return {
    ListAccountSettings: (input: ListRequest) => {
      const principal = input.principalArn ?? user;
      const entries = Object.keys(settings).flatMap((name) => {
        const value = input.effectiveSettings
          ? effectiveSetting(context, name, principal)
          : stored.get(keyOf(principal, name));
        return value === undefined ? [] : [{ name, value }];
      });
      const found = entries.filter(
        ({ name, value }) => (input.name ?? name) === name && (input.value ?? value) === value,
      );
      const filters = [input.name ?? null, input.value ?? null, principal, input.effectiveSettings ?? false];
      const cut = page(found, input.maxResults ?? 10, input.nextToken, filters);
      return {
        settings: cut.items.map(({ name, value }) => describe(name, value, principal)),
        nextToken: cut.nextToken,
      };
    },
    PutAccountSetting: (input: PutRequest) => put(input.principalArn ?? user, input),
    PutAccountSettingDefault: (input: PutRequest) => put(root, input),
    DeleteAccountSetting: ({ name, principalArn = user }: { name: string; principalArn?: string }) => {
      stored.delete(keyOf(principalArn, name));
      return { setting: describe(name, effectiveSetting(context, name, principalArn) ?? '', principalArn) };
    },
  };
}
