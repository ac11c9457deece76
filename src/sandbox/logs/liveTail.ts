import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../../core/clock';
import { invalidParameter } from '../http/apiError';
import { EventStreamAnswer } from '../http/eventStreamAnswer';
import { filterPattern } from './filterPattern';
import type { LogEvent, LogStore } from './logStore';

export interface LiveTailRequest {
  readonly logGroupIdentifiers: readonly string[];
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefixes?: readonly string[];
  readonly logEventFilterPattern?: string;
}

/** AWS tells once a second, at most 500 events at a time. */
const updateInterval = 1000;
const maxEvents = 500;
/** AWS ends a session after three hours, in milliseconds. */
const maxDuration = 3 * 3600_000;

interface Seen extends LogEvent {
  readonly logStreamName: string;
  readonly logGroupIdentifier: string;
}

/** The name of a group from its name or ARN. Live Tail takes ARNs without `:*` only. */
export function groupOfArn(identifier: string): string {
  return identifier.replace(/^arn:[^:]+:logs:[^:]*:\d+:log-group:/, '').replace(/:\*$/, '');
}

/** What is written from now on, once a second. @throws ApiError when the request cannot be served. */
export function startLiveTail(store: LogStore, clock: Clock, request: LiveTailRequest): EventStreamAnswer {
  const { logGroupIdentifiers, logStreamNames: names, logStreamNamePrefixes: prefixes } = request;
  if (names && prefixes) throw invalidParameter('logStreamNames and logStreamNamePrefixes are mutually exclusive.');
  if ((names ?? prefixes) && logGroupIdentifiers.length > 1) {
    throw invalidParameter('Log streams can only be named with a single log group.');
  }
  const matches = filterPattern(request.logEventFilterPattern ?? '');
  const groups = new Map(
    logGroupIdentifiers.map((identifier) => {
      if (!identifier.startsWith('arn:')) throw invalidParameter(`'${identifier}' is not the ARN of a log group.`);
      return [
        store.group(groupOfArn(identifier)).name,
        identifier.replace(/^arn:[^:]+:logs:[^:]*:/, '').replace(':log-group:', ':'),
      ];
    }),
  );
  const wanted = (stream: string): boolean =>
    (names?.includes(stream) ?? true) && (prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true);
  return new EventStreamAnswer(({ event, fail }) => {
    let waiting: Seen[] = [];
    let surplus = false;
    const forget = store.listen((group, logStreamName, events) => {
      const logGroupIdentifier = groups.get(group);
      if (logGroupIdentifier === undefined || !wanted(logStreamName)) return;
      for (const found of events.filter(({ message }) => matches(message))) {
        if (waiting.length < maxEvents) waiting.push({ ...found, logStreamName, logGroupIdentifier });
        else surplus = true;
      }
    });
    const id = randomUUID();
    const { logEventFilterPattern } = request;
    event('sessionStart', {
      ...{ requestId: randomUUID(), sessionId: id, logGroupIdentifiers, logEventFilterPattern },
      ...{ logStreamNames: names ?? [], logStreamNamePrefixes: prefixes ?? [] },
    });
    const end = clock.now() + maxDuration;
    let timer: Timer;
    const update = (): void => {
      event('sessionUpdate', { sessionMetadata: { sampled: surplus }, sessionResults: waiting });
      waiting = [];
      surplus = false;
      if (clock.now() >= end) fail('SessionTimeoutException', 'The session has been open for three hours.');
      else timer = clock.after(updateInterval, update);
    };
    timer = clock.after(updateInterval, update);
    return () => {
      timer.cancel();
      forget();
    };
  });
}
