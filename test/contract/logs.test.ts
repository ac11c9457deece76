import assert from 'node:assert/strict';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  StartLiveTailCommand,
  TagResourceCommand,
  TestMetricFilterCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { sdkConfig } from './tools';

const group = '/app/web';
const arn = `arn:aws:logs:us-east-1:000000000000:log-group:${group}`;

/**
 * Rules of AWS: CloudWatch Logs FilterLogEvents ("Filter pattern syntax"), StartLiveTail, GetLogEvents (both tokens),
 * DescribeLogStreams orderBy, PutRetentionPolicy, TagResource.
 */
describe("CloudWatch Logs, asked by AWS's SDK", function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let logs: CloudWatchLogsClient;

  before(async () => {
    sandbox = await startSandbox({ seed: 'empty' });
    logs = new CloudWatchLogsClient({ ...sdkConfig(sandbox), disableHostPrefix: true, maxAttempts: 1 });
    await logs.send(new CreateLogGroupCommand({ logGroupName: group, tags: { team: 'web' } }));
    for (const logStreamName of ['a/1', 'b/1', 'a/2']) {
      await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
    }
  });
  after(async () => {
    logs.destroy();
    assert.deepEqual(await sandbox.violations(), []);
    assert.equal(await sandbox.stop(), 0);
  });

  async function put(logStreamName: string, ...messages: string[]): Promise<void> {
    const timestamp = Date.now();
    const logEvents = messages.map((message, index) => ({ timestamp: timestamp - messages.length + index, message }));
    await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents }));
  }
  const filtered = async (filterPattern: string): Promise<(string | undefined)[]> =>
    ((await logs.send(new FilterLogEventsCommand({ logGroupName: group, filterPattern }))).events ?? []).map(
      ({ message }) => message,
    );

  it('finds events by JSON and by columns, and refuses what it cannot read', async () => {
    await put('a/1', '{"level":"error","status":500}', 'GET /index 404', '{"level":"info"}');
    assert.deepEqual(await filtered('{ $.level = "error" && $.status >= 500 }'), ['{"level":"error","status":500}']);
    assert.deepEqual(await filtered('[method, path, status = 4*]'), ['GET /index 404']);
    assert.deepEqual(await filtered('%level.:.info%'), ['{"level":"info"}']);
    await assert.rejects(filtered('{ $.level = }'), { name: 'InvalidParameterException' });
    const { matches } = await logs.send(
      new TestMetricFilterCommand({ filterPattern: 'ERROR', logEventMessages: ['fine', 'ERROR 1'] }),
    );
    assert.deepEqual(
      matches?.map(({ eventNumber }) => eventNumber),
      [2],
    );
  });

  it('tails live: what is written from now on, filtered, once a second', async () => {
    const abort = new AbortController();
    const { responseStream } = await logs.send(
      new StartLiveTailCommand({
        logGroupIdentifiers: [arn],
        logEventFilterPattern: 'wanted',
        logStreamNamePrefixes: ['b/'],
      }),
      { abortSignal: abort.signal },
    );
    const seen: string[] = [];
    let started = '';
    for await (const event of responseStream ?? []) {
      if (event.sessionStart) {
        started = event.sessionStart.logEventFilterPattern ?? '';
        await put('b/1', 'wanted one', 'unwanted? no: wanted two', 'other');
        await put('a/1', 'wanted elsewhere');
      }
      for (const found of event.sessionUpdate?.sessionResults ?? []) {
        assert.equal(found.logStreamName, 'b/1');
        assert.equal(found.logGroupIdentifier, `000000000000:${group}`);
        seen.push(found.message ?? '');
      }
      if (seen.length >= 2) break;
    }
    abort.abort();
    assert.equal(started, 'wanted');
    assert.deepEqual(seen, ['wanted one', 'unwanted? no: wanted two']);
    const wrong = new StartLiveTailCommand({ logGroupIdentifiers: [`${arn}-absent`] });
    await assert.rejects(logs.send(wrong), { name: 'ResourceNotFoundException' });
  });

  it('turns pages of a stream in both directions', async () => {
    await put('a/2', ...Array.from({ length: 10 }, (_, index) => `line ${index}`));
    const get = async (input: object) => {
      const answer = await logs.send(
        new GetLogEventsCommand({ logGroupName: group, logStreamName: 'a/2', limit: 4, ...input }),
      );
      return { ...answer, lines: (answer.events ?? []).map(({ message }) => message) };
    };
    const head = await get({ startFromHead: true });
    assert.deepEqual(head.lines, ['line 0', 'line 1', 'line 2', 'line 3']);
    const next = await get({ nextToken: head.nextForwardToken });
    assert.deepEqual(next.lines, ['line 4', 'line 5', 'line 6', 'line 7']);
    assert.deepEqual((await get({ nextToken: next.nextBackwardToken })).lines, head.lines);
    const last = await get({ nextToken: next.nextForwardToken });
    const end = await get({ nextToken: last.nextForwardToken });
    assert.deepEqual(end.lines, []);
    assert.equal(end.nextForwardToken, last.nextForwardToken, 'the end is told by the same token');
    assert.deepEqual((await get({})).lines, ['line 6', 'line 7', 'line 8', 'line 9']);
  });

  it('orders streams by their last event', async () => {
    await put('b/1', 'newest');
    const { logStreams = [] } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName: group, orderBy: 'LastEventTime', descending: true }),
    );
    assert.equal(logStreams[0]?.logStreamName, 'b/1');
    const named = await logs.send(new DescribeLogStreamsCommand({ logGroupName: group, logStreamNamePrefix: 'a/' }));
    assert.deepEqual(
      named.logStreams?.map(({ logStreamName }) => logStreamName),
      ['a/1', 'a/2'],
    );
  });

  it('keeps tags and retention, and hides what has expired', async () => {
    await logs.send(new TagResourceCommand({ resourceArn: arn, tags: { stage: 'test' } }));
    await logs.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['team'] }));
    const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    assert.deepEqual(tags, { stage: 'test' });
    const timestamp = Date.now() - 2 * 24 * 3600_000;
    const logEvents = [{ timestamp, message: 'two days old' }];
    await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 'a/1', logEvents }));
    assert.deepEqual(await filtered('"two days old"'), ['two days old']);
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 }));
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'WEB' }));
    assert.equal(logGroups?.[0]?.retentionInDays, 1);
    assert.deepEqual(await filtered('"two days old"'), []);
    await assert.rejects(logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 2 })), {
      name: 'InvalidParameterException',
    });
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: group }));
    assert.deepEqual(await filtered('"two days old"'), ['two days old']);
    const rejected = await logs.send(
      new PutLogEventsCommand({
        ...{ logGroupName: group, logStreamName: 'a/1' },
        logEvents: [
          { timestamp: timestamp - 20 * 24 * 3600_000, message: 'too old' },
          { timestamp: Date.now(), message: 'good' },
        ],
      }),
    );
    assert.deepEqual(rejected.rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1 });
  });
});
