import type { ConnectionSpec, Identity } from '../core/connection';
import type { EcrGateway } from '../ecr/gateway';
import type { CodeDeployGateway } from '../ecs/codeDeploy';
import type { EcsGateway } from '../ecs/gateway';
import type { RoleGateway } from '../ecs/roles';
import type { ScalingGateway } from '../ecs/scaling';
import type { SecretGateway } from '../ecs/secrets';
import type { LogsGateway } from '../logs/gateway';
import type { CertificateGateway } from '../network/certificates';
import type { NetworkGateway } from '../network/gateway';
import type { VpcGateway } from '../network/vpcGateway';
import type { StackGateway } from '../provision/stacks';
import type { SignInKind, SsoSession } from './credentials';

/** A live connection: the gateways of one account and Region, with one set of credentials and one limiter. */
export interface Connection {
  readonly spec: ConnectionSpec;
  readonly ecs: EcsGateway;
  readonly codeDeploy: CodeDeployGateway;
  readonly ecr: EcrGateway;
  readonly network: NetworkGateway;
  readonly vpc: VpcGateway;
  readonly scaling: ScalingGateway;
  readonly logs: LogsGateway;
  readonly roles: RoleGateway;
  readonly secrets: SecretGateway;
  readonly stacks: StackGateway;
  readonly certificates: CertificateGateway;
  /**
   * Who we are (STS GetCallerIdentity), asked once and remembered.
   * @throws GantryError profileMissing, regionMissing, credentials…, unreachable …
   */
  identity(signal: AbortSignal): Promise<Identity>;
  dispose(): void;
}

/** What a connection may have to ask a person, and where it keeps what it was told. */
export interface Prompts {
  /**
   * Asks for the code of an MFA device.
   * @throws GantryError cancelled
   */
  mfaCode(serial: string): Promise<string>;
  /** The token of an earlier sign-in; a secret. */
  recallToken(session: string): Promise<string | undefined>;
  keepToken(session: string, token: string): Promise<void>;
}

/** What a person confirms in the browser to sign in. */
export interface DeviceCode {
  readonly code: string;
  readonly url: string;
}

/** What `dist/aws.js` exports. It is loaded on first use, because the SDK is ten times the size of the rest. */
export interface AwsModule {
  connect(spec: ConnectionSpec, prompts: Prompts): Connection;
  /** Names of the profiles in the shared config and credentials files, as the SDK reads them. */
  listProfiles(): Promise<readonly string[]>;
  /** A text that changes whenever a profile would use other credentials. */
  fingerprint(profile: string | undefined): Promise<string>;
  signInKind(profile: string | undefined): Promise<SignInKind>;
  /** Signs in with a code that a person confirms in the browser. @throws GantryError */
  signInWithSso(
    session: SsoSession,
    prompts: Prompts,
    show: (code: DeviceCode) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Somebody signed in or out with another tool. */
  forgetTokens(): void;
}
