/** Who is at the other end of a connection, as far as rules can tell. */
export interface Peer {
  /** For reasons: an id, or a range of addresses. */
  readonly name: string;
  /** The addresses that it may have. */
  readonly ranges: readonly string[];
  /** The security groups that it has. */
  readonly groups: readonly string[];
  /** Prefix lists that are known to hold its addresses. */
  readonly prefixLists: readonly string[];
  /**
   * True where the ranges say who may come, not who does: clients on the internet, or public addresses of a service
   * of AWS. A rule for a part of them leaves it open whether this one is meant.
   */
  readonly isAnyone: boolean;
}

/** Anybody in a range, such as the internet. */
export function anyoneIn(range: string): Peer {
  return { name: range, ranges: [range], groups: [], prefixLists: [], isAnyone: true };
}

/** Something with known addresses and security groups. */
export function peerAt(name: string, ranges: readonly string[], groups: readonly string[] = []): Peer {
  return { name, ranges, groups, prefixLists: [], isAnyone: false };
}
