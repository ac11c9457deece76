import * as v from 'valibot';
import { sameSpec, type ConnectionSpec } from '../../core/connection';
import type { NetworkSubject } from '../../deploy/networkLook';
import type { Connections, Session } from '../../ui/connections';

/** A place as plain data, which outlives the window. */
export interface KeptPlace {
  readonly spec: ConnectionSpec;
  readonly subject: NetworkSubject;
}

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const kept = v.object({
  spec: v.object({
    profile: v.optional(name),
    region: v.optional(name),
    endpoint: v.optional(name),
    sandbox: v.optional(v.literal(true)),
  }),
  subject: v.variant('kind', [
    v.object({ kind: v.literal('service'), cluster: name, service: name }),
    v.object({ kind: v.literal('task'), cluster: name, task: name }),
  ]),
});

/** What VS Code kept of a panel, if it is what was given to it. */
export function parseKept(value: unknown): KeptPlace | undefined {
  const parsed = v.safeParse(kept, value);
  return parsed.success ? (parsed.output as KeptPlace) : undefined;
}

/** The connection as it is open now. A sandbox that was started again is the same account at another address. */
export function sessionOf(connections: Connections, spec: ConnectionSpec): Session | undefined {
  const { sessions } = connections;
  if (spec.sandbox) return sessions.find((session) => session.spec.sandbox);
  return sessions.find((session) => sameSpec(session.spec, spec));
}
