import { message } from '../../core/message';
import { fargateUnits, memoriesFor } from '../../ecs/fargateSizes';
import type { TaskNeeds } from '../../ecs/taskNeeds';
import { failed, passed, type Check } from './check';

/** Whether Fargate has the size that a task definition asks for. */
export function checkSize({ cpu = '', memory = '', networkMode }: TaskNeeds, isFargate: boolean): Check[] {
  if (!isFargate) return [];
  if (networkMode !== 'awsvpc') {
    const cause = message('Fargate runs tasks in awsvpc mode only, not in {0}.', networkMode);
    return [failed('size', cause, message('Set networkMode to awsvpc.'))];
  }
  const memories = memoriesFor(Number(cpu));
  if (memories.length === 0) {
    const cause = message('Fargate has no size of {0} CPU units.', cpu);
    return [failed('size', cause, message('Take one of {0}.', fargateUnits.join(', ')))];
  }
  if (memories.includes(Number(memory))) return [passed('size', message('{0} CPU units, {1} MiB', cpu, memory))];
  const cause = message('Fargate does not have {0} MiB with {1} CPU units.', memory, cpu);
  return [failed('size', cause, message('Take one of {0}.', memories.join(', ')))];
}
