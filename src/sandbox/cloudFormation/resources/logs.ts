import { type ResourceType, changed } from '../handling';

const arnOf = ({ region, account }: { region: string; account: string }, name: string): string =>
  `arn:aws:logs:${region}:${account}:log-group:${name}`;

/** AWS::Logs::LogGroup */
const logGroup: ResourceType = {
  nameProperty: 'LogGroupName',
  elsewhere: [
    ...['BearerTokenAuthenticationEnabled', 'DataProtectionPolicy', 'DeletionProtectionEnabled'],
    ...['FieldIndexPolicies', 'KmsKeyId', 'ResourcePolicyDocument'],
  ],
  create: async (handling, properties) => {
    const logGroupName = String(properties['LogGroupName'] ?? handling.name(512));
    const { LogGroupClass: logGroupClass, RetentionInDays: retentionInDays } = properties;
    const tags = Object.fromEntries(handling.tags.map(({ Key, Value }) => [Key, Value]));
    const ofClass = logGroupClass === undefined ? {} : { logGroupClass };
    await handling.call('logs', 'CreateLogGroup', { logGroupName, tags, ...ofClass });
    handling.made(logGroupName);
    if (retentionInDays !== undefined) {
      await handling.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
    }
  },
  attributes: ({ place }, id) => ({ Arn: `${arnOf(place, id)}:*` }),
  update: async (handling, logGroupName, properties, former) => {
    if (!changed(former, properties, 'RetentionInDays')) return;
    const { RetentionInDays: retentionInDays } = properties;
    if (retentionInDays === undefined) await handling.call('logs', 'DeleteRetentionPolicy', { logGroupName });
    else await handling.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
  },
  replaces: (property) => property === 'LogGroupClass',
  remove: async (handling, logGroupName) => {
    await handling.call('logs', 'DeleteLogGroup', { logGroupName });
  },
  retag: async (handling, id, added, tagKeys) => {
    const resourceArn = arnOf(handling.place, id);
    const tags = Object.fromEntries(added.map(({ Key, Value }) => [Key, Value]));
    if (added.length > 0) await handling.call('logs', 'TagResource', { resourceArn, tags });
    if (tagKeys.length > 0) await handling.call('logs', 'UntagResource', { resourceArn, tagKeys });
  },
};

export const logTypes: Readonly<Record<string, ResourceType>> = { 'AWS::Logs::LogGroup': logGroup };
