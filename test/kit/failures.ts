/** A test that failed, for the list at the end of a run. */
export interface Failure {
  /** The file's absolute path, or the name of the suite that has no file. */
  readonly file: string;
  /** All titles from the outermost `describe` on. */
  readonly title: string;
  /** The first lines of the error. */
  readonly message: string;
}

const maxLines = 6;
const maxCharacters = 600;

/** What of an error's text belongs into a list: its beginning. */
export function beginning(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, maxLines).join('\n').slice(0, maxCharacters);
}

interface Remembered extends Failure {
  readonly passedLater: boolean;
}

const remembered: Remembered[] = [];

/** Keeps failures for the end of the run. @param passedLater whether a second try made up for them */
export function remember(failures: readonly Failure[], passedLater = false): void {
  remembered.push(...failures.map((failure) => ({ ...failure, passedLater })));
}

/** All failures of this run as text, the ones that count last; empty when there was none. */
export function failuresText(relative: (file: string) => string): string {
  const order = [...remembered].sort((a, b) => Number(b.passedLater) - Number(a.passedLater));
  return order
    .map(({ file, title, message, passedLater }) => {
      const mark = passedLater ? '~ passed at the second try only:' : '✘ failed:';
      return `${mark} ${title} (${relative(file)})\n${message.replaceAll(/^/gm, '    ')}\n`;
    })
    .join('');
}
