import type { NetworkBinding } from '../ecsService/types';

/** The parts of `docker inspect` that matter here; podman's are the same. */
export interface Inspected {
  readonly Id: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error?: string;
    readonly Health?: { readonly Status: string } | null;
  };
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string }>> | null;
    readonly Ports?: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    > | null;
  };
}

export function parseInspect(stdout: string): Inspected | undefined {
  try {
    return (JSON.parse(stdout) as Inspected[])[0];
  } catch {
    return undefined;
  }
}

/** Published ports, as the engine chose them. */
export function bindingsOf(inspected: Inspected | undefined): NetworkBinding[] {
  return Object.entries(inspected?.NetworkSettings?.Ports ?? {}).flatMap(([key, published]) => {
    const [port, protocol] = key.split('/');
    const [first] = published ?? [];
    if (!first) return [];
    const binding = { bindIP: '127.0.0.1', containerPort: Number(port), hostPort: Number(first.HostPort) };
    return [{ ...binding, protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const) }];
  });
}

export function healthOf({ State }: Inspected): 'HEALTHY' | 'UNHEALTHY' | undefined {
  if (State.Health?.Status === 'healthy') return 'HEALTHY';
  return State.Health?.Status === 'unhealthy' ? 'UNHEALTHY' : undefined;
}

export function hasEnded({ State }: Inspected): boolean {
  return State.Status === 'exited' || State.Status === 'dead' || State.Status === 'stopped';
}

/** Docker's event has `id`, podman's `ID`; what happened is then looked up, so that both are read alike. */
export function eventContainer(line: string): string | undefined {
  try {
    const event = JSON.parse(line) as { id?: string; ID?: string; Actor?: { ID?: string } };
    return event.id ?? event.ID ?? event.Actor?.ID;
  } catch {
    return undefined;
  }
}

/** What the engine said, in one line, without the usage hint that its command line adds. */
export function engineMessage(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const useful = lines.filter((line) => line !== '' && !line.startsWith("See 'docker") && !/^Run '.*--help/.test(line));
  return (useful.at(-1) ?? '').replace(/^docker: /, '').replace(/^Error: /, '');
}
