import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { Place } from '../place';
import { groupOfArn } from './liveTail';
import type { LogGroup, LogStore, LogStream } from './logStore';

type Tags = Readonly<Record<string, string>>;

interface DescribeRequest {
  readonly logGroupNamePrefix?: string;
  readonly logGroupNamePattern?: string;
  readonly logGroupIdentifiers?: readonly string[];
  readonly logGroupClass?: string;
  readonly limit?: number;
  readonly nextToken?: string;
}

/** The days for which CloudWatch Logs keeps events, by its API reference. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const maxTags = 50;

function describe(place: Place, group: LogGroup): Record<string, unknown> {
  const arn = `arn:aws:logs:${place.region}:${place.account}:log-group:${group.name}`;
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes: [...group.streams.values()].reduce((sum, stream) => sum + bytesOf(stream), 0),
    logGroupClass: group.logGroupClass ?? 'STANDARD',
  };
}

function bytesOf({ events }: LogStream): number {
  return events.reduce((sum, { message }) => sum + message.length, 0);
}

function describeMany(store: LogStore, place: Place, request: DescribeRequest): unknown {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers, logGroupClass } = request;
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  }
  const names = logGroupIdentifiers?.map(groupOfArn);
  const groups = [...store.groups.values()]
    .filter(({ name }) => name.startsWith(prefix ?? '') && name.toLowerCase().includes((pattern ?? '').toLowerCase()))
    .filter(({ name }) => names?.includes(name) ?? true)
    .filter((group) => logGroupClass === undefined || (group.logGroupClass ?? 'STANDARD') === logGroupClass)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const cut = page(groups, request.limit ?? 50, request.nextToken, [prefix, pattern, names, logGroupClass]);
  return { logGroups: cut.items.map((group) => describe(place, group)), nextToken: cut.nextToken };
}

function tag(tags: Map<string, string>, added: Tags): void {
  if (new Set([...tags.keys(), ...Object.keys(added)]).size > maxTags) {
    throw new ApiError('TooManyTagsException', 'A resource can have no more than 50 tags.');
  }
  for (const [key, value] of Object.entries(added)) tags.set(key, value);
}

function tagOperations(store: LogStore): Record<string, Operation> {
  const tagsOf = (name: string): Map<string, string> => store.tags(store.group(groupOfArn(name)));
  const untag = (name: string, keys: readonly string[]): void => {
    for (const key of keys) tagsOf(name).delete(key);
  };
  const list = (name: string): unknown => ({ tags: Object.fromEntries(tagsOf(name)) });
  return {
    TagResource: (input: { resourceArn: string; tags: Tags }) => tag(tagsOf(input.resourceArn), input.tags),
    UntagResource: (input: { resourceArn: string; tagKeys: readonly string[] }) =>
      untag(input.resourceArn, input.tagKeys),
    ListTagsForResource: (input: { resourceArn: string }) => list(input.resourceArn),
    TagLogGroup: (input: { logGroupName: string; tags: Tags }) => tag(tagsOf(input.logGroupName), input.tags),
    UntagLogGroup: (input: { logGroupName: string; tags: readonly string[] }) => untag(input.logGroupName, input.tags),
    ListTagsLogGroup: (input: { logGroupName: string }) => list(input.logGroupName),
  };
}

/** Log groups, their retention and their tags. */
export function groupOperations(store: LogStore, place: Place): Record<string, Operation> {
  return {
    ...tagOperations(store),
    CreateLogGroup: (input: { logGroupName: string; tags?: Tags; logGroupClass?: string }) =>
      store.createGroup(input.logGroupName, input),
    DeleteLogGroup: ({ logGroupName }: { logGroupName: string }) => {
      store.groups.delete(store.group(logGroupName).name);
    },
    DescribeLogGroups: (input: DescribeRequest) => describeMany(store, place, input),
    PutRetentionPolicy: ({ logGroupName, retentionInDays }: { logGroupName: string; retentionInDays: number }) => {
      const group = store.group(logGroupName);
      if (!retentions.includes(retentionInDays)) {
        throw invalidParameter(`The retention in days must be one of [${retentions.join(', ')}].`);
      }
      group.retentionInDays = retentionInDays;
    },
    DeleteRetentionPolicy: ({ logGroupName }: { logGroupName: string }) => {
      delete store.group(logGroupName).retentionInDays;
    },
  };
}
