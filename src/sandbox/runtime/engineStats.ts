import type { Usage } from './runtime';

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** Reads lines of `stats`: `ID 12.5% 3.5MiB / 64MiB`. The engine may shorten the ids. */
export function usageOf(stdout: string, containers: readonly string[]): ReadonlyMap<string, Usage> {
  const found = new Map<string, Usage>();
  for (const line of stdout.split('\n')) {
    const [, id = '', percent, amount, unit = ''] =
      /^([0-9a-f]{12,64}) ([\d.]+)% ([\d.]+)\s?([A-Za-z]+)/.exec(line.trim()) ?? [];
    const whole = id === '' ? undefined : containers.find((container) => container.startsWith(id));
    if (whole === undefined) continue;
    found.set(whole, { cpu: Number(percent) / 100, memory: Number(amount) * (units[unit.toLowerCase()] ?? 1) });
  }
  return found;
}
