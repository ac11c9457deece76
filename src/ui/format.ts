import * as vscode from 'vscode';

/** Bytes in the unit in which a person would say them. */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** How long ago a moment (milliseconds since the epoch) was. */
export function formatAge(at: number | undefined, now = Date.now()): string {
  if (at === undefined) return '';
  const minutes = Math.max(0, Math.round((now - at) / 60_000));
  if (minutes < 1) return vscode.l10n.t('just now');
  if (minutes < 60) return vscode.l10n.t('{0} min ago', minutes);
  const hours = Math.round(minutes / 60);
  return hours < 48 ? vscode.l10n.t('{0} h ago', hours) : vscode.l10n.t('{0} days ago', Math.round(hours / 24));
}

/** A moment (milliseconds since the epoch) in the reader's own way of writing dates. */
export function formatDate(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toLocaleString(vscode.env.language);
}

/** The time of day of a moment (milliseconds since the epoch). */
export function formatTime(at: number): string {
  return new Date(at).toLocaleTimeString(vscode.env.language);
}

/** A duration (milliseconds) in seconds or minutes. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? vscode.l10n.t('{0} s', seconds) : vscode.l10n.t('{0} min', Math.round(seconds / 60));
}

/** How many services there are, in words. */
export function formatServices(count: number): string {
  return count === 1 ? vscode.l10n.t('1 service') : vscode.l10n.t('{0} services', count);
}

/** How many tasks there are, in words. */
export function formatTasks(count: number): string {
  return count === 1 ? vscode.l10n.t('1 task') : vscode.l10n.t('{0} tasks', count);
}

/** A constant of AWS as people read it: `PRE_SCALE_UP` → `pre scale up`. */
export function wordsOf(constant: string): string {
  return constant.toLowerCase().replaceAll('_', ' ');
}
