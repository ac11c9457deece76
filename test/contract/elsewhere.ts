import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Sandbox } from './sandboxProcess';

/** The endpoint at which the suite is pointed instead of sandboxes of its own. */
export const elsewhere = process.env['GANTRY_TEST_ENDPOINT'] || undefined;

export interface Account {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; sessionToken?: string };
}

/** The Region and the credentials of AWS's ordinary variables at another endpoint; dummies for the sandbox. */
export function testAccount(): Account {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: sessionToken } = process.env;
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (elsewhere === undefined) {
    return { region: 'us-east-1', credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' } };
  }
  if (!region || !id || !secret) {
    throw new Error('GANTRY_TEST_ENDPOINT also needs AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  }
  return {
    region,
    credentials: { accessKeyId: id, secretAccessKey: secret, ...(sessionToken ? { sessionToken } : {}) },
  };
}

type Test = (title: string, run: Mocha.AsyncFunc) => void;
type Group = (title: string, define: (this: Mocha.Suite) => void) => void;

/** For cases that need a sandbox of their own: its levers, its clock, its engine, or a restart. */
export function needsOwnSandbox(why: string): { readonly it: Test; readonly describe: Group } {
  return onlyIf(elsewhere === undefined, why);
}

/** For cases that look at what a seed put there. Another endpoint that has it says so in GANTRY_TEST_SEED. */
export function needsSeed(seed: string): { readonly it: Test; readonly describe: Group } {
  const there = elsewhere === undefined || process.env['GANTRY_TEST_SEED'] === seed;
  return onlyIf(there, `the seed ${seed} (GANTRY_TEST_SEED=${seed} if the endpoint has it)`);
}

function onlyIf(there: boolean, why: string): { readonly it: Test; readonly describe: Group } {
  if (there)
    return { it: (title, run) => void it(title, run), describe: (title, define) => void describe(title, define) };
  const say = (title: string): void =>
    void process.stderr.write(`!!! NOT proved at ${elsewhere ?? ''}: "${title}" needs ${why}.\n`);
  return {
    it: (title) => {
      say(title);
      it.skip(title);
    },
    describe: (title, define) => {
      say(title);
      describe.skip(title, define);
    },
  };
}

/** A connection to the other endpoint. What only a sandbox has cannot be asked of it. */
export async function endpointElsewhere(endpoint: string): Promise<Sandbox> {
  const config = { endpoint, ...testAccount() };
  const [sts, ecr] = [new STSClient(config), new ECRClient(config)];
  const { Account: account = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const { authorizationData = [] } = await ecr.send(new GetAuthorizationTokenCommand({}));
  for (const client of [sts, ecr]) client.destroy();
  const registry = (authorizationData[0]?.proxyEndpoint ?? '').replace(/^https?:\/\//, '');
  const absent = (): Promise<never> =>
    Promise.reject(new Error(`${endpoint} has no levers: it is not a sandbox of ours.`));
  const nothing = (): Promise<void> => Promise.resolve();
  const { region } = config;
  return {
    endpoint,
    registry,
    info: { endpoint, registry, account, region, runtime: 'simulated', engine: null, pid: 0 },
    log: () => '',
    ...{ health: absent, calls: absent, addFault: absent, setAlarm: absent, checkRoles: absent, kill: absent },
    ...{ clearFaults: nothing, resetCalls: nothing },
    violations: () => Promise.resolve([]),
    stop: () => Promise.resolve(0),
  };
}
