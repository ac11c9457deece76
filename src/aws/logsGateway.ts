import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  GetLogEventsCommand,
  type CloudWatchLogsClient,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine, LogsGateway } from '../logs/gateway';
import type { Caller } from './caller';

/** CloudWatch Logs over the AWS SDK. */
export class SdkLogsGateway implements LogsGateway {
  constructor(
    private readonly client: CloudWatchLogsClient,
    private readonly caller: Caller,
  ) {}

  async listTail(group: string, stream: string, limit: number, signal: AbortSignal): Promise<readonly LogLine[]> {
    const input = { logGroupName: group, logStreamName: stream, limit, startFromHead: false };
    const answer = await this.caller.call('logs:GetLogEvents', 'other', signal, (options) =>
      this.client.send(new GetLogEventsCommand(input), options),
    );
    return (answer.events ?? []).map(({ timestamp, message }) => ({ at: timestamp ?? 0, text: message ?? '' }));
  }

  async findGroup(name: string, signal: AbortSignal): Promise<boolean> {
    // They come in the order of their names: the one that is its own prefix is the first.
    const input = { logGroupNamePrefix: name, limit: 1 };
    const answer = await this.caller.call('logs:DescribeLogGroups', 'other', signal, (options) =>
      this.client.send(new DescribeLogGroupsCommand(input), options),
    );
    return (answer.logGroups ?? []).some(({ logGroupName }) => logGroupName === name);
  }

  async createGroup(name: string, signal: AbortSignal): Promise<void> {
    await this.caller.call('logs:CreateLogGroup', 'other', signal, (options) =>
      this.client.send(new CreateLogGroupCommand({ logGroupName: name }), options),
    );
  }
}
