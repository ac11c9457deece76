import { Readable } from 'node:stream';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import type { Upload } from '../registry/blobStore';
import { type EcrContext, owner, repositoryNamed } from './context';

/** Every part but the last is at least this large, and the sandbox asks for parts of this size. In bytes. */
const partSize = 5 * 1024 * 1024;

interface Named {
  readonly repositoryName: string;
  readonly registryId?: string;
}

interface PartRequest extends Named {
  readonly uploadId: string;
  readonly partFirstByte: number;
  readonly partLastByte: number;
  /** Base64. */
  readonly layerPartBlob: string;
}

interface CompleteRequest extends Named {
  readonly uploadId: string;
  readonly layerDigests: readonly string[];
}

function uploadOf(context: EcrContext, { repositoryName, uploadId }: Named & { uploadId: string }): Upload {
  const upload = context.blobs.upload(uploadId, repositoryName);
  if (upload) return upload;
  const text = `The upload '${uploadId}' does not exist in the repository with name '${repositoryName}'`;
  throw new ApiError('UploadNotFoundException', `${text} in the registry with id '${context.place.account}'`);
}

/** Uploads whose last part was smaller than a part must be: nothing may follow it. */
const short = new WeakSet<Upload>();

async function part(context: EcrContext, request: PartRequest): Promise<unknown> {
  const repository = repositoryNamed(context, request);
  const upload = uploadOf(context, request);
  const bytes = Buffer.from(request.layerPartBlob, 'base64');
  const { partFirstByte: first, partLastByte: last } = request;
  if (upload.busy || first !== upload.size || last - first + 1 !== bytes.length) {
    const text = `Layer part [${first}, ${last}] is not the one that follows: ${upload.size} bytes were received`;
    const { registryId, repositoryName } = owner(context, repository);
    const members = { registryId, repositoryName, uploadId: upload.id, lastValidByteReceived: upload.size - 1 };
    throw new ApiError('InvalidLayerPartException', text, 400, members);
  }
  if (short.has(upload)) {
    throw new ApiError('InvalidParameterException', `Only the last part may be smaller than ${partSize} bytes`);
  }
  await context.blobs.append(upload, Readable.from([bytes]));
  if (bytes.length < partSize) short.add(upload);
  return { ...owner(context, repository), uploadId: upload.id, lastByteReceived: upload.size - 1 };
}

async function complete(context: EcrContext, request: CompleteRequest): Promise<unknown> {
  const repository = repositoryNamed(context, request);
  const upload = uploadOf(context, request);
  const [digest = ''] = request.layerDigests;
  if (upload.size === 0) throw new ApiError('EmptyUploadException', `The upload '${upload.id}' is empty`);
  if (repository.blobs.has(digest)) {
    await context.blobs.cancel(upload);
    throw new ApiError(
      'LayerAlreadyExistsException',
      `The layer with digest '${digest}' already exists in the repository`,
    );
  }
  if (!/^sha256:[0-9a-f]{64}$/.test(digest) || !(await context.blobs.finish(upload, digest))) {
    throw new ApiError('InvalidLayerException', `The layer does not have the digest '${digest}'`);
  }
  repository.blobs.set(digest, upload.size);
  return { ...owner(context, repository), uploadId: upload.id, layerDigest: digest };
}

/** Layers in parts by API, as clients without the registry's protocol push them. */
export function layerUploadOperations(context: EcrContext): Record<string, Operation> {
  return {
    InitiateLayerUpload: (input: Named) => {
      const { name } = repositoryNamed(context, input);
      return { uploadId: context.blobs.begin(name).id, partSize };
    },
    UploadLayerPart: (input: PartRequest) => part(context, input),
    CompleteLayerUpload: (input: CompleteRequest) => complete(context, input),
  };
}
