const collator = new Intl.Collator('en', { numeric: true });

/** The order of names as people count: `web-2` before `web-10`. The same everywhere, whatever the reader's language. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b);
}
