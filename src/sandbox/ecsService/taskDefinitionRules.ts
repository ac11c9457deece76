import { clientException } from '../http/apiError';
import type { ContainerDefinition, TaskDefinition } from './types';

type Registered = TaskDefinition['registered'];

/** Memory in MiB that Fargate offers for each CPU size: from, to, step. */
const fargateSizes: Readonly<Record<string, readonly (readonly [from: number, to: number, step: number])[]>> = {
  256: [
    [512, 512, 512],
    [1024, 2048, 1024],
  ],
  512: [[1024, 4096, 1024]],
  1024: [[2048, 8192, 1024]],
  2048: [[4096, 16384, 1024]],
  4096: [[8192, 30720, 1024]],
  8192: [[16384, 61440, 4096]],
  16384: [[32768, 122880, 8192]],
};

/** The cross-field rules of RegisterTaskDefinition. @throws ApiError with AWS's words. */
export function checkTaskDefinition(registered: Registered): void {
  const { containerDefinitions: containers } = registered;
  for (const container of containers) checkContainer(container, registered);
  const names = containers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw clientException(`Container name "${twice}" is not unique.`);
  if (!containers.some(({ essential }) => essential ?? true)) {
    throw clientException('At least one container must be marked as essential.');
  }
  for (const { name, dependsOn } of containers) {
    checkConditions(name, dependsOn ?? [], containers);
    const unknown = dependsOn?.find(({ containerName }) => !names.includes(containerName) || containerName === name);
    if (unknown) throw clientException(`Container '${name}' depends on unknown container '${unknown.containerName}'.`);
  }
  if (containers.some(({ secrets }) => secrets?.length) && registered['executionRoleArn'] === undefined) {
    throw clientException(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  if (registered.requiresCompatibilities?.includes('FARGATE')) checkFargate(registered);
}

/** What may be waited for: only what is not essential can end, only what has a health check can be healthy. */
function checkConditions(
  name: string,
  dependsOn: NonNullable<ContainerDefinition['dependsOn']>,
  containers: readonly ContainerDefinition[],
): void {
  for (const { containerName, condition } of dependsOn) {
    const other = containers.find((container) => container.name === containerName);
    if (['COMPLETE', 'SUCCESS'].includes(condition) && other && (other.essential ?? true)) {
      throw clientException(
        `Container '${name}' has a dependency on essential container '${containerName}' with condition ${condition}.`,
      );
    }
    if (condition === 'HEALTHY' && other && !other.healthCheck) {
      throw clientException(
        `Container '${name}' depends on container '${containerName}' to be HEALTHY, which has no health check.`,
      );
    }
  }
}

function checkContainer(container: ContainerDefinition, registered: Registered): void {
  const { name, image, memory, memoryReservation } = container;
  if (!name) throw clientException('Container name should not be null or empty.');
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw clientException(`Invalid container name '${name}'.`);
  if (!image) throw clientException('Container.image should not be null or empty.');
  if (image.length > 255 || /\s/.test(image)) throw clientException('Container.image contains invalid characters.');
  if (memory === undefined && memoryReservation === undefined && registered.memory === undefined) {
    throw clientException(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (memory !== undefined && memory < 4) {
    throw clientException(`Invalid setting for container '${name}'. 'memory' must be at least 4 MiB.`);
  }
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation) {
    throw clientException(`Invalid setting for container '${name}'. 'memory' must be at least 'memoryReservation'.`);
  }
  checkPorts(container, registered.networkMode);
}

function checkPorts({ name, portMappings }: ContainerDefinition, networkMode: string | undefined): void {
  for (const { containerPort, hostPort } of portMappings ?? []) {
    if ([containerPort, hostPort].some((port) => port !== undefined && (port < 0 || port > 65535))) {
      throw clientException(`Invalid port in the port mappings of container '${name}': ports go up to 65535.`);
    }
    const own = networkMode === 'awsvpc' || networkMode === 'host';
    if (own && hostPort !== undefined && hostPort !== containerPort) {
      throw clientException(
        `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
      );
    }
  }
}

function checkFargate({ networkMode, cpu, memory }: Registered): void {
  if (networkMode !== 'awsvpc') throw clientException('Fargate only supports network mode ‘awsvpc’.');
  if (cpu === undefined) throw clientException("Fargate requires that 'cpu' be defined at the task level.");
  if (memory === undefined) throw clientException("Fargate requires that 'memory' be defined at the task level.");
  const ranges = fargateSizes[cpu];
  const wanted = Number(memory);
  const fits = ranges?.some(([from, to, step]) => wanted >= from && wanted <= to && (wanted - from) % step === 0);
  if (!fits) throw clientException('No Fargate configuration exists for given values.');
}

/** `0.25 vCPU` and `1 GB` are other ways to write 256 and 1024. */
export function sizeOf(text: string | undefined, unit: 'cpu' | 'memory'): string | undefined {
  if (text === undefined || /^\d+$/.test(text)) return text;
  const form = unit === 'cpu' ? /^\s*(\d*\.?\d+)\s*vcpus?\s*$/i : /^\s*(\d*\.?\d+)\s*gb\s*$/i;
  const amount = form.exec(text)?.[1];
  if (amount === undefined) throw clientException(`Invalid '${unit}' setting for task.`);
  return String(Math.round(Number(amount) * 1024));
}

/** The launch types that a revision can run on. */
export function compatibilitiesOf({ networkMode, cpu, memory }: Registered): string[] {
  const fargate = networkMode === 'awsvpc' && cpu !== undefined && memory !== undefined && cpu in fargateSizes;
  return fargate ? ['EC2', 'FARGATE'] : networkMode === 'awsvpc' ? ['EC2'] : ['EXTERNAL', 'EC2'];
}
