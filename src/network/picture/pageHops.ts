import type { Message } from '../../core/message';
import { consolePathOf } from '../consolePath';
import type { HopRef, HopState } from '../hop';
import { kindName, stateName } from '../hopNames';
import type { Picture, PictureNode } from './layout';
import type { PageHop } from './pageMessages';

/** What the page shows of each hop beside the picture, and where the arrow keys lead. */
export function pageHopsOf(picture: Picture, say: (sentence: Message) => string, hasConsole: boolean): PageHop[] {
  return picture.nodes.map((node) => {
    const { key, hop, next, previous, direction, layer } = node;
    const row = picture.nodes.filter((each) => each.direction === direction && each.layer === layer);
    const at = row.indexOf(node);
    return {
      ...{ key, id: hop.id, state: hop.state, next, previous },
      ...{ kind: say(kindName(hop.kind)), stateName: say(stateName(hop.state)), reason: say(hop.reason) },
      permission: hop.permission,
      hasConsole: hasConsole && consolePathOf(hop) !== undefined,
      ...{ left: row[at - 1]?.key, right: row[at + 1]?.key },
    };
  });
}

/** The node of a hop: one that is not open before others, because who names a hop asks why. */
export function nodeOf(picture: Picture, { kind, id }: HopRef): PictureNode | undefined {
  const same = picture.nodes.filter(({ hop }) => hop.kind === kind && hop.id === id);
  const order: readonly HopState[] = ['blocked', 'unknown', 'open'];
  return order.flatMap((state) => same.filter(({ hop }) => hop.state === state))[0];
}
