import { nameOf } from '../../core/arn';
import type { NetworkSubject } from '../../deploy/networkLook';
import type { HopRef } from '../../network/hop';
import type { ServicePlace } from '../../ui/askService';
import type { Session } from '../../ui/connections';
import type { TaskPlace } from '../verbs';

/** The viewType of the panels, by which VS Code restores them. */
export const panelType = 'gantry.network';

/** Whose network is meant, over which connection. */
export interface NetworkPlace {
  readonly session: Session;
  readonly subject: NetworkSubject;
  /** The hop to select. */
  readonly hop?: HopRef | undefined;
}

export function networkPlaceOf(place: ServicePlace | TaskPlace): NetworkPlace {
  if ('task' in place) {
    const { clusterArn: cluster, arn: task } = place.task;
    return { session: place.session, subject: { kind: 'task', cluster, task } };
  }
  const { session, cluster, service } = place;
  return { session, subject: { kind: 'service', cluster, service: service.name } };
}

/** What a panel is called before anything is read. */
export function nameOfSubject(subject: NetworkSubject): string {
  return subject.kind === 'service' ? subject.service : nameOf(subject.task).slice(0, 12);
}
