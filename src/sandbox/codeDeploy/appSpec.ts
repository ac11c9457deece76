import { createHash } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Json } from '../ecsService/types';
import type { AppSpec } from './types';

export interface RevisionLocation {
  readonly revisionType?: string;
  readonly appSpecContent?: { readonly content?: string; readonly sha256?: string };
}

const invalid = (text: string): ApiError => new ApiError('InvalidRevisionException', text);

/**
 * The text of an AppSpec and what it says. AWS takes YAML too, and files in S3; the sandbox reads JSON that comes with
 * the request.
 * @throws ApiError
 */
export function readRevision(location: RevisionLocation | undefined): { text: string; appSpec: AppSpec } {
  if (!location) throw new ApiError('RevisionRequiredException', 'Revision cannot be null.');
  const { revisionType, appSpecContent: { content, sha256 } = {} } = location;
  if (revisionType !== 'AppSpecContent' || content === undefined) {
    throw invalid('The sandbox takes revisions of the type AppSpecContent only.');
  }
  if (sha256 !== undefined && sha256 !== createHash('sha256').update(content).digest('hex')) {
    throw invalid('The sha256 of the AppSpec content does not match.');
  }
  return { text: content, appSpec: readAppSpec(content) };
}

function readAppSpec(content: string): AppSpec {
  const { Resources: resources } = parse(content);
  if (!Array.isArray(resources) || resources.length !== 1) {
    throw invalid('An AppSpec for ECS must have exactly one resource.');
  }
  const service = (resources[0] as { TargetService?: { Type?: unknown; Properties?: Json } }).TargetService;
  if (service?.Type !== 'AWS::ECS::Service') throw invalid('The type of the resource must be AWS::ECS::Service.');
  const { TaskDefinition: taskDefinition, LoadBalancerInfo: balancer } = service.Properties ?? {};
  const { ContainerName: container, ContainerPort: port } = (balancer ?? {}) as Json;
  if (typeof taskDefinition !== 'string') throw invalid('The AppSpec names no TaskDefinition.');
  if (typeof container !== 'string' || !Number.isInteger(Number(port))) {
    throw invalid('LoadBalancerInfo of the AppSpec needs ContainerName and ContainerPort.');
  }
  return { taskDefinition, container, port: Number(port), settings: settingsOf(service.Properties ?? {}) };
}

function parse(content: string): { Resources?: unknown } {
  try {
    const parsed = JSON.parse(content) as unknown;
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Said below.
  }
  throw invalid('The AppSpec is no JSON, and the sandbox reads no YAML.');
}

/** What a deployment may change besides, by ECS's own names, which begin in small letters. */
function settingsOf({ PlatformVersion, NetworkConfiguration, CapacityProviderStrategy }: Json): Json {
  return {
    ...(PlatformVersion === undefined ? {} : { platformVersion: PlatformVersion }),
    ...(NetworkConfiguration === undefined ? {} : { networkConfiguration: smallLetters(NetworkConfiguration) }),
    ...(CapacityProviderStrategy === undefined
      ? {}
      : { capacityProviderStrategy: smallLetters(CapacityProviderStrategy), launchType: undefined }),
  };
}

function smallLetters(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(smallLetters);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), smallLetters(member)]),
  );
}
