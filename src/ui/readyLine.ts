import type { Connections } from './connections';

/** What the sandbox prints when it is ready. */
export interface ReadyLine {
  readonly endpoint: string;
  readonly region: string;
  readonly runtime: 'engine' | 'simulated';
  readonly engine: string | null;
}

/** Reads the sandbox's announcement; undefined when it is none. */
export function parseReadyLine(line: string): ReadyLine | undefined {
  try {
    const value = JSON.parse(line) as Partial<ReadyLine> | null;
    if (typeof value?.endpoint !== 'string' || typeof value.region !== 'string') return undefined;
    const { endpoint, region, runtime = 'simulated', engine = null } = value;
    return { endpoint, region, runtime, engine };
  } catch {
    return undefined;
  }
}

/** Takes over a sandbox that somebody else started and announced in the environment. */
export async function adoptSandbox(announcement: string | undefined, connections: Connections): Promise<void> {
  const ready = parseReadyLine(announcement ?? '');
  if (ready) await connections.setSandbox({ endpoint: ready.endpoint, region: ready.region, sandbox: true }, false);
}
