import assert from 'node:assert/strict';
import { platformsOf } from '../../../src/ecr/imagePlatform';

const never = new AbortController().signal;
const docker = 'application/vnd.docker.container.image.v1+json';
const oci = 'application/vnd.oci.image.config.v1+json';

describe('the platforms of an image', () => {
  /** @param config what the registry has under the digest of the configuration */
  async function platforms(manifest: object | string, config: object | string = {}): Promise<unknown> {
    const asked: string[] = [];
    const text = (value: object | string): string => (typeof value === 'string' ? value : JSON.stringify(value));
    const readBlob = (_: string, digest: string): Promise<string> => {
      asked.push(digest);
      return Promise.resolve(text(config));
    };
    const found = await platformsOf(
      { readBlob },
      'web',
      { digest: 'sha256:0', text: text(manifest), mediaType: undefined },
      never,
    );
    return [found, asked];
  }
  const single = (mediaType: string): object => ({ config: { mediaType, digest: 'sha256:c' }, layers: [] });

  it('are those of its index, without another request', async () => {
    const manifests = ['amd64', 'arm64'].map((architecture) => ({
      ...{ digest: architecture, platform: { os: 'linux', architecture } },
    }));
    assert.deepEqual(await platforms({ manifests }), [['linux/amd64', 'linux/arm64'], []]);
  });
  it('is the one of its configuration', async () => {
    const arm = { os: 'linux', architecture: 'arm64', variant: 'v8' };
    assert.deepEqual(await platforms(single(docker), arm), [['linux/arm64/v8'], ['sha256:c']]);
    const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.2227' };
    assert.deepEqual(await platforms(single(oci), windows), [['windows/amd64'], ['sha256:c']]);
  });
  it('are none where nothing says', async () => {
    assert.deepEqual(await platforms(single(oci), { os: 'linux' }), [[], ['sha256:c']]);
    assert.deepEqual(await platforms(single(oci), 'no JSON'), [[], ['sha256:c']]);
  });
  it('are not asked for of what does not run', async () => {
    assert.deepEqual(await platforms(single('application/vnd.cncf.helm.config.v1+json')), [[], []]);
    assert.deepEqual(await platforms({ schemaVersion: 1, architecture: 'amd64' }), [[], []]);
  });
});
