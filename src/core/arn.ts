/** The parts of an Amazon Resource Name. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the account, slashes and colons included. */
  readonly resource: string;
}

/** Takes an ARN apart; undefined when the text is not one. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (!match) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match;
  return { partition, service, region, account, resource };
}

/** The last segment of an ARN's resource (a service's name, a task's id, a task definition's `family:revision`); a text that is no ARN is its own name. */
export function nameOf(arnOrName: string): string {
  const resource = parseArn(arnOrName)?.resource ?? arnOrName;
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** The family of a revision, by its ARN or as `family:revision`. */
export function familyOf(revision: string): string {
  const name = nameOf(revision);
  return name.slice(0, name.lastIndexOf(':'));
}

/** The name of a target group by its ARN: `…:targetgroup/web/6d0ecf831eec9f09` → `web`. */
export function targetGroupName(arn: string): string {
  return arn.split('/')[1] ?? arn;
}
