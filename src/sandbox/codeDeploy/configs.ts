import { ApiError } from '../http/apiError';

/** How the traffic moves: percent, and the minutes for which it stays at that. */
interface Shift {
  readonly percent: number;
  readonly minutes: number;
}

function linear(minutes: number): Shift[] {
  return Array.from({ length: 10 }, (_, step) => ({ percent: 10 * (step + 1), minutes: step < 9 ? minutes : 0 }));
}

function canary(minutes: number): Shift[] {
  return [
    { percent: 10, minutes },
    { percent: 100, minutes: 0 },
  ];
}

export const allAtOnce = 'CodeDeployDefault.ECSAllAtOnce';

/** AWS's own deployment configurations for ECS; there are no others in the sandbox. */
const configs: Readonly<Record<string, readonly Shift[]>> = {
  [allAtOnce]: [{ percent: 100, minutes: 0 }],
  'CodeDeployDefault.ECSLinear10PercentEvery1Minutes': linear(1),
  'CodeDeployDefault.ECSLinear10PercentEvery3Minutes': linear(3),
  'CodeDeployDefault.ECSCanary10Percent5Minutes': canary(5),
  'CodeDeployDefault.ECSCanary10Percent15Minutes': canary(15),
};

/** @throws ApiError when there is no such deployment configuration */
export function shiftsOf(config: string): readonly Shift[] {
  const found = configs[config];
  if (found) return found;
  throw new ApiError('DeploymentConfigDoesNotExistException', `No Deployment Configuration found for name: ${config}`);
}
