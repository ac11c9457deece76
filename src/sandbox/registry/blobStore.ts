import { type Hash, createHash, randomUUID } from 'node:crypto';
import { type ReadStream, createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** An upload that has not been finished. */
export interface Upload {
  readonly id: string;
  readonly repository: string;
  readonly file: string;
  readonly hash: Hash;
  /** Bytes received so far. */
  size: number;
  /** True while a request writes to it: two at once would mix their bytes. */
  busy: boolean;
}

/** Layers and configs as files named by their digest. Uploads are streamed and hashed on the way. */
export class BlobStore {
  readonly #folder: string;
  readonly #uploads = new Map<string, Upload>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<BlobStore> {
    // What was being uploaded when the last process ended cannot be continued: its hash is gone.
    await rm(path.join(folder, 'uploads'), { recursive: true, force: true });
    await mkdir(path.join(folder, 'uploads'), { recursive: true, mode: 0o700 });
    await mkdir(path.join(folder, 'sha256'), { recursive: true, mode: 0o700 });
    return new BlobStore(folder);
  }

  begin(repository: string): Upload {
    const id = randomUUID();
    const file = path.join(this.#folder, 'uploads', id);
    const upload = { id, repository, file, hash: createHash('sha256'), size: 0, busy: false };
    this.#uploads.set(id, upload);
    return upload;
  }

  upload(id: string, repository: string): Upload | undefined {
    const upload = this.#uploads.get(id);
    return upload?.repository === repository ? upload : undefined;
  }

  /** Appends a request body. A body that breaks off leaves the upload unusable, as its hash has moved on. */
  async append(upload: Upload, body: Readable): Promise<void> {
    upload.busy = true;
    try {
      const measure = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          upload.hash.update(chunk);
          upload.size += chunk.length;
          done(null, chunk);
        },
      });
      await pipeline(body, measure, createWriteStream(upload.file, { flags: 'a', mode: 0o600 }));
    } catch (error) {
      await this.cancel(upload);
      throw error;
    } finally {
      upload.busy = false;
    }
  }

  async cancel(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.id);
    await rm(upload.file, { force: true });
  }

  /** Puts a finished upload in its place. @returns false when the digest is not that of the bytes. */
  async finish(upload: Upload, digest: string): Promise<boolean> {
    this.#uploads.delete(upload.id);
    const matches = `sha256:${upload.hash.digest('hex')}` === digest;
    if (!matches) {
      await rm(upload.file, { force: true });
      return false;
    }
    // A blob without bytes has never been written to.
    await (await open(upload.file, 'a', 0o600)).close();
    await rename(upload.file, this.#path(digest));
    return true;
  }

  /** Stores bytes that were made here. @returns their digest. */
  async put(bytes: Buffer): Promise<string> {
    const upload = this.begin('');
    await this.append(upload, Readable.from([bytes]));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    await this.finish(upload, digest);
    return digest;
  }

  read(digest: string, range?: { start: number; end: number }): ReadStream {
    return createReadStream(this.#path(digest), range);
  }

  /** The whole of a small blob, such as an image's config. */
  bytes(digest: string): Buffer {
    return readFileSync(this.#path(digest));
  }

  async remove(digest: string): Promise<void> {
    await rm(this.#path(digest), { force: true });
  }

  #path(digest: string): string {
    return path.join(this.#folder, 'sha256', digest.slice('sha256:'.length));
  }
}
