import type { Image } from '../../../src/ecr/model';

/** A digest from one letter. */
export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** An image whose digest is made of one letter. */
export function image(letter: string, more: Partial<Image> = {}): Image {
  return {
    ...{ digest: digest(letter), tags: [], size: 10, pushedAt: 1, pulledAt: undefined, subject: undefined },
    ...{
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: undefined,
      scan: undefined,
      status: undefined,
    },
    ...more,
  };
}

/** An index over nothing; what it holds is told apart. */
export const index = (letter: string, more: Partial<Image> = {}): Image =>
  image(letter, { mediaType: 'application/vnd.oci.image.index.v1+json', ...more });
