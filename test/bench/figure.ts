/** One thing that was measured, once or several times. No value at all means that it was not measured. */
export interface Figure {
  readonly name: string;
  readonly unit: 'KB' | 'MiB' | 'ms' | 'calls' | 'questions' | '×';
  readonly values: readonly number[];
  /** What we want it to be at most. */
  readonly aim?: number;
  /** The same on every machine, so that missing the aim is a failure and not bad luck. */
  readonly exact?: boolean;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** How the figure stands to its aim. */
export function standing(figure: Figure): 'not measured' | 'met' | 'missed' | '' {
  if (figure.values.length === 0) return 'not measured';
  if (figure.aim === undefined) return '';
  return median(figure.values) <= figure.aim ? 'met' : 'missed';
}
