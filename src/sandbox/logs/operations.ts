import type { Clock } from '../../core/clock';
import { ApiError, invalidParameter } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import type { Place } from '../place';
import { filterPattern } from './filterPattern';
import { groupOperations } from './groups';
import { type LiveTailRequest, groupOfArn, startLiveTail } from './liveTail';
import type { LogEvent, LogStore, LogStream } from './logStore';

interface Grouped {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
}

interface GetRequest extends Grouped {
  readonly logStreamName: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
}

interface FilterRequest extends Grouped {
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefix?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

/** The group's name, from the name or from an identifier, which may be an ARN. */
function groupName({ logGroupName, logGroupIdentifier }: Grouped): string {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw invalidParameter('LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  }
  const name = logGroupName ?? (logGroupIdentifier === undefined ? undefined : groupOfArn(logGroupIdentifier));
  if (name === undefined) throw invalidParameter('Either LogGroup name or LogGroup ARN must be given.');
  return name;
}

const inRange =
  ({ startTime = 0, endTime = Infinity }: { readonly startTime?: number; readonly endTime?: number }) =>
  ({ timestamp }: LogEvent): boolean =>
    timestamp >= startTime && timestamp < endTime;

/** Both tokens always come; at the end of a stream the forward token is the one that was sent. */
function get(store: LogStore, request: GetRequest): unknown {
  const group = groupName(request);
  const { dropped, events: all } = store.stream(group, request.logStreamName);
  const oldest = store.oldest(group);
  const events = all.filter(inRange(request)).filter(({ timestamp }) => timestamp >= oldest);
  const limit = request.limit ?? 10_000;
  const [, direction, position] = /^([fb])\/(\d{56})\/s$/.exec(request.nextToken ?? '') ?? [];
  if (request.nextToken !== undefined && direction === undefined)
    throw invalidParameter('The specified nextToken is invalid.');
  const at = Math.min(events.length, Math.max(0, Number(position ?? 0) - dropped));
  let start = request.startFromHead ? 0 : Math.max(0, events.length - limit);
  if (direction === 'f') start = at;
  if (direction === 'b') start = Math.max(0, at - limit);
  const end = direction === 'b' ? at : Math.min(events.length, start + limit);
  const token = (kind: string, index: number): string => `${kind}/${String(index + dropped).padStart(56, '0')}/s`;
  return { events: events.slice(start, end), nextForwardToken: token('f', end), nextBackwardToken: token('b', start) };
}

function filter(store: LogStore, request: FilterRequest): unknown {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = request;
  if (names && prefix !== undefined)
    throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive.');
  const matches = filterPattern(request.filterPattern ?? '');
  const { name, streams } = store.group(groupName(request));
  const oldest = store.oldest(name);
  const wanted = names?.map((stream) => store.stream(name, stream)) ?? [...streams.values()];
  const found = wanted
    .filter((stream) => prefix === undefined || stream.name.startsWith(prefix))
    .flatMap((stream) =>
      stream.events.map((event, index) => ({ event, logStreamName: stream.name, index: index + stream.dropped })),
    )
    .filter(({ event }) => event.timestamp >= oldest && inRange(request)(event) && matches(event.message))
    .sort((a, b) => a.event.timestamp - b.event.timestamp);
  const { nextToken, limit = 10_000, ...filters } = request;
  const cut = page(found, limit, nextToken, filters);
  const events = cut.items.map(({ event, logStreamName, index }) => ({
    ...event,
    logStreamName,
    eventId: `${event.timestamp}${String(index).padStart(43, '0')}`,
  }));
  return { events, searchedLogStreams: [], nextToken: cut.nextToken };
}

function describeStream(place: Place, group: string, { name, createdAt, events }: LogStream): Record<string, unknown> {
  return {
    logStreamName: name,
    creationTime: createdAt,
    firstEventTimestamp: events[0]?.timestamp,
    lastEventTimestamp: events.at(-1)?.timestamp,
    lastIngestionTime: events.at(-1)?.ingestionTime,
    arn: `arn:aws:logs:${place.region}:${place.account}:log-group:${group}:log-stream:${name}`,
    storedBytes: 0,
  };
}

interface StreamsRequest extends Grouped {
  readonly logStreamNamePrefix?: string;
  readonly orderBy?: 'LogStreamName' | 'LastEventTime';
  readonly descending?: boolean;
  readonly nextToken?: string;
  readonly limit?: number;
}

function describeStreams(store: LogStore, place: Place, request: StreamsRequest): unknown {
  const group = store.group(groupName(request));
  const { logStreamNamePrefix: prefix = '', orderBy, descending } = request;
  if (orderBy === 'LastEventTime' && prefix !== '') {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const streams = [...group.streams.values()].filter(({ name }) => name.startsWith(prefix));
  const time = ({ events }: LogStream): number => events.at(-1)?.timestamp ?? 0;
  streams.sort((a, b) => (orderBy === 'LastEventTime' ? time(a) - time(b) : a.name < b.name ? -1 : 1));
  if (descending) streams.reverse();
  const filters = [group.name, prefix, orderBy ?? null, descending ?? null];
  const cut = page(streams, request.limit ?? 50, request.nextToken, filters);
  return { logStreams: cut.items.map((stream) => describeStream(place, group.name, stream)), nextToken: cut.nextToken };
}

interface PutRequest {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logEvents: readonly { readonly timestamp: number; readonly message: string }[];
}

const hour = 3600_000;

/** Events must come in their order; what is too old or too new is left out, and the answer says from where to where. */
function put(store: LogStore, clock: Clock, request: PutRequest): unknown {
  const { logGroupName: group, logStreamName, logEvents: events } = request;
  const stream = store.stream(group, logStreamName);
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  const now = clock.now();
  const { retentionInDays = Infinity } = store.group(group);
  const tooOld = events.filter(({ timestamp }) => timestamp < now - 14 * 24 * hour).length;
  const expired = events.filter(({ timestamp }) => timestamp < now - retentionInDays * 24 * hour).length;
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + 2 * hour);
  store.append(group, stream, events.slice(Math.max(tooOld, expired), tooNew < 0 ? undefined : tooNew));
  const rejected = {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
    ...(tooNew >= 0 ? { tooNewLogEventStartIndex: tooNew } : {}),
  };
  return {
    nextSequenceToken: '49545295115971876468408574808414755329919666212443258898',
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
}

/** Which of the messages a pattern matches, as the console tests it. */
function testPattern(request: { filterPattern: string; logEventMessages: readonly string[] }): unknown {
  const matches = filterPattern(request.filterPattern);
  const found = request.logEventMessages.map((eventMessage, index) => ({ eventNumber: index + 1, eventMessage }));
  return {
    matches: found
      .filter(({ eventMessage }) => matches(eventMessage))
      .map((match) => ({ ...match, extractedValues: {} })),
  };
}

export function logOperations(store: LogStore, place: Place, clock: Clock): Record<string, Operation> {
  return {
    ...groupOperations(store, place),
    CreateLogStream: ({ logGroupName, logStreamName }: { logGroupName: string; logStreamName: string }) => {
      if (store.group(logGroupName).streams.has(logStreamName)) {
        throw new ApiError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
      store.ensureStream(logGroupName, logStreamName);
    },
    DeleteLogStream: ({ logGroupName, logStreamName }: { logGroupName: string; logStreamName: string }) => {
      store.group(logGroupName).streams.delete(store.stream(logGroupName, logStreamName).name);
    },
    DescribeLogStreams: (input: StreamsRequest) => describeStreams(store, place, input),
    PutLogEvents: (input: PutRequest) => put(store, clock, input),
    GetLogEvents: (input: GetRequest) => get(store, input),
    FilterLogEvents: (input: FilterRequest) => filter(store, input),
    TestMetricFilter: (input: { filterPattern: string; logEventMessages: readonly string[] }) => testPattern(input),
    StartLiveTail: (input: LiveTailRequest) => startLiveTail(store, clock, input),
  };
}
