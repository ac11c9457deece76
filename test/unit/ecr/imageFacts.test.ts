import assert from 'node:assert/strict';
import { readImageFacts } from '../../../src/ecr/imageFacts';

const never = new AbortController().signal;
const mediaType = 'application/vnd.oci.image.config.v1+json';

describe('what an image says about itself', () => {
  /** A repository of manifests and configurations by their digests. */
  function facts(manifests: Readonly<Record<string, object>>, configs: Readonly<Record<string, object>>) {
    const getManifests = (_: string, digests: readonly string[]) =>
      Promise.resolve(
        digests.flatMap((digest) =>
          manifests[digest] ? [{ digest, text: JSON.stringify(manifests[digest]), mediaType: undefined }] : [],
        ),
      );
    const readBlob = (_: string, digest: string): Promise<string> => Promise.resolve(JSON.stringify(configs[digest]));
    return readImageFacts({ getManifests, readBlob }, 'web', 'top', never);
  }
  const config = { os: 'linux', architecture: 'amd64', config: { ExposedPorts: { '8080/tcp': {}, '53/udp': {} } } };
  const single = { config: { mediaType, digest: 'c' } };

  it('is its platform, and the ports that it exposes for TCP', async () => {
    assert.deepEqual(await facts({ top: single }, { c: config }), { platforms: ['linux/amd64'], ports: [8080] });
  });
  it('is every platform of an index, with the ports of the first', async () => {
    const entry = (digest: string, architecture: string): object => ({
      ...{ digest, platform: { os: 'linux', architecture } },
    });
    const attestation = {
      ...{ digest: 'x', platform: { os: 'unknown', architecture: 'unknown' } },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': 'a',
      },
    };
    const top = { manifests: [attestation, entry('a', 'amd64'), entry('b', 'arm64')] };
    assert.deepEqual(await facts({ top, a: single }, { c: config }), {
      ...{ platforms: ['linux/amd64', 'linux/arm64'], ports: [8080] },
    });
  });
  it('is nothing where nothing is said', async () => {
    assert.deepEqual(await facts({}, {}), { platforms: [], ports: [] });
    assert.deepEqual(await facts({ top: single }, { c: { config: { ExposedPorts: null } } }), {
      ...{ platforms: [], ports: [] },
    });
  });
});
