import type { SecureVersion } from 'node:tls';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { elbPage } from './context';

/** The policy of a listener that names none. */
export const defaultPolicy = 'ELBSecurityPolicy-2016-08';

const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

const modern = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const forward = [
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
];
const blocks = [
  ...['ECDHE-ECDSA-AES128-SHA256', 'ECDHE-RSA-AES128-SHA256'],
  ...['ECDHE-ECDSA-AES256-SHA384', 'ECDHE-RSA-AES256-SHA384'],
];
const plain = ['AES128-GCM-SHA256', 'AES128-SHA256', 'AES256-GCM-SHA384', 'AES256-SHA256'];
const old = [
  ...['ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES256-SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ...['AES128-SHA', 'AES256-SHA'],
];

interface Policy {
  /** The oldest and the newest version of TLS. */
  readonly from: SecureVersion;
  readonly to: SecureVersion;
  readonly ciphers: readonly string[];
}

/** Some of AWS's predefined policies, with what they let through. */
const policies: Readonly<Record<string, Policy>> = {
  'ELBSecurityPolicy-TLS13-1-3-2021-06': { from: 'TLSv1.3', to: 'TLSv1.3', ciphers: modern },
  'ELBSecurityPolicy-TLS13-1-2-2021-06': {
    from: 'TLSv1.2',
    to: 'TLSv1.3',
    ciphers: [...modern, ...forward, ...blocks],
  },
  'ELBSecurityPolicy-TLS13-1-2-Res-2021-06': { from: 'TLSv1.2', to: 'TLSv1.3', ciphers: [...modern, ...forward] },
  'ELBSecurityPolicy-TLS13-1-0-2021-06': {
    ...{ from: 'TLSv1', to: 'TLSv1.3' },
    ciphers: [...modern, ...forward, ...blocks, ...plain, ...old],
  },
  'ELBSecurityPolicy-FS-1-2-Res-2020-10': { from: 'TLSv1.2', to: 'TLSv1.2', ciphers: forward },
  'ELBSecurityPolicy-TLS-1-2-2017-01': { from: 'TLSv1.2', to: 'TLSv1.2', ciphers: [...forward, ...blocks, ...plain] },
  [defaultPolicy]: { from: 'TLSv1', to: 'TLSv1.2', ciphers: [...forward, ...blocks, ...plain, ...old] },
};

/** @throws ApiError when the sandbox has no policy of this name. */
export function policyNamed(name: string): Policy {
  const policy = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (policy) return policy;
  throw new ApiError('SSLPolicyNotFoundException', `SSL policy '${name}' not found`);
}

/** What Node's TLS is told, so that a listener lets through what its policy does. */
export function tlsOptions(name: string): { minVersion: SecureVersion; maxVersion: SecureVersion; ciphers: string } {
  const { from, to, ciphers } = policyNamed(name);
  // OpenSSL wants a cipher of an older version in any case, which `minVersion` keeps from being used. Its own level
  // of security would refuse the oldest versions whatever the policy says.
  return { minVersion: from, maxVersion: to, ciphers: [...ciphers, ...forward, '@SECLEVEL=0'].join(':') };
}

interface DescribeRequest {
  readonly Names?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

export const sslPolicyOperations: Record<string, Operation> = {
  DescribeSSLPolicies: (input: DescribeRequest) => {
    const names = input.Names?.length ? input.Names : Object.keys(policies);
    const { items, NextMarker } = elbPage(names, input, names);
    const SslPolicies = items.map((Name) => {
      const { from, to, ciphers } = policyNamed(Name);
      return {
        Name,
        SslProtocols: versions.slice(versions.indexOf(from), versions.indexOf(to) + 1),
        Ciphers: ciphers.map((cipher, index) => ({ Name: cipher, Priority: index + 1 })),
        SupportedLoadBalancerTypes: ['application', 'network'],
      };
    });
    return { SslPolicies, NextMarker };
  },
};
