/** Severities of ECR and Inspector, the worst first. */
export const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNTRIAGED', 'UNDEFINED'] as const;

/** Findings by severity. */
export type SeverityCounts = Readonly<Record<string, number>>;

/** Where a severity stands in the order; unknown ones come last. */
export function severityRank(severity: string): number {
  const rank = severities.findIndex((each) => each === severity);
  return rank < 0 ? severities.length : rank;
}

/** The severities that occur, with their numbers, the worst first. */
export function worstFirst(counts: SeverityCounts): (readonly [severity: string, count: number])[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => severityRank(a) - severityRank(b));
}
