import type { ResourceType } from './handling';
import { ecrTypes } from './resources/ecr';
import { ecsTypes } from './resources/ecs';
import { ecsServiceTypes } from './resources/ecsServices';
import { elbTypes } from './resources/elb';
import { iamTypes } from './resources/iam';
import { logTypes } from './resources/logs';
import { scalingTypes } from './resources/scaling';
import { securityGroupTypes } from './resources/securityGroups';

/** Every type of resource that a stack of the sandbox can have. */
const types: Readonly<Record<string, ResourceType>> = {
  ...ecrTypes,
  ...ecsTypes,
  ...ecsServiceTypes,
  ...logTypes,
  ...iamTypes,
  ...securityGroupTypes,
  ...elbTypes,
  ...scalingTypes,
};

/** @throws Error for a type that a template cannot have got this far with */
export function resourceType(name: string): ResourceType {
  const found = types[name];
  if (found) return found;
  throw new Error(`${name} is not a type of the sandbox.`);
}
