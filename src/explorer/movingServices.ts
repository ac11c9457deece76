import type * as vscode from 'vscode';
import { isCancelled } from '../core/errors';
import type { Session } from '../ui/connections';
import type { ClusterNode } from './ecsNodes';
import { serviceRow } from './serviceRow';

/** Milliseconds between two looks at what moves. */
const pause = 4_000;

/** Looks without any news after which nothing is expected any more: a row must not cost calls for ever. */
const patience = 75;

/** Reads the services that are deploying again and again, while somebody sees them, until they have settled. */
export class MovingServices implements vscode.Disposable {
  private timer: NodeJS.Timeout | undefined;
  private quiet = 0;
  private news = '';

  /**
   * @param shown the clusters as they are shown; none while the view is hidden
   * @param recounted called with a cluster whose own counts are new
   */
  constructor(
    private readonly session: () => Session,
    private readonly shown: () => readonly ClusterNode[],
    private readonly recounted: (cluster: ClusterNode) => void,
  ) {}

  /** Something may move now. */
  wake(): void {
    if (this.timer) return;
    this.quiet = 0;
    this.timer = setTimeout(() => void this.look(), pause);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    try {
      const moving = this.shown().filter((cluster) => movingIn(cluster).length > 0);
      const { ecs, signal } = this.session();
      for (const cluster of moving) {
        await ecs.refreshServices(cluster.id, movingIn(cluster), signal);
        if (await cluster.reload()) this.recounted(cluster);
      }
      const news = JSON.stringify(moving.flatMap((cluster) => cluster.shownServices()));
      this.quiet = news === this.news ? this.quiet + 1 : 0;
      this.news = news;
      this.timer = undefined;
      if (moving.length > 0 && this.quiet < patience) this.timer = setTimeout(() => void this.look(), pause);
    } catch (error) {
      // A look that failed is no news; the next refresh by hand says what is wrong.
      this.timer = undefined;
      if (!isCancelled(error)) this.quiet = patience;
    }
  }
}

function movingIn(cluster: ClusterNode): string[] {
  return cluster
    .shownServices()
    .filter((service) => ['deploying', 'failing', 'short', 'draining'].includes(serviceRow(service).state))
    .map(({ arn }) => arn);
}
