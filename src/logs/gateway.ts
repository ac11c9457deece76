/** One line of a log. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

/** CloudWatch Logs as Gantry asks it: one method per API operation, one call per method. */
export interface LogsGateway {
  /** GetLogEvents: the last lines of a stream, oldest first. At most 10 000. */
  listTail(group: string, stream: string, limit: number, signal: AbortSignal): Promise<readonly LogLine[]>;
  /** DescribeLogGroups: whether there is one of exactly this name. */
  findGroup(name: string, signal: AbortSignal): Promise<boolean>;
  /** CreateLogGroup. */
  createGroup(name: string, signal: AbortSignal): Promise<void>;
}
