import type { ConnectionSpec, Identity } from '../core/connection';
import type { EcrGateway } from '../ecr/gateway';
import type { EcsGateway } from '../ecs/gateway';
import type { ScalingGateway } from '../ecs/scaling';
import type { NetworkGateway } from '../network/gateway';

/** A live connection: the gateways of one account and Region, with one set of credentials and one limiter. */
export interface Connection {
  readonly spec: ConnectionSpec;
  readonly ecs: EcsGateway;
  readonly ecr: EcrGateway;
  readonly network: NetworkGateway;
  readonly scaling: ScalingGateway;
  /**
   * Who we are (STS GetCallerIdentity), asked once and remembered.
   * @throws GantryError profileMissing, regionMissing, credentials…, unreachable …
   */
  identity(signal: AbortSignal): Promise<Identity>;
  dispose(): void;
}

/** What `dist/aws.js` exports. It is loaded on first use, because the SDK is ten times the size of the rest. */
export interface AwsModule {
  connect(spec: ConnectionSpec): Connection;
  /** Names of the profiles in the shared config and credentials files, as the SDK reads them. */
  listProfiles(): Promise<readonly string[]>;
}
