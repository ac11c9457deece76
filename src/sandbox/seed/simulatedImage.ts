import { gzipSync } from 'node:zlib';
import { ociManifest, sha256 } from '../ecrService/manifest';
import { putImage } from '../ecrService/putImage';
import type { Repository } from '../ecrService/repository';
import type { BlobStore } from '../registry/blobStore';

/** What goes into a minimal image: one file, and what the config says about it. */
export interface ImageContent {
  readonly file: string;
  readonly text: string;
  readonly exposedPorts: readonly number[];
  readonly command: readonly string[];
  readonly tag: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Puts a valid OCI image of one tiny layer straight into a repository, where no engine can push one. */
export async function putMinimalImage(
  repository: Repository,
  blobs: BlobStore,
  content: ImageContent,
): Promise<string> {
  const layer = tarOf(content.file, content.text);
  const compressed = gzipSync(layer);
  const created = new Date(content.at).toISOString();
  const config = Buffer.from(
    JSON.stringify({
      created,
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: {
        ExposedPorts: Object.fromEntries(content.exposedPorts.map((port) => [`${port}/tcp`, {}])),
        Cmd: content.command,
      },
      rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
      history: [{ created, created_by: `COPY ${content.file} /` }],
    }),
  );
  const descriptor = async (mediaType: string, bytes: Buffer): Promise<unknown> => {
    const digest = await blobs.put(bytes);
    repository.blobs.set(digest, bytes.length);
    return { mediaType, digest, size: bytes.length };
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: await descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [await descriptor('application/vnd.oci.image.layer.v1.tar+gzip', compressed)],
  };
  return putImage(repository, { text: JSON.stringify(manifest), tag: content.tag, at: content.at }).image.digest;
}

/** A tar archive of one file: a header block, the text, and the two empty blocks that end it. */
function tarOf(name: string, text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(512);
  const field = (value: string, offset: number): number => header.write(value, offset, 'latin1');
  field(name, 0);
  field('0000644\0', 100);
  field('0000000\0', 108);
  field('0000000\0', 116);
  field(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  field('00000000000\0', 136);
  field('        ', 148);
  field('0', 156);
  field('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  field(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
  return Buffer.concat([header, body, padding, Buffer.alloc(1024)]);
}
