/**
 * A sentence for people, made in a room that has no editor: the English text is the key of the translation,
 * `{0}`, `{1}` … stand for the arguments. Only `ui/` turns it into the reader's language.
 */
export interface Message {
  readonly text: string;
  readonly args: readonly (string | number)[];
}

/** Writes a translatable sentence. The text must be a literal, so that the extraction of strings finds it. */
export function message(text: string, ...args: (string | number)[]): Message {
  return { text, args };
}

/** The English form of a message: for logs, for `Error.message` and for tests. */
export function english({ text, args }: Message): string {
  return text.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}
