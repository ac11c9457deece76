import { isCancelled } from '../core/errors';
import { parseImageReference, sameRepository } from '../core/imageRef';
import type { EcrGateway } from '../ecr/gateway';
import type { LocalImage } from '../engine/engine';
import type { Plan } from './plan';

/**
 * The digest under which the registry has exactly what was built, with the plan's tag on it: then there is nothing to
 * push. At most three calls: DescribeImages, BatchGetImage, and PutImage for a tag that is not on it yet.
 * @returns undefined when it has to be pushed, also where the registry may not be asked
 */
export async function pushedBefore(
  ecr: EcrGateway,
  { repository, image }: Plan,
  built: LocalImage,
  signal: AbortSignal,
): Promise<string | undefined> {
  const digests = built.repositoryDigests.flatMap((text) => {
    const reference = parseImageReference(text);
    return reference?.digest && sameRepository(reference, image) ? [reference.digest] : [];
  });
  if (digests.length === 0 || !image.tag) return undefined;
  try {
    const tagged = await ecr.findImage(repository.name, image.tag, signal);
    if (tagged && digests.includes(tagged.digest)) return tagged.digest;
    const [manifest] = await ecr.getManifests(repository.name, digests, signal);
    if (!manifest) return undefined;
    await ecr.putTag(repository.name, manifest, image.tag, signal);
    return manifest.digest;
  } catch (error) {
    if (isCancelled(error)) throw error;
    return undefined;
  }
}
