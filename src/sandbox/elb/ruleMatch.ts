import type { IncomingMessage } from 'node:http';
import { wildcard } from '../wildcard';
import type { Json, Listener } from './types';

/** The actions of the first rule whose conditions all hold, else the listener's default ones. */
export function actionsFor(listener: Listener, request: IncomingMessage): readonly Json[] {
  const rules = [...listener.rules].sort((a, b) => a.priority - b.priority);
  const rule = rules.find(({ conditions }) => conditions.every((condition) => holds(condition, request)));
  return rule?.actions ?? listener.actions;
}

type Values = { readonly Values?: readonly string[]; readonly HttpHeaderName?: string } | undefined;

function holds(condition: Json, request: IncomingMessage): boolean {
  const values = (name: string): readonly string[] =>
    (condition[name] as Values)?.Values ?? (condition['Values'] as readonly string[] | undefined) ?? [];
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  switch (condition['Field']) {
    case 'path-pattern':
      return values('PathPatternConfig').some((pattern) => wildcard(pattern, path, false));
    case 'host-header': {
      const host = (request.headers.host ?? '').replace(/:\d+$/, '');
      return values('HostHeaderConfig').some((pattern) => wildcard(pattern, host, true));
    }
    case 'http-request-method':
      return values('HttpRequestMethodConfig').includes(request.method ?? '');
    case 'http-header': {
      const name = (condition['HttpHeaderConfig'] as Values)?.HttpHeaderName ?? '';
      const given = [request.headers[name.toLowerCase()] ?? []].flat();
      return values('HttpHeaderConfig').some((pattern) => given.some((value) => wildcard(pattern, value, true)));
    }
    case 'query-string': {
      const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
      const config = condition['QueryStringConfig'] as { Values?: readonly { Key?: string; Value?: string }[] };
      return (config.Values ?? []).some(({ Key, Value = '' }) =>
        [...query].some(([key, value]) => (Key === undefined || key === Key) && wildcard(Value, value, true)),
      );
    }
    case 'source-ip':
      return values('SourceIpConfig').some((range) => ['0.0.0.0/0', '127.0.0.0/8', '127.0.0.1/32'].includes(range));
    default:
      return false;
  }
}
