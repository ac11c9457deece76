/** From, to and step, in MiB. */
const spans: Readonly<Record<number, readonly [number, number, number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16_384: [32_768, 122_880, 8192],
};

/** The CPU units that Fargate has. */
export const fargateUnits: readonly number[] = [256, ...Object.keys(spans).map(Number)];

/** MiB that Fargate has with so many CPU units (Amazon ECS Developer Guide, "Fargate task size"); none for others. */
export function memoriesFor(cpu: number): number[] {
  if (cpu === 256) return [512, 1024, 2048];
  const [from, to, step] = spans[cpu] ?? [0, -1, 1];
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}
