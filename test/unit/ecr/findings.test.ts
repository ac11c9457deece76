import assert from 'node:assert/strict';
import { toFindingsPage } from '../../../src/aws/ecrShapes';
import { english } from '../../../src/core/message';
import { sortFindings, type Finding } from '../../../src/ecr/findings';
import { findingsText } from '../../../src/ecr/findingsText';
import { previewText } from '../../../src/ecr/previewText';
import { worstFirst } from '../../../src/ecr/severity';

const finding = (id: string, severity: string, more: Partial<Finding> = {}): Finding => ({
  ...{ id, severity, packageName: 'zlib', installed: '1.0', fixedIn: undefined, link: undefined },
  ...{ description: undefined, ...more },
});
const scan = { status: 'COMPLETE', description: undefined, counts: {}, completedAt: undefined };
const about = { name: 'shop/web:1', digest: 'sha256:1', scannedAt: undefined };

describe('findings', () => {
  it('come worst first, then by package and by number', () => {
    const findings = [
      finding('CVE-2', 'LOW'),
      finding('CVE-10', 'HIGH'),
      finding('CVE-9', 'HIGH'),
      finding('CVE-1', 'HIGH', { packageName: 'bash' }),
      finding('CVE-3', 'SOMETHING_NEW'),
      finding('CVE-4', 'CRITICAL'),
    ];
    assert.deepEqual(
      sortFindings(findings).map(({ id }) => id),
      ['CVE-4', 'CVE-1', 'CVE-9', 'CVE-10', 'CVE-2', 'CVE-3'],
    );
  });
  it('are counted worst first, without severities that do not occur', () => {
    assert.deepEqual(worstFirst({ LOW: 2, CRITICAL: 1, HIGH: 0 }), [
      ['CRITICAL', 1],
      ['LOW', 2],
    ]);
  });
});

describe('findings of enhanced scanning', () => {
  const { items, scan: summary } = toFindingsPage({
    imageScanStatus: { status: 'ACTIVE', description: 'Continuous scan is selected for image.' },
    imageScanFindings: {
      enhancedFindings: [
        {
          ...{ title: 'CVE-2021-44228 - log4j-core', severity: 'CRITICAL', type: 'PACKAGE_VULNERABILITY' },
          ...{ status: 'ACTIVE', fixAvailable: 'PARTIAL', description: 'Remote code execution.', score: 10 },
          packageVulnerabilityDetails: {
            ...{ vulnerabilityId: 'CVE-2021-44228', sourceUrl: 'https://nvd.example/CVE-2021-44228' },
            vulnerablePackages: [
              { name: 'log4j-core', version: '2.14.1', packageManager: 'JAR', fixedInVersion: '2.17.1' },
              { name: 'log4j', version: '2.14.1', release: '3.el8', epoch: 0, fixedInVersion: 'NotAvailable' },
            ],
          },
        },
        { findingArn: 'arn:aws:inspector2:us-east-1:1:finding/f1', title: 'Port open', severity: 'LOW' },
      ],
    },
  });

  it('are one a package, with the version that is mended where there is one', () => {
    assert.deepEqual(
      items.map(({ id, severity, packageName, installed, fixedIn }) => [id, severity, packageName, installed, fixedIn]),
      [
        ['CVE-2021-44228', 'CRITICAL', 'log4j-core', '2.14.1', '2.17.1'],
        ['CVE-2021-44228', 'CRITICAL', 'log4j', '2.14.1-3.el8', undefined],
        ['Port open', 'LOW', undefined, undefined, undefined],
      ],
    );
  });
  it('are counted from the findings where Inspector gives no counts', () => {
    const text = findingsText(about, summary, items, english);
    assert.match(text, /2 critical · 1 low\n1 of 3 are fixed/);
    assert.match(text, /CVE-2021-44228 +log4j-core 2\.14\.1 {2}→ fixed in 2\.17\.1\n {4}https:\/\/nvd\.example/);
    assert.match(text, /log4j 2\.14\.1-3\.el8 {2}→ no fixed version known/);
  });
});

describe('the document about findings', () => {
  it('has the counts at the top, versions, fix and link', () => {
    const findings = [
      finding('CVE-1', 'LOW'),
      finding('CVE-2', 'CRITICAL', { fixedIn: '1.1', link: 'https://x.example/CVE-2' }),
    ];
    const text = findingsText(about, scan, findings, english);
    assert.match(text, /^Scan findings of shop\/web:1\nsha256:1\n\n1 critical · 1 low\n1 of 2 are fixed/);
    assert.match(
      text,
      /── CRITICAL \(1\) ─+\n\nCVE-2 +zlib 1\.0 {2}→ fixed in 1\.1\n {4}https:\/\/x\.example\/CVE-2\n/,
    );
    assert.ok(text.indexOf('CVE-2') < text.indexOf('CVE-1'));
  });
  it('does not let text from elsewhere look like lines of its own', () => {
    const description = 'harmless\n── CRITICAL (0) ───\u001b[2J\u202e';
    const text = findingsText(about, scan, [finding('CVE-1', 'LOW', { description })], english);
    assert.match(text, / {4}harmless ── CRITICAL/);
    assert.doesNotMatch(text, /[\u001b\u202e]/);
  });
  it('says when there is nothing', () => {
    assert.match(findingsText(about, scan, [], english), /No findings\./);
  });
});

describe('the preview of a lifecycle policy', () => {
  const expiry = {
    tags: ['1'],
    digest: 'sha256:abc',
    pushedAt: 1,
    rule: 2,
    action: 'EXPIRE',
    users: [],
    age: '3 days',
  };
  it('warns of what is in use before anything else', () => {
    const text = previewText('shop/web', [expiry, { ...expiry, tags: ['2'], users: ['web (prod)'] }], 'asked', english);
    assert.match(
      text,
      /take 2 images.*\n\nWARNING: 1 of them are in use \(asked\):\n {2}2 .*← web \(prod\)\n\nRule 2: 2/s,
    );
  });
  it('says when nothing would go', () => {
    assert.match(previewText('shop/web', [], 'asked', english), /take no image now/);
  });
});
