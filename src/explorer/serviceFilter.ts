import { nameOf } from '../core/arn';
import type { Service } from '../ecs/model';
import { serviceRow } from './serviceRow';

/** States that one looks for. */
export type WantedState = 'failing' | 'deploying' | 'notAtDesired';
export type SortOrder = 'name' | 'state' | 'age';

/** Which services are shown, and in which order. Kept per workspace. */
export interface ViewChoice {
  /** Part of the name, without regard to case. */
  readonly text?: string;
  readonly state?: WantedState;
  readonly sort?: SortOrder;
}

/** The choice of a view, applied to services. */
export class ServiceFilter {
  constructor(public choice: ViewChoice = {}) {}

  get isActive(): boolean {
    return Boolean(this.choice.text) || this.choice.state !== undefined;
  }

  /** Whether a name alone does not decide. */
  get needsDetails(): boolean {
    return this.choice.state !== undefined;
  }

  /**
   * The services to show, in order.
   * @param arns by name
   * @param service what is known of one; undefined while only its name is
   */
  select(arns: readonly string[], service: (arn: string) => Service | undefined): string[] {
    const { text = '', state, sort = 'name' } = this.choice;
    const wanted = text.toLowerCase();
    const matching = arns.filter(
      (arn) => (!wanted || nameOf(arn).toLowerCase().includes(wanted)) && (!state || hasState(service(arn), state)),
    );
    if (sort === 'name') return matching;
    const rank = sort === 'state' ? severity : youth;
    const ranks = new Map(matching.map((arn) => [arn, rank(service(arn))]));
    // Sorting is stable: what is equal stays ordered by name.
    return matching.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
  }
}

function hasState(service: Service | undefined, wanted: WantedState): boolean {
  if (!service) return false;
  const { state, running, desired } = serviceRow(service);
  switch (wanted) {
    case 'failing':
      return state === 'failing';
    case 'deploying':
      return state === 'deploying' || (state === 'failing' && service.deployments.length > 1);
    case 'notAtDesired':
      return running !== desired;
  }
}

/** What needs somebody's eyes comes first. */
const severities = ['failing', 'short', 'deploying', 'draining', 'over', 'steady', 'stopped'];

function severity(service: Service | undefined): number {
  return service ? severities.indexOf(serviceRow(service).state) : severities.length;
}

/** The newest deployment first. */
function youth(service: Service | undefined): number {
  const newest = Math.max(0, ...(service?.deployments ?? []).map(({ createdAt }) => createdAt));
  return -Math.max(newest, service?.createdAt ?? 0);
}
