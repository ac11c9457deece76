import type { OutputTerminal } from '../../ui/outputTerminal';
import type { Connections } from '../../ui/connections';
import type { ErrorReporter } from '../../ui/errors';
import type { Target } from '../../deploy/target';
import type { RolloutResult } from '../../deploy/rollout';
import type { DockerfilePlace } from '../../ui/dockerfiles';

/** What creating needs of shipping. */
export interface ShippingDoor {
  /** The terminal of a target. */
  output(name: string): OutputTerminal;
  /** Builds the image of a target, so that its ship finds everything built. Asks nothing and says nothing. */
  buildAhead(place: DockerfilePlace, target: Target, signal: AbortSignal): Promise<void>;
  /** Ships a saved target; nothing is asked. */
  shipSaved(place: DockerfilePlace, name: string): Promise<RolloutResult | undefined>;
  /** Builds and pushes a target; returns the image with its digest. */
  pushSaved(place: DockerfilePlace, target: Target): Promise<string>;
}

/** What creating works with. */
export interface CreationContext {
  readonly connections: Connections;
  readonly errors: ErrorReporter;
  /** Loaded on first use. */
  readonly shipping: () => ShippingDoor;
  /** Called when resources have come or gone. */
  readonly onChanged: () => void;
}
