import type { OutputTerminal } from '../../ui/outputTerminal';
import type { Connections, Session } from '../../ui/connections';
import type { ErrorReporter } from '../../ui/errors';
import type { Target } from '../../deploy/target';
import type { RolloutResult } from '../../deploy/rollout';
import type { RawTaskDefinition } from '../../ecs/gateway';
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
  /** Starts the first tasks of a service that was made without any, and follows. Asks nothing. */
  startFirstTasks(first: FirstTasks): Promise<RolloutResult | undefined>;
}

/** A service whose first tasks are to start. */
export interface FirstTasks {
  readonly session: Session;
  readonly cluster: string;
  readonly service: string;
  readonly desiredCount: number;
}

/** What creating needs of the editor of task definitions. */
export interface DefinitionsDoor {
  /** Opens a definition that is not registered yet as a draft; asks before it replaces another draft of the family. */
  openDraft(session: Session, input: RawTaskDefinition): Promise<void>;
}

/** What creating works with. */
export interface CreationContext {
  readonly connections: Connections;
  readonly errors: ErrorReporter;
  /** Loaded on first use. */
  readonly shipping: () => ShippingDoor;
  /** Loaded on first use. */
  readonly definitions: () => DefinitionsDoor;
  /** Called when resources have come or gone. */
  readonly onChanged: () => void;
}
