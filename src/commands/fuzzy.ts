import fuzzysort from 'fuzzysort';

/** Something that can be found by its name. */
export interface Findable {
  readonly label: string;
  readonly description: string;
}

type Prepared = ReturnType<typeof fuzzysort.prepare>;

interface Entry<T> {
  readonly item: T;
  /** Name and description in small letters. */
  readonly plain: string;
  readonly text: Prepared;
}

/** Rows that a person looks at before typing on. */
const most = 100;

/** Up to so many letters nearly everything fits, and the order of fits tells nothing yet. */
const fewLetters = 2;

/** Finds by parts of names, in 10 000 within one frame. What was typed before costs nothing to prepare again. */
export class Finder<T extends Findable> {
  private entries: Entry<T>[] = [];

  /** Replaces what can be found. */
  set(items: readonly T[]): void {
    this.entries = items.map((item) => {
      const text = `${item.label} ${item.description}`;
      return { item, plain: text.toLowerCase(), text: fuzzysort.prepare(text) };
    });
  }

  /** The best matches first; without a text the first ones. */
  find(text: string): readonly T[] {
    const wanted = text.trim().toLowerCase();
    if (wanted.length <= fewLetters) return this.findFew(wanted);
    const found = fuzzysort.go(wanted, this.entries, { key: 'text', limit: most });
    return found.map(({ obj }) => obj.item);
  }

  /** Names that begin so, then those that have it somewhere. */
  private findFew(wanted: string): readonly T[] {
    const [first, second]: [T[], T[]] = [[], []];
    for (const { item, plain } of this.entries) {
      if (plain.startsWith(wanted)) first.push(item);
      else if (second.length < most && plain.includes(wanted)) second.push(item);
      if (first.length === most) break;
    }
    return [...first, ...second].slice(0, most);
  }
}
