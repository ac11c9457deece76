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

/** The findings for an image, worst first. */
export function findingsFor(base: string | undefined, tags: readonly string[]): readonly Finding[] {
  const named = Object.entries(byTag).find(([word]) => tags.some((tag) => tag.includes(word)));
  if (named) return named[1];
  return byBase.find(([pattern]) => base !== undefined && pattern.test(base))?.[1] ?? [];
}
