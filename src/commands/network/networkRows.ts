import type { NetworkRows } from '../../explorer/networkGroup';
import { lookAtNetwork, type NetworkSubject } from '../../deploy/networkLook';
import { stateOf } from '../../network/hop';
import { kindName, stateName } from '../../network/hopNames';
import type { Session } from '../../ui/connections';
import { say } from '../../ui/say';

/** The ways in and out as rows. */
export async function networkRows(
  session: Session,
  subject: NetworkSubject,
  signal: AbortSignal,
): Promise<NetworkRows> {
  const { ways, tasksLeftOut } = await lookAtNetwork(session.connection, subject, signal);
  return {
    tasksLeftOut,
    ways: ways.map(({ direction, title, hops }) => {
      const state = stateOf(hops);
      return {
        ...{ direction, title, state, stateName: say(stateName(state)) },
        hops: hops.map((hop) => ({
          ref: { kind: hop.kind, id: hop.id },
          ...{ kind: say(kindName(hop.kind)), state: hop.state, stateName: say(stateName(hop.state)) },
          ...{ reason: say(hop.reason), permission: hop.permission },
        })),
      };
    }),
  };
}
