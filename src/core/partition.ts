/** Host names that differ from one AWS partition to the next. */
export interface Partition {
  readonly id: string;
  /** Host of the management console; undefined where there is no public one. */
  readonly console: string | undefined;
}

/** The partition that a Region belongs to, by the prefixes in AWS's own endpoint rules. */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return { id: 'aws-cn', console: 'console.amazonaws.cn' };
  if (region.startsWith('us-gov-')) return { id: 'aws-us-gov', console: 'console.amazonaws-us-gov.com' };
  if (region.startsWith('eusc-')) return { id: 'aws-eusc', console: 'console.amazonaws-eusc.eu' };
  if (region.startsWith('us-isob-')) return { id: 'aws-iso-b', console: undefined };
  if (region.startsWith('us-isof-')) return { id: 'aws-iso-f', console: undefined };
  if (region.startsWith('eu-isoe-')) return { id: 'aws-iso-e', console: undefined };
  if (region.startsWith('us-iso-')) return { id: 'aws-iso', console: undefined };
  return { id: 'aws', console: 'console.aws.amazon.com' };
}

/** The console's page for something, with the part of the page after `#`; undefined where there is no console. */
export function consoleUrl(region: string, path: string): string | undefined {
  const { console: host } = partitionOf(region);
  if (!host) return undefined;
  const [page = '', ...inside] = path.split('#');
  const separator = page.includes('?') ? '&' : '?';
  const fragment = inside.map((each) => `#${each}`).join('');
  return `https://${region}.${host}/${page}${separator}region=${encodeURIComponent(region)}${fragment}`;
}
