import { ApiError } from '../http/apiError';

export type Attributes = readonly { readonly Key?: string; readonly Value?: string }[];

type Check = (value: string) => boolean;

const flag: Check = (value) => value === 'true' || value === 'false';
const among =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value);
const between =
  (min: number, max: number): Check =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
const anything: Check = () => true;

interface Known {
  readonly initial: string;
  readonly check: Check;
  /** Shown only where it was set to something else: an answer holds 20 attributes at most. */
  readonly onceSet?: true;
}

/** Attributes of target groups that the sandbox carries out, or that change nothing on one machine. */
export const groupAttributes: Readonly<Record<string, Known>> = {
  'deregistration_delay.timeout_seconds': { initial: '300', check: between(0, 3600) },
  'stickiness.enabled': { initial: 'false', check: flag },
  'stickiness.type': { initial: 'lb_cookie', check: among('lb_cookie') },
  'stickiness.lb_cookie.duration_seconds': { initial: '86400', check: between(1, 604_800) },
  'load_balancing.algorithm.type': { initial: 'round_robin', check: among('round_robin') },
  'load_balancing.cross_zone.enabled': {
    initial: 'use_load_balancer_configuration',
    check: among('true', 'false', 'use_load_balancer_configuration'),
  },
  'slow_start.duration_seconds': { initial: '0', check: among('0') },
};

/** Logs go to S3, which the sandbox does not have. */
function logs(kind: string, about: Pick<Known, 'onceSet'> = {}): Readonly<Record<string, Known>> {
  return {
    [`${kind}.s3.enabled`]: { initial: 'false', check: among('false'), ...about },
    [`${kind}.s3.bucket`]: { initial: '', check: anything, ...about },
    [`${kind}.s3.prefix`]: { initial: '', check: anything, ...about },
  };
}

/** Attributes of load balancers: kept and shown. Only the deletion protection is carried out. */
export const balancerAttributes: Readonly<Record<string, Known>> = {
  'deletion_protection.enabled': { initial: 'false', check: flag },
  ...logs('access_logs'),
  ...logs('connection_logs'),
  ...logs('health_check_logs', { onceSet: true }),
  'ipv6.deny_all_igw_traffic': { initial: 'false', check: flag },
  'idle_timeout.timeout_seconds': { initial: '60', check: between(1, 4000) },
  'client_keep_alive.seconds': { initial: '3600', check: between(60, 604_800) },
  'routing.http2.enabled': { initial: 'true', check: flag },
  'routing.http.drop_invalid_header_fields.enabled': { initial: 'false', check: flag },
  'routing.http.preserve_host_header.enabled': { initial: 'false', check: flag },
  'routing.http.xff_header_processing.mode': { initial: 'append', check: among('append', 'preserve', 'remove') },
  'routing.http.desync_mitigation_mode': { initial: 'defensive', check: among('defensive', 'strictest', 'monitor') },
  'routing.http.xff_client_port.enabled': { initial: 'false', check: flag },
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': { initial: 'false', check: flag },
  'zonal_shift.config.enabled': { initial: 'false', check: flag },
  'waf.fail_open.enabled': { initial: 'false', check: flag },
  'load_balancing.cross_zone.enabled': { initial: 'true', check: flag },
};

/** Attributes of listeners: the idle timeout of TCP, and whether answers name their server. */
export function listenerAttributes({ protocol }: { readonly protocol: string }): Readonly<Record<string, Known>> {
  if (protocol === 'TCP') return { 'tcp.idle_timeout.seconds': { initial: '350', check: between(60, 6000) } };
  return protocol === 'TLS' ? {} : { 'routing.http.response.server.enabled': { initial: 'true', check: flag } };
}

/** What is set, over what AWS begins with. */
export function describeAttributes(known: Readonly<Record<string, Known>>, set: ReadonlyMap<string, string>): unknown {
  const Attributes = Object.entries(known).flatMap(([Key, { initial, onceSet }]) => {
    const Value = set.get(Key) ?? initial;
    return onceSet && Value === initial ? [] : [{ Key, Value }];
  });
  return { Attributes };
}

/** Sets all or none. @throws ApiError for an attribute or a value that the sandbox does not have. */
export function setAttributes(
  known: Readonly<Record<string, Known>>,
  set: Map<string, string>,
  wanted: Attributes,
): void {
  for (const { Key: key = '', Value: value = '' } of wanted) {
    const attribute = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!attribute)
      throw new ApiError('InvalidConfigurationRequestException', `Attribute '${key}' is not in the sandbox`);
    if (!attribute.check(value)) {
      throw new ApiError(
        'InvalidConfigurationRequestException',
        `'${value}' is not a value of '${key}' in the sandbox`,
      );
    }
  }
  for (const { Key = '', Value = '' } of wanted) set.set(Key, Value);
}
