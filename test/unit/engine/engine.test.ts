import assert from 'node:assert/strict';
import { reasonOf } from '../../../src/core/errors';
import { isolatedConfig } from '../../../src/engine/registryAccess';
import {
  buildCommand,
  parseInspect,
  parsePushedDigest,
  pullCommand,
  pushCommand,
  type BuildRequest,
  type Engine,
  type EngineName,
} from '../../../src/engine/engine';
import { buildError, engineError, pushError } from '../../../src/engine/engineErrors';
import { isLoopback } from '../../../src/engine/containerEngine';

const request: BuildRequest = {
  dockerfile: '/w/Dockerfile.dev',
  context: '/w',
  tag: 'r.example/web:1',
  platform: 'linux/arm64',
  stage: 'final',
  buildArguments: { VERSION: '1 2; rm -rf /' },
};
const access = { env: { DOCKER_CONFIG: '/tmp/x' }, args: ['--authfile', '/tmp/x/auth.json'] };

describe('build command', () => {
  const common = [
    ...['--file', '/w/Dockerfile.dev', '--tag', 'r.example/web:1', '--platform', 'linux/arm64', '--target', 'final'],
    ...['--build-arg', 'VERSION=1 2; rm -rf /', '--', '/w'],
  ];
  it('uses buildx where it is there', () => {
    const { file, args, env } = buildCommand({ name: 'docker', builder: 'buildx' }, request);
    assert.equal(file, 'docker');
    assert.deepEqual(args, ['buildx', 'build', '--load', '--provenance=false', ...common]);
    assert.deepEqual(env, {});
  });
  it('switches BuildKit on in an old client, and off in a new one that lacks the plugin', () => {
    assert.deepEqual(buildCommand({ name: 'docker', builder: 'buildkit' }, request).env, { DOCKER_BUILDKIT: '1' });
    assert.deepEqual(buildCommand({ name: 'docker', builder: 'classic' }, request).env, { DOCKER_BUILDKIT: '0' });
  });
  for (const name of ['podman', 'finch', 'nerdctl'] as const) {
    it(`is the same for ${name}`, () => {
      const { file, args } = buildCommand({ name, builder: 'native' }, request);
      assert.deepEqual([file, ...args], [name, 'build', ...common]);
    });
  }
  it('says nothing that the target does not say', () => {
    const plain = { ...request, platform: undefined, stage: undefined, buildArguments: {} };
    const { args } = buildCommand({ name: 'docker', builder: 'classic' }, plain);
    assert.deepEqual(args, ['build', '--file', '/w/Dockerfile.dev', '--tag', 'r.example/web:1', '--', '/w']);
  });
});

describe('push command', () => {
  const push = (name: EngineName, plainHttp: boolean): readonly string[] => {
    const engine: Engine = { name, builder: 'native' };
    const registryAccess = name === 'podman' ? access : { ...access, args: [] };
    return pushCommand(engine, 'r.example/web:1', registryAccess, { plainHttp, digestFile: '/tmp/x/digest' }).args;
  };
  it('never has a login in its arguments', () => {
    assert.deepEqual(push('docker', false), ['push', '--', 'r.example/web:1']);
    assert.deepEqual(push('podman', false), [
      'push',
      '--authfile',
      '/tmp/x/auth.json',
      '--digestfile',
      '/tmp/x/digest',
      '--',
      'r.example/web:1',
    ]);
  });
  it('tells engines about a registry without TLS, where they do not know by themselves', () => {
    assert.ok(push('podman', true).includes('--tls-verify=false'));
    assert.ok(push('nerdctl', true).includes('--insecure-registry'));
    assert.ok(push('finch', true).includes('--insecure-registry'));
    assert.deepEqual(push('docker', true), push('docker', false));
  });
  it('pulls as it pushes, without the digest file', () => {
    const pull = (name: EngineName, plainHttp: boolean): readonly string[] => {
      const registryAccess = name === 'podman' ? access : { ...access, args: [] };
      return pullCommand({ name, builder: 'native' }, 'r.example/web:1', registryAccess, plainHttp).args;
    };
    assert.deepEqual(pull('docker', true), ['pull', '--', 'r.example/web:1']);
    assert.deepEqual(pull('podman', true), [
      ...['pull', '--authfile', '/tmp/x/auth.json', '--tls-verify=false', '--', 'r.example/web:1'],
    ]);
    assert.deepEqual(pull('nerdctl', true), ['pull', '--insecure-registry', '--', 'r.example/web:1']);
  });
  it('takes only this machine for one without TLS', () => {
    for (const host of ['127.0.0.1:5000', 'localhost:5000', '[::1]:1', '127.8.9.1'])
      assert.equal(isLoopback(host), true, host);
    for (const host of ['127.0.0.1.example.com', 'localhost.example.com:5000', '10.0.0.1'])
      assert.equal(isLoopback(host), false, host);
  });
});

describe('isolated configuration', () => {
  const auth = { auth: 'c2VjcmV0' };
  it('keeps the user’s own, and switches the credential store off for one host', () => {
    const own = {
      credsStore: 'desktop',
      credHelpers: { 'gcr.io': 'gcloud' },
      auths: { 'ghcr.io': { auth: 'eA==' } },
      currentContext: 'remote',
      cliPluginsExtraDirs: ['/opt/plugins'],
    };
    assert.deepEqual(isolatedConfig(own, '/home/me/.docker', 'r.example', auth), {
      credsStore: 'desktop',
      credHelpers: { 'gcr.io': 'gcloud', 'r.example': '' },
      auths: { 'ghcr.io': { auth: 'eA==' }, 'r.example': auth },
      currentContext: 'remote',
      cliPluginsExtraDirs: ['/opt/plugins', '/home/me/.docker/cli-plugins'],
    });
  });
  it('works without any', () => {
    const config = isolatedConfig({}, '/home/me/.docker', 'r.example', auth);
    assert.deepEqual(config['auths'], { 'r.example': auth });
  });
});

describe('what engines answer', () => {
  const digest = `sha256:${'c'.repeat(64)}`;
  it('the digest of a push', () => {
    assert.equal(parsePushedDigest(`a: Pushed\nabc1234: digest: ${digest} size: 528\n`), digest);
    assert.equal(parsePushedDigest('Pushed'), undefined);
  });
  it('an image, as docker and podman describe it', () => {
    const image = {
      Id: 'sha256:1',
      Os: 'linux',
      Architecture: 'arm64',
      Config: { ExposedPorts: { '8080/tcp': {}, '53/udp': {} } },
    };
    const expected = { id: 'sha256:1', platform: 'linux/arm64', ports: [8080], repositoryDigests: [] };
    assert.deepEqual(parseInspect(JSON.stringify(image)), expected);
    assert.deepEqual(parseInspect(JSON.stringify([image])), expected);
  });
  for (const nonsense of ['', '{', '[]', 'null', '{}', '"x"']) {
    it(`nothing in “${nonsense}”`, () => assert.equal(parseInspect(nonsense), undefined));
  }
});

describe('failures of engines', () => {
  const cases: [string, string | undefined][] = [
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'engineNotRunning',
    ],
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'engineDenied',
    ],
    ['Cannot connect to Podman. Please verify your connection to the Linux system', 'engineNotRunning'],
    ['failed to solve: process "/bin/sh -c false" did not complete', undefined],
  ];
  for (const [text, reason] of cases) {
    it(`${reason ?? 'not the engine'}: ${text.slice(0, 60)}`, () =>
      assert.equal(reasonOf(engineError(text, 'docker')), reason));
  }

  it('a build names BuildKit’s cause, or the last line', () => {
    const buildkit =
      '#5 ERROR: x\n------\nERROR: failed to build: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1\n';
    assert.match(
      buildError(buildkit, 'Dockerfile').message,
      /^Dockerfile did not build: process "\/bin\/sh -c false" did not complete successfully: exit code: 1$/,
    );
    const classic =
      "Step 2/2 : RUN false\n ---> Running in 1\nThe command '/bin/sh -c false' returned a non-zero code: 1\n";
    assert.match(buildError(classic, 'Dockerfile').message, /returned a non-zero code: 1$/);
  });

  const pushes: [string, string][] = [
    [
      "name unknown: The repository with name 'x' does not exist in the registry with id '123456789012'",
      'repositoryMissing',
    ],
    [
      "tag invalid: The image tag 'v1' already exists in the 'x' repository and cannot be overwritten because the repository is immutable.",
      'tagImmutable',
    ],
    ['denied: Your authorization token has expired. Reauthenticate and try again.', 'loginExpired'],
    [
      'denied: User: arn:aws:iam::1:user/x is not authorized to perform: ecr:InitiateLayerUpload on resource: y',
      'pushDenied',
    ],
    ['no basic auth credentials', 'pushDenied'],
    ['toomanyrequests: Rate exceeded', 'throttled'],
    ['write tcp 10.0.0.2:1->3.4.5.6:443: use of closed network connection', 'unreachable'],
    ['something new', 'pushFailed'],
  ];
  for (const [text, reason] of pushes) {
    it(`${reason}: ${text.slice(0, 60)}`, () => assert.equal(reasonOf(pushError(text, 'x')), reason));
  }
});
