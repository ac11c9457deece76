import { message, type Message } from '../core/message';
import { oneLine, wrap } from '../core/plainText';
import { fixable, sortFindings, type Finding } from './findings';
import type { ScanSummary } from './model';
import { worstFirst } from './severity';

/** How sentences get into the reader's language. */
export type Say = (sentence: Message) => string;

/** What a document about findings is about. */
export interface ScannedImage {
  readonly name: string;
  readonly digest: string;
  /** The moment of the scan, as the reader writes dates. */
  readonly scannedAt: string | undefined;
}

/** The findings of a scan as plain text: the worst first, a block for each severity. */
export function findingsText(
  { name, digest, scannedAt }: ScannedImage,
  scan: ScanSummary,
  findings: readonly Finding[],
  say: Say,
): string {
  const counts = worstFirst(countsOf(scan, findings)).map(([severity, count]) => `${count} ${severity.toLowerCase()}`);
  const total = counts.length > 0 ? counts.join(' · ') : say(message('No findings.'));
  const head = [
    say(message('Scan findings of {0}', name)),
    digest,
    ...(scannedAt ? [say(message('Scanned: {0}', scannedAt))] : []),
    '',
    total,
    ...(findings.length > 0
      ? [say(message('{0} of {1} are fixed in a newer version.', fixable(findings), findings.length))]
      : []),
  ];
  const blocks = groups(sortFindings(findings)).flatMap(([severity, group]) => [
    '',
    `── ${severity} (${group.length}) ${'─'.repeat(Math.max(4, 60 - severity.length))}`,
    ...group.flatMap((finding) => block(finding, say)),
  ]);
  return `${[...head, ...blocks].join('\n')}\n`;
}

/** The scanner's own counts; enhanced scanning leaves them out of some answers. */
function countsOf(scan: ScanSummary, findings: readonly Finding[]): Record<string, number> {
  if (Object.keys(scan.counts).length > 0) return { ...scan.counts };
  const counts: Record<string, number> = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}

function groups(sorted: readonly Finding[]): [string, Finding[]][] {
  const found = new Map<string, Finding[]>();
  for (const finding of sorted) found.set(finding.severity, [...(found.get(finding.severity) ?? []), finding]);
  return [...found];
}

function block({ id, packageName, installed, fixedIn, link, description }: Finding, say: Say): string[] {
  const software = [packageName, installed].filter(Boolean).join(' ');
  const fix = fixedIn ? say(message('fixed in {0}', fixedIn)) : say(message('no fixed version known'));
  const lines = [
    '',
    [oneLine(id).padEnd(18), oneLine(software), `→ ${oneLine(fix)}`].filter(Boolean).join('  '),
    ...(link ? [`    ${oneLine(link)}`] : []),
    ...wrap(oneLine(description ?? ''), 96).map((line) => `    ${line}`),
  ];
  return lines;
}
