import { compareNames } from '../core/names';
import { severityRank } from './severity';

/** One vulnerability in one package of an image. */
export interface Finding {
  /** `CVE-2024-1234` */
  readonly id: string;
  readonly severity: string;
  readonly packageName: string | undefined;
  readonly installed: string | undefined;
  /** The version without the vulnerability; undefined when there is none or the scanner does not say. */
  readonly fixedIn: string | undefined;
  readonly link: string | undefined;
  readonly description: string | undefined;
}

/** The worst first; equally bad ones by package and name. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      severityRank(a.severity) - severityRank(b.severity) ||
      compareNames(a.packageName ?? '', b.packageName ?? '') ||
      compareNames(a.id, b.id),
  );
}

/** Findings whose package has a version without them. */
export function fixable(findings: readonly Finding[]): number {
  return findings.filter(({ fixedIn }) => fixedIn !== undefined).length;
}
