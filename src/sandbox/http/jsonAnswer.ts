/** AWS's JSON protocol writes times as seconds since the epoch, with milliseconds as a fraction. */
export function toJson(answer: unknown): string {
  return JSON.stringify(withSeconds(answer));
}

function withSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withSeconds);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = withSeconds(member);
  return copy;
}
