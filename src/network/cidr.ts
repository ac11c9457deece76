import * as ipaddr from 'ipaddr.js';

/** A range of addresses, IPv4 or IPv6. */
type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Every address of a family. */
export const anywhere = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;

export type Coverage = 'all' | 'some' | 'none';

function parse(cidr: string): Range | undefined {
  try {
    return ipaddr.parseCIDR(cidr.includes('/') ? cidr : `${cidr}/${cidr.includes(':') ? 128 : 32}`);
  } catch {
    return undefined;
  }
}

function within([inner, innerBits]: Range, [outer, outerBits]: Range): boolean {
  return inner.kind() === outer.kind() && innerBits >= outerBits && inner.match(outer, outerBits);
}

/** Whether one range lies in another. False for what is no range. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [parse(outer), parse(inner)];
  return a !== undefined && b !== undefined && within(b, a);
}

/** Whether two ranges have an address in common. Of two ranges, one lies in the other or they are apart. */
export function overlaps(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

/** Whether nobody on the internet has an address in a range. */
export function isPrivate(cidr: string): boolean {
  const range = parse(cidr);
  return (
    range !== undefined && range[1] > 0 && ['private', 'uniqueLocal', 'carrierGradeNat'].includes(range[0].range())
  );
}

/** The length of a range's prefix; -1 for what is no range. */
export function prefixLength(cidr: string): number {
  return parse(cidr)?.[1] ?? -1;
}

/** The lower and the upper half of a range; undefined for a single address. */
export function halves(cidr: string): [string, string] | undefined {
  const range = parse(cidr);
  if (!range) return undefined;
  const [address, bits] = range;
  const bytes = address.toByteArray();
  if (bits >= bytes.length * 8) return undefined;
  const upper = [...bytes];
  const at = Math.floor(bits / 8);
  upper[at] = (upper[at] ?? 0) | (0x80 >> (bits % 8));
  const write = (half: number[]): string => `${ipaddr.fromByteArray(half).toString()}/${bits + 1}`;
  return [write(bytes), write(upper)];
}

/** How much of a range a set of ranges covers. */
export function coverage(range: string, by: readonly string[]): Coverage {
  if (by.some((each) => contains(each, range))) return 'all';
  const touching = by.filter((each) => contains(range, each));
  const parts = touching.length > 0 ? halves(range) : undefined;
  if (!parts) return 'none';
  return together(parts.map((part) => coverage(part, touching)));
}

/** The coverage of a whole, from those of its parts. */
export function together(parts: readonly Coverage[]): Coverage {
  if (parts.every((part) => part === 'all')) return 'all';
  return parts.every((part) => part === 'none') ? 'none' : 'some';
}
