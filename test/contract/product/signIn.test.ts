import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
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
function identityCenter(): Promise<{ server: Server; url: string; asked: string[]; bodies: string[] }> {
  const [asked, bodies]: [string[], string[]] = [[], []];
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
    if (request.url === '/') return assumeRole(request, response, bodies);
    const { pathname } = new URL(request.url ?? '', 'http://127.0.0.1');
    asked.push(pathname);
    const [status, body, type] = answers[pathname]?.() ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json', ...(type ? { 'x-amzn-errortype': type } : {}) });
    response.end(JSON.stringify(body));
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, bodies }),
    ),
  );
}

/** STS, as far as taking a role needs it. */
function assumeRole(request: IncomingMessage, response: ServerResponse, bodies: string[]): void {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    bodies.push(body);
    const name = new URLSearchParams(body).get('Action') ?? '';
    const keys = '<AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken>';
    const expires = `<Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>`;
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<${name}Response><${name}Result><Credentials>${keys}${expires}</Credentials></${name}Result></${name}Response>`,
    );
  });
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

[profile plain]
region = eu-west-1
aws_access_key_id = a
aws_secret_access_key = b

[profile mfa]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = plain
mfa_serial = arn:aws:iam::123456789012:mfa/me
services = elsewhere

[profile process]
region = eu-west-1
endpoint_url = ${sandbox.endpoint}
credential_process = ${process.execPath} -e "console.log(JSON.stringify({Version:1,AccessKeyId:'a',SecretAccessKey:'b'}))"

[profile web]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/web
web_identity_token_file = ${path.join(folder, 'token')}
services = elsewhere

[services elsewhere]
ecs =
  endpoint_url = ${sandbox.endpoint}

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
      AWS_ENDPOINT_URL_STS: center.url,
    });
    config();
    writeFileSync(path.join(folder, 'token'), 'token of the web identity');
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

  it('asks for the code of an MFA device once, for all connections', async () => {
    const asked: string[] = [];
    const asking: Prompts = { ...prompts, mfaCode: (serial) => Promise.resolve((asked.push(serial), '123456')) };
    const connections = [1, 2, 3].map(() => connect({ profile: 'mfa' }, asking));
    await Promise.all(connections.map(({ ecs }) => ecs.listClusters(undefined, never)));
    await connect({ profile: 'mfa' }, asking).ecs.listFamilies(undefined, never);
    assert.deepEqual(asked, ['arn:aws:iam::123456789012:mfa/me']);
    assert.deepEqual(center.bodies.map((body) => new URLSearchParams(body).get('TokenCode')).filter(Boolean), [
      '123456',
    ]);
    for (const connection of connections) connection.dispose();
  });

  it('is not needed for credentials of a process, nor for a token of a web identity', async () => {
    const process_ = connect({ profile: 'process' }, prompts);
    assert.equal((await process_.ecs.listClusters(undefined, never)).items.length, 1);
    process_.dispose();
    const web = connect({ profile: 'web' }, prompts);
    assert.equal((await web.ecs.listClusters(undefined, never)).items.length, 1);
    web.dispose();
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
