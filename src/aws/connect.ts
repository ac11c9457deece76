import { ACMClient } from '@aws-sdk/client-acm';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { parseArn } from '../core/arn';
import { systemClock } from '../core/clock';
import { keyOf, type ConnectionSpec, type Identity } from '../core/connection';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { partitionOf } from '../core/partition';
import type { Connection, Prompts } from './api';
import { Caller } from './caller';
import { SdkCertificateGateway } from './certificateGateway';
import { SdkCodeDeployGateway } from './codeDeployGateway';
import { configuredEndpoint } from './configuredEndpoint';
import { sharedCredentials } from './credentials';
import { SdkEcrGateway } from './ecrGateway';
import { SdkEcsGateway } from './ecsGateway';
import { SdkLogsGateway } from './logsGateway';
import { SdkNetworkGateway } from './networkGateway';
import { resolveProfile, resolveRegion } from './profiles';
import { refuseHtml } from './refuseHtml';
import { SdkRoleGateway } from './roleGateway';
import { SdkScalingGateway } from './scalingGateway';
import { SdkSecretGateway } from './secretGateway';
import { shareReads } from './shareReads';
import { SdkStackGateway } from './stackGateway';
import { translateError } from './translateError';
import { SdkVpcGateway } from './vpcGateway';

/** The sandbox takes any signature; these keys exist nowhere else. */
const sandboxCredentials = { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' };

/** Opens a connection. Nothing is called until something is asked. */
export function connect(spec: ConnectionSpec, prompts: Prompts = noPrompts): Connection {
  return new SdkConnection(spec, prompts);
}

/** Where nobody can be asked. */
const noPrompts: Prompts = {
  mfaCode: () =>
    Promise.reject(new GantryError('credentialsMissing', message('The profile needs a code from an MFA device.'))),
  recallToken: () => Promise.resolve(undefined),
  keepToken: () => Promise.resolve(),
};

/** How the SDK's clients ask for an endpoint that is set outside of the program. */
interface EndpointSettings {
  readonly serviceId?: string;
  serviceConfiguredEndpoint?: () => Promise<string | undefined>;
}

class SdkConnection implements Connection {
  readonly ecs: SdkEcsGateway;
  readonly codeDeploy: SdkCodeDeployGateway;
  readonly ecr: SdkEcrGateway;
  readonly network: SdkNetworkGateway;
  readonly vpc: SdkVpcGateway;
  readonly scaling: SdkScalingGateway;
  readonly logs: SdkLogsGateway;
  readonly roles: SdkRoleGateway;
  readonly secrets: SdkSecretGateway;
  readonly stacks: SdkStackGateway;
  readonly certificates: SdkCertificateGateway;
  private readonly caller: Caller;
  private readonly sts: STSClient;
  private readonly clients: { destroy(): void }[];
  private readonly region: () => Promise<string>;
  private readonly closed = new AbortController();
  private asked: Promise<Identity> | undefined;

  constructor(
    readonly spec: ConnectionSpec,
    prompts: Prompts,
  ) {
    const profile = spec.profile ?? process.env['AWS_PROFILE'];
    this.caller = new Caller(systemClock, keyOf(spec));
    this.region = once(async () =>
      spec.sandbox ? (spec.region ?? 'us-east-1') : resolveRegion(spec, await resolveProfile(spec)),
    );
    const config = {
      region: this.region,
      credentials: spec.sandbox ? sandboxCredentials : sharedCredentials(profile, prompts),
      requestHandler: new NodeHttpHandler({
        connectionTimeout: 5_000,
        requestTimeout: 20_000,
        throwOnRequestTimeout: true,
      }),
      maxAttempts: 3,
      customUserAgent: [['gantry']] as [string][],
      ...(spec.endpoint ? { endpoint: spec.endpoint } : {}),
      ...(profile && !spec.sandbox ? { profile } : {}),
    };
    const ecs = new ECSClient(config);
    const ecr = new ECRClient(config);
    const codeDeploy = new CodeDeployClient(config);
    const ec2 = new EC2Client(config);
    const elb = new ElasticLoadBalancingV2Client(config);
    const scaling = new ApplicationAutoScalingClient(config);
    const logs = new CloudWatchLogsClient(config);
    this.sts = new STSClient(config);
    const iam = new IAMClient(config);
    const secrets = new SecretsManagerClient(config);
    const ssm = new SSMClient(config);
    const acm = new ACMClient(config);
    const cloudFormation = new CloudFormationClient(config);
    const clients = [ecs, codeDeploy, ecr, ec2, elb, scaling, iam, logs, secrets, ssm, cloudFormation, acm, this.sts];
    this.clients = clients;
    for (const client of clients) {
      client.middlewareStack.use(refuseHtml);
      const settings: EndpointSettings = client.config;
      settings.serviceConfiguredEndpoint = once(() => configuredEndpoint(settings.serviceId ?? '', profile));
    }
    this.ecs = shareReads(new SdkEcsGateway(ecs, this.caller));
    this.codeDeploy = shareReads(new SdkCodeDeployGateway(codeDeploy, this.caller));
    this.ecr = shareReads(new SdkEcrGateway(ecr, this.caller));
    this.network = shareReads(new SdkNetworkGateway(elb, ec2, this.caller));
    this.vpc = shareReads(new SdkVpcGateway(ec2, this.caller));
    this.scaling = shareReads(new SdkScalingGateway(scaling, this.caller));
    this.logs = shareReads(new SdkLogsGateway(logs, this.caller));
    this.roles = shareReads(new SdkRoleGateway(iam, this.caller));
    this.secrets = shareReads(new SdkSecretGateway(secrets, ssm, this.caller));
    this.certificates = shareReads(new SdkCertificateGateway(acm, this.caller));
    this.stacks = shareReads(new SdkStackGateway(cloudFormation, this.caller));
  }

  async identity(signal: AbortSignal): Promise<Identity> {
    // Asked by both views at once: one call for all who ask. A failure is not remembered, and a caller that leaves
    // must not take the answer from the others, so the call follows the connection's own signal.
    this.asked ??= this.askIdentity(this.closed.signal).catch((error: unknown) => {
      this.asked = undefined;
      throw error;
    });
    const left = new Promise<never>((_, reject) => {
      const leave = (): void => reject(new GantryError('cancelled', message('Cancelled.')));
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
    return Promise.race([this.asked, left]);
  }

  private async askIdentity(signal: AbortSignal): Promise<Identity> {
    const region = await this.region().catch((error: unknown) => {
      throw translateError(error, 'sts:GetCallerIdentity', signal);
    });
    const { Account: account, Arn: caller } = await this.caller.call(
      'sts:GetCallerIdentity',
      'other',
      signal,
      (options) => this.sts.send(new GetCallerIdentityCommand({}), options),
    );
    if (!account || !caller) {
      throw new GantryError('badAnswer', message('{0} got an answer without its result.', 'sts:GetCallerIdentity'));
    }
    return { account, region, partition: parseArn(caller)?.partition ?? partitionOf(region).id, caller };
  }

  dispose(): void {
    this.closed.abort();
    for (const client of this.clients) client.destroy();
  }
}

/** Runs an asynchronous action once; a failure is not remembered, so that a second try may succeed. */
function once<T>(action: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= action().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
}
