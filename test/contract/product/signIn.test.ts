import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { DeviceCode, Prompts } from '../../../src/aws/api';
import { connect } from '../../../src/aws/connect';
import { fingerprint, forgetTokens, signInKind } from '../../../src/aws/credentials';
import { signInWithSso } from '../../../src/aws/signIn';
import { reasonOf } from '../../../src/core/errors';
import { type Sandbox, startSandbox } from '../sandboxProcess';

const never = new AbortController().signal;

/** IAM Identity Center, as far as a sign-in needs it: somebody confirms after the first question. */
function identityCenter(): Promise<{ server: Server; url: string; asked: string[] }> {
  const asked: string[] = [];
  const answers: Record<string, () => [number, object, string?]> = {
    '/client/register': () => [200, { clientId: 'id', clientSecret: 'secret', clientSecretExpiresAt: 4_000_000_000 }],
    '/device_authorization': () => [
      200,
      {
        deviceCode: 'device',
        userCode: 'ABCD-EFGH',
        verificationUriComplete: 'https://device.example/?user_code=ABCD-EFGH',
        interval: 1,
        expiresIn: 60,
      },
    ],
    '/token': () =>
      asked.filter((each) => each === '/token').length < 2
        ? [400, { error: 'authorization_pending' }, 'AuthorizationPendingException']
        : [200, { accessToken: 'token', tokenType: 'Bearer', expiresIn: 3600 }],
    '/federation/credentials': () => [
      200,
      { roleCredentials: { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration: Date.now() + 3e6 } },
    ],
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://127.0.0.1');
    asked.push(pathname);
    const [status, body, type] = answers[pathname]?.() ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json', ...(type ? { 'x-amzn-errortype': type } : {}) });
    response.end(JSON.stringify(body));
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }),
    ),
  );
}

describe('signing in', () => {
  const saved = { ...process.env };
  let sandbox: Sandbox;
  let center: Awaited<ReturnType<typeof identityCenter>>;
  let folder: string;
  const kept = new Map<string, string>();
  const prompts: Prompts = {
    mfaCode: () => Promise.reject(new Error('nobody should be asked')),
    recallToken: (session) => Promise.resolve(kept.get(session)),
    keepToken: (session, token) => Promise.resolve(void kept.set(session, token)),
  };
  const config = (more = ''): void =>
    writeFileSync(
      path.join(folder, 'config'),
      `[profile work]
region = eu-west-1
sso_session = company
sso_account_id = 123456789012
sso_role_name = developer
endpoint_url = ${sandbox.endpoint}
${more}
[profile admin]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = work

[profile keys]
region = eu-west-1

[sso-session company]
sso_start_url = https://company.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
`,
    );

  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'simulated' });
    center = await identityCenter();
    folder = mkdtempSync(path.join(os.tmpdir(), 'gantry-sign-in-'));
    for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) Reflect.deleteProperty(process.env, key);
    Object.assign(process.env, {
      HOME: folder,
      AWS_CONFIG_FILE: path.join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_SSO_OIDC: center.url,
      AWS_ENDPOINT_URL_SSO: center.url,
    });
    config();
  });
  after(async () => {
    for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) Reflect.deleteProperty(process.env, key);
    Object.assign(process.env, saved);
    forgetTokens();
    center.server.close();
    center.server.closeAllConnections();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is for the session of the profile, or of the one that it takes its credentials from', async () => {
    const session = { id: 'company', startUrl: 'https://company.awsapps.com/start', region: 'eu-west-1' };
    const expected = { kind: 'sso', session: { ...session, scopes: ['sso:account:access'] } };
    assert.deepEqual(await signInKind('work'), expected);
    assert.deepEqual(await signInKind('admin'), expected);
    assert.deepEqual(await signInKind('keys'), { kind: 'other' });
  });

  it('is needed when nobody has signed in', async () => {
    const connection = connect({ profile: 'work' }, prompts);
    await assert.rejects(
      connection.ecs.listClusters(undefined, never),
      (error) => reasonOf(error) === 'credentialsExpired',
    );
    connection.dispose();
  });

  it('shows a code, waits until it is confirmed, and then the connection works without a file', async () => {
    const found = await signInKind('work');
    assert.ok(found.kind === 'sso');
    const shown: DeviceCode[] = [];
    await signInWithSso(found.session, prompts, (code) => shown.push(code), never);
    assert.deepEqual(shown, [{ code: 'ABCD-EFGH', url: 'https://device.example/?user_code=ABCD-EFGH' }]);
    const connection = connect({ profile: 'work' }, prompts);
    assert.equal((await connection.ecs.listClusters(undefined, never)).items.length, 1);
    connection.dispose();
  });

  it('is remembered, and credentials are asked for once for all connections', async () => {
    forgetTokens();
    center.asked.length = 0;
    const connections = [connect({ profile: 'work' }, prompts), connect({ profile: 'work' }, prompts)];
    await Promise.all(
      connections.flatMap(({ ecs }) => [ecs.listClusters(undefined, never), ecs.listFamilies(undefined, never)]),
    );
    assert.deepEqual(center.asked, ['/federation/credentials']);
    for (const connection of connections) connection.dispose();
  });

  it('can be cancelled while the code waits', async () => {
    const found = await signInKind('work');
    assert.ok(found.kind === 'sso');
    const abort = new AbortController();
    const waiting = signInWithSso(found.session, prompts, () => abort.abort(), abort.signal);
    await assert.rejects(waiting, (error) => reasonOf(error) === 'cancelled');
  });

  it('with another tool changes what the files say, and nothing else does', async () => {
    const before = await fingerprint('admin');
    assert.equal(await fingerprint('admin'), before);
    config('sso_role_name = other');
    assert.notEqual(await fingerprint('admin'), before);
    config();
    assert.equal(await fingerprint('admin'), before);
  });
});
