import { shortDigest } from '../core/imageRef';
import { message } from '../core/message';
import type { Say } from './findingsText';
import type { ExpiringImage } from './model';

/** An image that a policy would take, with who runs it. */
export interface Expiry extends ExpiringImage {
  /** Names of the services and families that run it. */
  readonly users: readonly string[];
  /** As the reader says it. */
  readonly age: string;
}

/** What a lifecycle policy would do now, as plain text: what runs comes first, then by rule. */
export function previewText(repository: string, expiries: readonly Expiry[], known: string, say: Say): string {
  const used = expiries.filter(({ users }) => users.length > 0);
  const lines = [
    say(message('Preview of the lifecycle policy of {0}', repository)),
    '',
    expiries.length === 0
      ? say(message('It would take no image now.'))
      : say(message('It would take {0} images now. Nothing has been deleted.', expiries.length)),
  ];
  if (used.length > 0) {
    lines.push('', say(message('WARNING: {0} of them are in use ({1}):', used.length, known)));
    for (const expiry of used) lines.push(`  ${row(expiry, say)}  ← ${expiry.users.join(', ')}`);
  } else if (expiries.length > 0) {
    lines.push(say(message('None of them is known to be in use ({0}).', known)));
  }
  const rules = [...new Set(expiries.map(({ rule }) => rule ?? 0))].sort((a, b) => a - b);
  for (const rule of rules) {
    const taken = expiries.filter((expiry) => (expiry.rule ?? 0) === rule);
    lines.push(
      '',
      say(message('Rule {0}: {1} images', rule, taken.length)),
      ...taken.map((each) => `  ${row(each, say)}`),
    );
  }
  return `${lines.join('\n')}\n`;
}

function row({ tags, digest, age, action }: Expiry, say: Say): string {
  const name = tags.length > 0 ? tags.join(', ') : say(message('untagged'));
  const words = [name.padEnd(16), shortDigest(digest), age];
  return [...words, action === 'EXPIRE' ? undefined : action.toLowerCase()].filter(Boolean).join('  ');
}
