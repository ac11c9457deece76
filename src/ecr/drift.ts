import { parseImageReference } from '../core/imageRef';
import type { Task } from '../ecs/model';

/** Finds the digest that a tag of a repository points at now; undefined when there is no such tag. */
export type DigestOf = (repository: string, tag: string) => Promise<string | undefined>;

/**
 * The images of containers that run another digest than their tag points at now: the next task would run something
 * else. Images by digest alone, and images of other registries, say nothing. One question for each image.
 * @param isOurs whether a registry host is that of the connection
 * @returns image as written in the task definition
 */
export async function movedTags(
  tasks: readonly Task[],
  isOurs: (host: string) => boolean,
  digestOf: DigestOf,
): Promise<ReadonlySet<string>> {
  const running = new Map<string, Set<string>>();
  for (const { image, imageDigest } of tasks.flatMap(({ containers }) => containers)) {
    if (imageDigest) running.set(image, (running.get(image) ?? new Set()).add(imageDigest));
  }
  const moved = new Set<string>();
  for (const [image, digests] of running) {
    const reference = parseImageReference(image);
    if (!reference?.tag || reference.digest || !reference.host || !isOurs(reference.host)) continue;
    const now = await digestOf(reference.repository, reference.tag);
    if (now && [...digests].some((digest) => digest !== now)) moved.add(image);
  }
  return moved;
}
