import type { LaunchType } from '../ecsService/types';
import { type ImageResolver, platformOf } from './imageResolver';
import type { ContainerLaunch, TaskLaunch } from './runtime';

/**
 * Why an image of the sandbox's own registry cannot be pulled, in the words of Fargate or of the agent on EC2.
 * A single-platform image is refused by Fargate only: on EC2 it is pulled and fails when its program starts.
 */
export function pullError(images: ImageResolver, launch: TaskLaunch, container: ContainerLaunch): string | undefined {
  const { definition, digest } = container;
  const { launchType, taskDefinition } = launch.task;
  const found = images.resolve(definition.image, digest);
  if (found.kind === 'elsewhere') return undefined;
  const { image } = definition;
  if (found.kind === 'missing') return missingText(launchType, image, digest, found.repositoryExists);
  const platform = platformOf(
    taskDefinition.registered.runtimePlatform?.cpuArchitecture ?? hostArchitecture(launchType),
  );
  const { index, platforms } = images.platforms(found.own, found.image);
  if (platforms.length === 0 || platforms.includes(platform)) return undefined;
  if (!index && launchType !== 'FARGATE') return undefined;
  return (
    'CannotPullContainerError: pull image manifest has been retried 1 time(s): image Manifest does not contain ' +
    `descriptor matching platform '${platform}'`
  );
}

/** Fargate runs X86_64 unless told otherwise; an instance is what it is. */
function hostArchitecture(launchType: LaunchType): string {
  return launchType === 'EC2' && process.arch === 'arm64' ? 'ARM64' : 'X86_64';
}

function missingText(
  launchType: LaunchType,
  image: string,
  digest: string | undefined,
  repositoryExists: boolean,
): string {
  const pinned = digest === undefined ? image : `${image.replace(/(@sha256:[0-9a-f]+|:[^:/]+)$/, '')}@${digest}`;
  if (!repositoryExists) {
    const host = image.split('/')[0] ?? '';
    const name = image.slice(host.length + 1).replace(/[:@].*$/, '');
    const text = `name unknown: The repository with name '${name}' does not exist in the registry with id '000000000000'`;
    return launchType === 'FARGATE'
      ? `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${pinned}: ${pinned}: not found`
      : `CannotPullContainerError: Error response from daemon: ${text}`;
  }
  return launchType === 'FARGATE'
    ? `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${pinned}: ${pinned}: not found`
    : `CannotPullContainerError: Error response from daemon: manifest for ${pinned} not found: manifest unknown: Requested image not found`;
}
