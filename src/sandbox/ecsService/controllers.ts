import { invalidParameter } from '../http/apiError';
import type { ServiceRequest } from './serviceRules';

const codeDeployRefusals: readonly (readonly [keyof ServiceRequest, string])[] = [
  ['taskDefinition', 'task definition'],
  ['networkConfiguration', 'network parameters'],
  ['platformVersion', 'platform version'],
  ['loadBalancers', 'load balancers'],
  ['capacityProviderStrategy', 'capacity provider strategy'],
];

/** Members that belong to task sets where an external controller deploys. */
const ofTaskSets = [
  'taskDefinition',
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'loadBalancers',
  'serviceRegistries',
] as const;

/** What UpdateService leaves to CodeDeploy or to an external controller. @throws ApiError */
export function checkControllerUpdate(controller: string, request: ServiceRequest): void {
  if (controller === 'CODE_DEPLOY') {
    const refused = codeDeployRefusals.find(([member]) => request[member] !== undefined);
    if (!refused) return;
    throw invalidParameter(
      `Unable to update ${refused[1]} on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.`,
    );
  }
  if (controller !== 'EXTERNAL') return;
  const refused = ofTaskSets.find((member) => request[member] !== undefined);
  if (refused === undefined) return;
  throw invalidParameter(
    `Unable to update ${refused} on services with an EXTERNAL deployment controller. Use CreateTaskSet instead.`,
  );
}

/** A service of an external controller begins without anything that its task sets say. @throws ApiError */
export function checkExternalCreate(request: ServiceRequest): void {
  const refused = ofTaskSets
    .filter((member) => member !== 'launchType')
    .find((member) => request[member] !== undefined);
  if (refused !== undefined) {
    throw invalidParameter(`${refused} must not be specified for services with an EXTERNAL deployment controller.`);
  }
  if (request.schedulingStrategy === 'DAEMON') {
    throw invalidParameter('The daemon scheduling strategy does not support the EXTERNAL deployment controller.');
  }
}
