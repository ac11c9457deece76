import * as vscode from 'vscode';
import type { ScanSummary } from '../ecr/model';
import { worstFirst } from '../ecr/severity';

/** How a scan ended, in a few words. */
export function formatScan({ status, description, counts }: ScanSummary): string {
  switch (status) {
    case undefined:
      return vscode.l10n.t('not scanned');
    case 'COMPLETE':
    case 'ACTIVE':
      return formatCounts(counts) || vscode.l10n.t('no findings');
    case 'IN_PROGRESS':
    case 'PENDING':
      return vscode.l10n.t('scan in progress');
    case 'FAILED':
      return vscode.l10n.t('scan failed: {0}', description ?? '');
    default:
      return vscode.l10n.t('not scanned: {0}', description ?? status.toLowerCase());
  }
}

/** `2 critical, 1 high` */
export function formatCounts(counts: ScanSummary['counts']): string {
  return worstFirst(counts)
    .map(([severity, count]) => `${count} ${severity.toLowerCase()}`)
    .join(', ');
}

/** Whether a person should look at it. */
export function isAlarming({ status, counts }: ScanSummary): boolean {
  return status === 'FAILED' || (counts['CRITICAL'] ?? 0) + (counts['HIGH'] ?? 0) > 0;
}
