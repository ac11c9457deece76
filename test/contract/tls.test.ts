import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, run, until } from './tools';

interface Certificate {
  readonly Status: string;
  readonly Type: string;
  readonly KeyAlgorithm: string;
  readonly SubjectAlternativeNames: readonly string[];
  readonly InUseBy: readonly string[];
  readonly NotAfter: string;
}

/**
 * ACM's certificates in front of real ports, and health checks as target groups ask for them: by the AWS CLI.
 * Rules of AWS: ACM RequestCertificate (PENDING_VALIDATION), ImportCertificate (key must match); ELBv2 CreateListener
 * (HTTPS and TLS want a certificate and a policy), AddListenerCertificates (SNI), DescribeSSLPolicies, target group
 * health check port, path and matcher.
 */
needsOwnSandbox('listeners on this machine').describe('load balancers with certificates', () => {
  let sandbox: Sandbox;
  let aws: AwsCli;
  let folder: string;
  let target: http.Server;
  let checks: http.Server;
  let seen: http.IncomingHttpHeaders = {};
  let requested = '';
  let imported = '';
  let subnets: string[];
  let vpc: string;

  const portOf = (server: net.Server): number => (server.address() as AddressInfo).port;
  const listening = async (server: http.Server): Promise<void> =>
    new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  before(async () => {
    sandbox = await startSandbox({ args: ['--speed', '4'] });
    aws = new AwsCli(sandbox);
    folder = mkdtempSync(path.join(tmpdir(), 'gantry-tls-'));
    target = http.createServer((request, response) => {
      seen = request.headers;
      response.writeHead(request.url === '/ok' ? 200 : 404).end('from the target');
    });
    checks = http.createServer((request, response) => response.writeHead(request.url === '/ready' ? 204 : 500).end());
    await Promise.all([listening(target), listening(checks)]);
    const found = await aws.json<{ Subnets: { SubnetId: string; VpcId: string }[] }>('ec2', 'describe-subnets');
    subnets = found.Subnets.map(({ SubnetId }) => SubnetId);
    vpc = found.Subnets[0]?.VpcId ?? '';
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
    for (const server of [target, checks]) server.close();
    rmSync(folder, { recursive: true, force: true });
    aws.close();
  });

  const elb = <T>(...args: string[]): Promise<T> => aws.json<T>('elbv2', ...args);
  const describe_ = async (arn: string): Promise<Certificate> =>
    (await aws.json<{ Certificate: Certificate }>('acm', 'describe-certificate', '--certificate-arn', arn)).Certificate;

  async function balancer(name: string, type: string): Promise<string> {
    const made = await elb<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
      ...['create-load-balancer', '--name', name, '--type', type, '--subnets', ...subnets],
    );
    return made.LoadBalancers[0]?.LoadBalancerArn ?? '';
  }

  async function group(name: string, protocol: string, port: number, ...more: string[]): Promise<string> {
    const made = await elb<{ TargetGroups: { TargetGroupArn: string }[] }>(
      ...['create-target-group', '--name', name, '--protocol', protocol, '--port', String(port), '--vpc-id', vpc],
      ...['--target-type', 'ip', ...more],
    );
    const arn = made.TargetGroups[0]?.TargetGroupArn ?? '';
    await elb('register-targets', '--target-group-arn', arn, '--targets', `Id=127.0.0.1,Port=${port}`);
    return arn;
  }

  async function listener(...args: string[]): Promise<{ arn: string; port: number }> {
    const { Listeners } = await elb<{ Listeners: { ListenerArn: string; Port: number }[] }>('create-listener', ...args);
    return { arn: Listeners[0]?.ListenerArn ?? '', port: Listeners[0]?.Port ?? 0 };
  }

  const healthOf = async (arn: string): Promise<{ State: string; Description?: string } | undefined> =>
    (
      await elb<{ TargetHealthDescriptions: { TargetHealth: { State: string; Description?: string } }[] }>(
        ...['describe-target-health', '--target-group-arn', arn],
      )
    ).TargetHealthDescriptions[0]?.TargetHealth;
  const waitFor = (arn: string, state: string): Promise<string> =>
    until(`the target is ${state}`, 30, async () => {
      const health = await healthOf(arn);
      return health?.State === state ? (health.Description ?? '') : undefined;
    });

  /** One request by TLS, to a server that must prove to be `name` by this certificate. */
  function get(port: number, name: string, ca: string, options: https.RequestOptions = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const wanted = { host: '127.0.0.1', port, path: '/ok', servername: name, ca, agent: false as const, ...options };
      https
        .get(wanted, (answer) => {
          answer.setEncoding('utf8').once('data', (text: string) => resolve(`${answer.statusCode} ${text}`));
        })
        .once('error', reject);
    });
  }

  const pemOf = async (arn: string): Promise<string> =>
    (await aws.json<{ Certificate: string }>('acm', 'get-certificate', '--certificate-arn', arn)).Certificate;

  it('issues a certificate that was requested: pending first, as while AWS waits for the DNS record', async () => {
    const names = ['--domain-name', 'shop.example.com', '--subject-alternative-names', '*.shop.example.com'];
    const made = await aws.json<{ CertificateArn: string }>(
      ...['acm', 'request-certificate', ...names, '--validation-method', 'DNS', '--idempotency-token', 'once'],
    );
    requested = made.CertificateArn;
    assert.equal((await describe_(requested)).Status, 'PENDING_VALIDATION');
    await until('it is issued', 20, async () => (await describe_(requested)).Status === 'ISSUED' || undefined);
    const { Type, SubjectAlternativeNames, KeyAlgorithm, InUseBy } = await describe_(requested);
    assert.deepEqual(
      { Type, SubjectAlternativeNames, KeyAlgorithm, InUseBy },
      {
        Type: 'AMAZON_ISSUED',
        SubjectAlternativeNames: ['shop.example.com', '*.shop.example.com'],
        KeyAlgorithm: 'RSA_2048',
        InUseBy: [],
      },
    );
    const again = await aws.json<{ CertificateArn: string }>(
      ...['acm', 'request-certificate', ...names, '--idempotency-token', 'once'],
    );
    assert.equal(again.CertificateArn, requested, 'the same token gives the same certificate');
  });

  it('imports a certificate that somebody else made, and refuses one with the key of another', async () => {
    const make = async (name: string): Promise<void> => {
      const out = ['-keyout', path.join(folder, `${name}.key`), '-out', path.join(folder, `${name}.pem`)];
      const options = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}.example.org`];
      const { code, stderr } = await run('openssl', ['req', '-x509', ...options, ...out]);
      assert.equal(code, 0, stderr);
    };
    await make('own');
    await make('other');
    const file = (name: string): string => `fileb://${path.join(folder, name)}`;
    const importing = (key: string): string[] => [
      ...['acm', 'import-certificate', '--certificate', file('own.pem'), '--private-key', file(key)],
    ];
    assert.equal((await aws.refusal(...importing('other.key'))).code, 'ValidationException');
    imported = (await aws.json<{ CertificateArn: string }>(...importing('own.key'))).CertificateArn;
    const { Type, SubjectAlternativeNames } = await describe_(imported);
    assert.deepEqual([Type, SubjectAlternativeNames], ['IMPORTED', ['own.example.org']]);
    const list = await aws.json<{ CertificateSummaryList: { CertificateArn: string }[] }>('acm', 'list-certificates');
    const arns = list.CertificateSummaryList.map(({ CertificateArn }) => CertificateArn);
    assert.deepEqual(arns.sort(), [requested, imported].sort());
  });

  it('ends TLS at an HTTPS listener: by server name, by policy, and the target learns of it', async () => {
    const arn = await balancer('front', 'application');
    const web = await group('web', 'HTTP', portOf(target), '--health-check-path', '/ok');
    const common = [
      '--load-balancer-arn',
      arn,
      '--port',
      '443',
      '--default-actions',
      `Type=forward,TargetGroupArn=${web}`,
    ];
    assert.equal(
      (await aws.refusal('elbv2', 'create-listener', ...common, '--protocol', 'HTTPS')).code,
      'ValidationError',
    );
    const policy = ['--ssl-policy', 'ELBSecurityPolicy-TLS13-1-3-2021-06'];
    const front = await listener(
      ...[...common, '--protocol', 'HTTPS', ...policy, '--certificates', `CertificateArn=${requested}`],
    );
    await waitFor(web, 'healthy');
    const ca = await pemOf(requested);
    assert.equal(await get(front.port, 'shop.example.com', ca), '200 from the target');
    assert.equal(await get(front.port, 'api.shop.example.com', ca), '200 from the target');
    assert.equal(seen['x-forwarded-proto'], 'https');
    await assert.rejects(get(front.port, 'shop.example.com', ca, { maxVersion: 'TLSv1.2' }), /alert|version/i);
    await elb(
      ...['add-listener-certificates', '--listener-arn', front.arn, '--certificates', `CertificateArn=${imported}`],
    );
    const own = readFileSync(path.join(folder, 'own.pem'), 'utf8');
    assert.equal(await get(front.port, 'own.example.org', own), '200 from the target');
    const { Certificates } = await elb<{ Certificates: unknown[] }>(
      ...['describe-listener-certificates', '--listener-arn', front.arn],
    );
    assert.deepEqual(Certificates, [
      { CertificateArn: requested, IsDefault: true },
      { CertificateArn: imported, IsDefault: false },
    ]);
    // With another policy the port speaks another version.
    await elb('modify-listener', '--listener-arn', front.arn, '--ssl-policy', 'ELBSecurityPolicy-TLS-1-2-2017-01');
    assert.equal(await get(front.port, 'shop.example.com', ca, { maxVersion: 'TLSv1.2' }), '200 from the target');
    assert.deepEqual((await describe_(requested)).InUseBy, [arn]);
    const inUse = await aws.refusal('acm', 'delete-certificate', '--certificate-arn', requested);
    assert.equal(inUse.code, 'ResourceInUseException');
    await elb('delete-load-balancer', '--load-balancer-arn', arn);
    await aws.json('acm', 'delete-certificate', '--certificate-arn', requested);
    const gone = await aws.refusal('acm', 'describe-certificate', '--certificate-arn', requested);
    assert.equal(gone.code, 'ResourceNotFoundException');
  });

  it('ends TLS at a TLS listener of a network load balancer', async () => {
    const arn = await balancer('net', 'network');
    const raw = await group('raw', 'TCP', portOf(target));
    const front = await listener(
      ...['--load-balancer-arn', arn, '--protocol', 'TLS', '--port', '8443'],
      ...['--certificates', `CertificateArn=${imported}`, '--default-actions', `Type=forward,TargetGroupArn=${raw}`],
    );
    await waitFor(raw, 'healthy');
    const ca = readFileSync(path.join(folder, 'own.pem'), 'utf8');
    const socket = tls.connect({ host: '127.0.0.1', port: front.port, servername: 'own.example.org', ca });
    const answer = await new Promise<string>((resolve, reject) => {
      socket.once('error', reject).once('secureConnect', () => socket.write('GET /ok HTTP/1.0\r\n\r\n'));
      socket.setEncoding('utf8').once('data', (text: string) => resolve(text));
    });
    socket.destroy();
    assert.match(answer, /^HTTP\/1\.1 200/);
    assert.equal(seen['x-forwarded-proto'], undefined, 'a network load balancer adds nothing');
  });

  it('lists the security policies', async () => {
    const { SslPolicies } = await elb<{ SslPolicies: { Name: string; SslProtocols: string[] }[] }>(
      ...['describe-ssl-policies', '--names', 'ELBSecurityPolicy-2016-08'],
    );
    assert.deepEqual(SslPolicies[0]?.SslProtocols, ['TLSv1', 'TLSv1.1', 'TLSv1.2']);
    const unknown = await aws.refusal('elbv2', 'describe-ssl-policies', '--names', 'ELBSecurityPolicy-None');
    assert.equal(unknown.code, 'SSLPolicyNotFound');
  });

  it('checks targets at the port, by the path and for the codes that the group says', async () => {
    const arn = await balancer('checked', 'application');
    const wanted = [
      '--health-check-port',
      String(portOf(checks)),
      '--health-check-path',
      '/ready',
      '--matcher',
      'HttpCode=204',
    ];
    const timing = [
      '--health-check-interval-seconds',
      '6',
      '--health-check-timeout-seconds',
      '5',
      '--healthy-threshold-count',
      '2',
    ];
    const web = await group('checked', 'HTTP', portOf(target), ...wanted, ...timing);
    assert.equal((await healthOf(web))?.State, 'unused', 'no listener forwards to the group');
    await listener(
      ...['--load-balancer-arn', arn, '--protocol', 'HTTP', '--port', '80'],
      ...['--default-actions', `Type=forward,TargetGroupArn=${web}`],
    );
    await waitFor(web, 'healthy');
    const change = (...args: string[]): Promise<unknown> =>
      elb('modify-target-group', '--target-group-arn', web, ...args);
    await change('--matcher', 'HttpCode=200-202');
    assert.match(await waitFor(web, 'unhealthy'), /\[204\]/);
    await change('--matcher', 'HttpCode=200-204');
    await waitFor(web, 'healthy');
    await change('--health-check-path', '/other');
    assert.match(await waitFor(web, 'unhealthy'), /\[500\]/);
    await change('--health-check-path', '/ok', '--health-check-port', 'traffic-port');
    await waitFor(web, 'healthy');
    const closed = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const nobody = portOf(closed);
    await new Promise((resolve) => closed.close(resolve));
    await change('--health-check-port', String(nobody));
    assert.equal(await waitFor(web, 'unhealthy'), 'Health checks failed');
    const behind = await elb<{ TargetGroups: { TargetGroupName: string }[] }>(
      ...['describe-target-groups', '--load-balancer-arn', arn],
    );
    assert.deepEqual(
      behind.TargetGroups.map(({ TargetGroupName }) => TargetGroupName),
      ['checked'],
    );
  });

  it('keeps target groups of UDP, and tags of listeners', async () => {
    const { TargetGroups } = await elb<{ TargetGroups: { Protocol: string; HealthCheckProtocol: string }[] }>(
      ...['create-target-group', '--name', 'dns', '--protocol', 'TCP_UDP', '--port', '53', '--vpc-id', vpc],
    );
    assert.deepEqual([TargetGroups[0]?.Protocol, TargetGroups[0]?.HealthCheckProtocol], ['TCP_UDP', 'TCP']);
    const { Listeners } = await elb<{ Listeners: { ListenerArn: string }[] }>(
      ...['describe-listeners', '--load-balancer-arn', await arnOf('net')],
    );
    const arn = Listeners[0]?.ListenerArn ?? '';
    await elb('add-tags', '--resource-arns', arn, '--tags', 'Key=team,Value=web');
    const { TagDescriptions } = await elb<{ TagDescriptions: { Tags: unknown[] }[] }>(
      ...['describe-tags', '--resource-arns', arn],
    );
    assert.deepEqual(TagDescriptions[0]?.Tags, [{ Key: 'team', Value: 'web' }]);
  });

  const arnOf = async (name: string): Promise<string> =>
    (await elb<{ LoadBalancers: { LoadBalancerArn: string }[] }>('describe-load-balancers', '--names', name))
      .LoadBalancers[0]?.LoadBalancerArn ?? '';
});
