import { CreateLogGroupCommand, GetLogEventsCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
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

  async createGroup(name: string, signal: AbortSignal): Promise<void> {
    await this.caller.call('logs:CreateLogGroup', 'other', signal, (options) =>
      this.client.send(new CreateLogGroupCommand({ logGroupName: name }), options),
    );
  }
}
