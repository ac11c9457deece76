import { message, type Message } from '../core/message';
import type { Listener, LoadBalancer, Rule } from './model';

/** Where a browser reaches something, or why it cannot. */
export type WayIn = { readonly address: string } | { readonly address: undefined; readonly reason: Message };

/** A listener with its rules; its default action has none. */
export interface ListenerRules {
  readonly listener: Listener;
  readonly rules: readonly Rule[];
}

/** One way to a target group: a listener's default action, or one of its rules. */
interface Candidate {
  readonly listener: Listener;
  readonly host: string | undefined;
  readonly path: string;
  /** What a request needs that a browser does not send by itself. */
  readonly demands: readonly string[];
}

/**
 * The address under which a load balancer leads to a target group: HTTPS before HTTP, the default action before a rule,
 * low ports before high ones; a rule's host and path are part of the address (ELBv2 DescribeRules, `Conditions`).
 */
export function balancedAddress(
  { name, dnsName }: LoadBalancer,
  listeners: readonly ListenerRules[],
  targetGroups: readonly string[],
): WayIn {
  const candidates = listeners
    .filter(({ listener }) => ['HTTPS', 'HTTP', 'TCP', 'TLS'].includes(listener.protocol))
    .flatMap((each) => candidatesOf(each, targetGroups));
  const open = candidates.filter(({ demands }) => demands.length === 0).sort(byPreference)[0];
  if (open) return { address: url(open.host ?? dnsName, open.listener.port, isSecure(open.listener), open.path) };
  const [demanding] = candidates;
  const reason = demanding
    ? message('“{0}” forwards to it only where {1}.', name, demanding.demands.join(', '))
    : message('No listener of “{0}” forwards to its target group.', name);
  return { address: undefined, reason };
}

function candidatesOf({ listener, rules }: ListenerRules, targetGroups: readonly string[]): Candidate[] {
  const leads = (groups: readonly string[]): boolean => groups.some((group) => targetGroups.includes(group));
  const plain = { listener, host: undefined, path: '/', demands: [] };
  return [
    ...(leads(listener.targetGroups) ? [plain] : []),
    ...rules.filter((rule) => leads(rule.targetGroups)).map((rule) => ofRule(listener, rule)),
  ];
}

function ofRule(listener: Listener, { conditions }: Rule): Candidate {
  const values = (field: string): string[] =>
    conditions.flatMap((text) => (text.startsWith(`${field}: `) ? text.slice(field.length + 2).split(', ') : []));
  const hosts = values('host-header');
  const [path] = values('path-pattern');
  const host = hosts.find((each) => !/[*?]/.test(each));
  const asked = conditions.filter((text) => !/^(host-header|path-pattern): /.test(text));
  // A name that only a pattern gives is one that nobody can know here.
  const named = host === undefined && hosts.length > 0 ? [`host-header: ${hosts.join(', ')}`] : [];
  return { listener, host, path: pathOf(path), demands: [...asked, ...named] };
}

/** `/api/*` → `/api/`: what a pattern says before its first wildcard. */
function pathOf(pattern = '/'): string {
  const fixed = pattern.replace(/[*?].*$/, '');
  return fixed.startsWith('/') ? fixed : '/';
}

function byPreference(a: Candidate, b: Candidate): number {
  return (
    Number(isSecure(b.listener)) - Number(isSecure(a.listener)) ||
    Number(a.host !== undefined) - Number(b.host !== undefined) ||
    a.path.length - b.path.length ||
    a.listener.port - b.listener.port
  );
}

function isSecure({ protocol, port }: Listener): boolean {
  return ['HTTPS', 'TLS'].includes(protocol) || (protocol === 'TCP' && port === 443);
}

export function url(host: string, port: number, secure = port === 443, path = '/'): string {
  const usual = secure ? 443 : 80;
  return `${secure ? 'https' : 'http'}://${host}${port === usual ? '' : `:${port}`}${path}`;
}
