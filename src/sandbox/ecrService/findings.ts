/** A vulnerability as a basic scan reports it. */
export interface Finding {
  readonly name: string;
  readonly description: string;
  readonly uri: string;
  readonly severity: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

function finding(name: string, severity: Finding['severity'], software: string, description: string): Finding {
  const [part = '', version = ''] = software.split(' ');
  return {
    name,
    description,
    uri: `https://nvd.nist.gov/vuln/detail/${name}`,
    severity,
    attributes: [
      { key: 'package_name', value: part },
      { key: 'package_version', value: version },
    ],
  };
}

const log4j = finding('CVE-2021-44228', 'CRITICAL', 'log4j-core 2.14.1', 'Remote code execution through JNDI lookups.');
const musl = finding('CVE-2019-14697', 'CRITICAL', 'musl 1.1.20', 'x87 stack imbalance in the libc of Alpine Linux.');
const zlib = finding('CVE-2018-25032', 'HIGH', 'zlib 1.2.11', 'Memory corruption when deflating.');
const openssl = finding('CVE-2022-0778', 'HIGH', 'openssl 1.1.1k', 'Endless loop when parsing certificates.');
const coreutils = finding('CVE-2016-2781', 'LOW', 'coreutils 8.32', 'Escape from a chroot through the terminal.');

/**
 * A handful of well-known vulnerabilities to practise with: by base image, as the label or annotation
 * `org.opencontainers.image.base.name` names it, or by a word in a tag. This is no scanner: an image that is not
 * listed has no findings here, which says nothing about the image.
 */
const byBase: readonly (readonly [base: RegExp, findings: readonly Finding[]])[] = [
  [/(^|\/)alpine:3\.[0-9]($|\.)/, [musl, zlib]],
  [/(^|\/)debian:(9|10|stretch|buster)/, [openssl, zlib, coreutils]],
  [/(^|\/)node:(8|10|12|14)($|[.-])/, [openssl, zlib]],
];
const byTag: Readonly<Record<string, readonly Finding[]>> = {
  vulnerable: [log4j, openssl, zlib, coreutils],
  outdated: [zlib, coreutils],
};

const scores: Readonly<Record<Finding['severity'], number>> = {
  CRITICAL: 9.8,
  HIGH: 7.5,
  MEDIUM: 5.3,
  LOW: 3.1,
  INFORMATIONAL: 0,
};

/** The same finding as Inspector reports it. `resource` is the image; `at` in milliseconds since the Unix epoch. */
export function enhanced(
  { name, description, uri, severity, attributes }: Finding,
  { account, region, resource, at }: { account: string; region: string; resource: Record<string, unknown>; at: number },
): Record<string, unknown> {
  const [part, version] = attributes.map(({ value }) => value);
  const seen = new Date(at);
  return {
    ...{ awsAccountId: account, description, severity, status: 'ACTIVE', type: 'PACKAGE_VULNERABILITY' },
    findingArn: `arn:aws:inspector2:${region}:${account}:finding/${name.toLowerCase()}`,
    ...{ firstObservedAt: seen, lastObservedAt: seen, updatedAt: seen, title: `${name} - ${part ?? ''}` },
    ...{ score: scores[severity], fixAvailable: 'YES', exploitAvailable: 'NO' },
    packageVulnerabilityDetails: {
      ...{ vulnerabilityId: name, source: 'NVD', sourceUrl: uri, vendorSeverity: severity, referenceUrls: [uri] },
      ...{ relatedVulnerabilities: [], cvss: [{ baseScore: scores[severity], version: '3.1', source: 'NVD' }] },
      vulnerablePackages: [{ name: part, version, packageManager: 'OS' }],
    },
    remediation: { recommendation: { text: 'None Provided' } },
    resources: [resource],
  };
}

/** The findings for an image, worst first. */
export function findingsFor(base: string | undefined, tags: readonly string[]): readonly Finding[] {
  const named = Object.entries(byTag).find(([word]) => tags.some((tag) => tag.includes(word)));
  if (named) return named[1];
  return byBase.find(([pattern]) => base !== undefined && pattern.test(base))?.[1] ?? [];
}
