import { message, type Message } from '../../core/message';
import { oneLine } from '../../core/plainText';
import { stateOf, type Hop } from '../hop';
import { kindName, stateMarks, stateName } from '../hopNames';
import type { Way } from '../ways';

/** What a report is about and in which language. */
export interface NetworkReport {
  readonly title: string;
  readonly ways: readonly Way[];
  /** Tasks that the ways were not drawn to. */
  readonly tasksLeftOut: number;
  readonly say: (sentence: Message) => string;
}

/** The ways in and out, hop by hop, as Markdown. Text of the cloud is text in it and nothing else. */
export function networkReport({ title, ways, tasksLeftOut, say }: NetworkReport): string {
  const part = (heading: Message, direction: Way['direction']): string[] => {
    const found = ways.filter((way) => way.direction === direction);
    return found.length > 0 ? ['', `## ${say(heading)}`, ...found.flatMap((way) => section(way, say))] : [];
  };
  return [
    `# ${plain(title)}`,
    '',
    say(message('As AWS describes it at this moment. No packet was sent.')),
    ...(tasksLeftOut > 0 ? ['', say(message('{0} more tasks are not shown.', tasksLeftOut))] : []),
    ...(ways.length === 0 ? ['', say(message('No way leads in or out: nothing listens, and nothing is asked.'))] : []),
    ...part(message('The way in'), 'in'),
    ...part(message('The way out'), 'out'),
    '',
  ].join('\n');
}

function section({ title, hops }: Way, say: (sentence: Message) => string): string[] {
  const state = stateOf(hops);
  return [
    '',
    `### ${stateMarks[state]} ${plain(title)} (${say(stateName(state))})`,
    '',
    `|  | ${say(message('Hop'))} | ${say(message('Id'))} | ${say(message('Why'))} |`,
    '| --- | --- | --- | --- |',
    ...hops.map((hop) => row(hop, say)),
  ];
}

function row({ kind, id, state, reason, permission }: Hop, say: (sentence: Message) => string): string {
  const why = plain(say(reason));
  const lacks = permission && !say(reason).includes(permission) ? ` (${plain(permission)})` : '';
  return `| ${stateMarks[state]} | ${say(kindName(kind))} | ${plain(id)} | ${why}${lacks} |`;
}

/** Text that Markdown reads as nothing but text, also in a table. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~>$]/g, '\\$&')
    .replace(/(https?|ftp|www)([:.])/gi, '$1\\$2')
    .replace(/@/g, '\\@');
}
