import { message } from '../../core/message';
import type { TaskNeeds } from '../../ecs/taskNeeds';
import { failed, passed, type Check } from './check';

/** From, to and step, in MiB. */
const spans: Readonly<Record<string, readonly [number, number, number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

/** The CPU units that Fargate has. */
const units = ['256', ...Object.keys(spans)];

/** MiB that Fargate has with so many CPU units (Amazon ECS Developer Guide, "Fargate task size"). */
export function memoriesFor(cpu: string): number[] {
  if (cpu === '256') return [512, 1024, 2048];
  const [from, to, step] = spans[cpu] ?? [0, -1, 1];
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** Whether Fargate has the size that a task definition asks for. */
export function checkSize({ cpu = '', memory = '', networkMode }: TaskNeeds, isFargate: boolean): Check[] {
  if (!isFargate) return [];
  if (networkMode !== 'awsvpc') {
    const cause = message('Fargate runs tasks in awsvpc mode only, not in {0}.', networkMode);
    return [failed('size', cause, message('Set networkMode to awsvpc.'))];
  }
  const memories = memoriesFor(cpu);
  if (memories.length === 0) {
    const cause = message('Fargate has no size of {0} CPU units.', cpu);
    return [failed('size', cause, message('Take one of {0}.', units.join(', ')))];
  }
  if (memories.includes(Number(memory))) return [passed('size', message('{0} CPU units, {1} MiB', cpu, memory))];
  const cause = message('Fargate does not have {0} MiB with {1} CPU units.', memory, cpu);
  return [failed('size', cause, message('Take one of {0}.', memories.join(', ')))];
}
