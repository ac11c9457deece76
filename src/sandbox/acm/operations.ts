import { X509Certificate, createHash } from 'node:crypto';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { type Certificate, type Certificates, domainsOf, keyAlgorithmOf, readPem } from './certificates';

interface AcmContext {
  readonly certificates: Certificates;
  /** ARNs of the load balancers that use a certificate. */
  readonly usersOf: (arn: string) => readonly string[];
}

type Tags = readonly { readonly Key: string; readonly Value?: string }[];

interface RequestRequest {
  readonly DomainName: string;
  readonly SubjectAlternativeNames?: readonly string[];
  readonly ValidationMethod?: 'DNS' | 'EMAIL' | 'HTTP';
  readonly IdempotencyToken?: string;
  readonly KeyAlgorithm?: string;
  readonly CertificateAuthorityArn?: string;
  readonly Tags?: Tags;
}

interface ImportRequest {
  readonly CertificateArn?: string;
  /** Base64 of PEM, as all of the three. */
  readonly Certificate: string;
  readonly PrivateKey: string;
  readonly CertificateChain?: string;
  readonly Tags?: Tags;
}

interface ListRequest {
  readonly CertificateStatuses?: readonly string[];
  readonly Includes?: { readonly keyTypes?: readonly string[] };
  readonly MaxItems?: number;
  readonly NextToken?: string;
  readonly SortOrder?: 'ASCENDING' | 'DESCENDING';
}

interface Named {
  readonly CertificateArn: string;
}

const tagMap = (tags: Tags = []): Map<string, string> => new Map(tags.map(({ Key, Value = '' }) => [Key, Value]));

function request({ certificates }: AcmContext, input: RequestRequest): unknown {
  const { DomainName: domain, IdempotencyToken: token, KeyAlgorithm = 'RSA_2048' } = input;
  if (input.CertificateAuthorityArn !== undefined) {
    throw new ApiError('InvalidArnException', 'Private certificate authorities are not in the sandbox.');
  }
  const names = [...new Set([domain, ...(input.SubjectAlternativeNames ?? [])])];
  const former = [...certificates.records.values()].find(
    (other) => token !== undefined && other.token === token && other.names.join() === names.join(),
  );
  if (former) return { CertificateArn: former.arn };
  const certificate: Certificate = {
    ...{ arn: certificates.newArn(), type: 'AMAZON_ISSUED', domain, names, keyAlgorithm: KeyAlgorithm },
    ...{ createdAt: certificates.now(), validation: input.ValidationMethod ?? 'EMAIL', token },
    tags: tagMap(input.Tags),
  };
  certificates.request(certificate);
  return { CertificateArn: certificate.arn };
}

const text = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

function importOne({ certificates }: AcmContext, input: ImportRequest): unknown {
  const chain = input.CertificateChain === undefined ? undefined : text(input.CertificateChain);
  const pem = { certificate: text(input.Certificate), key: text(input.PrivateKey), chain };
  const parsed = readPem(pem);
  const names = domainsOf(parsed);
  const facts = { pem, names, domain: names[0], keyAlgorithm: keyAlgorithmOf(parsed), importedAt: certificates.now() };
  if (input.CertificateArn !== undefined) {
    const known = certificates.named(input.CertificateArn);
    if (known.type !== 'IMPORTED' || input.Tags) {
      throw new ApiError(
        'InvalidParameterException',
        'Only an imported certificate can be imported again, without tags.',
      );
    }
    Object.assign(known, facts);
    return { CertificateArn: known.arn };
  }
  const arn = certificates.newArn();
  const created = { arn, type: 'IMPORTED' as const, createdAt: certificates.now(), tags: tagMap(input.Tags) };
  certificates.records.set(arn, { ...created, ...facts });
  return { CertificateArn: arn };
}

function statusOf({ pem }: Certificate, now: number): string {
  if (!pem) return 'PENDING_VALIDATION';
  return Date.parse(new X509Certificate(pem.certificate).validTo) < now ? 'EXPIRED' : 'ISSUED';
}

/** What both the list and the description tell about a certificate. */
function common({ certificates, usersOf }: AcmContext, certificate: Certificate): Record<string, unknown> {
  const { arn, domain, type, pem, createdAt, issuedAt, importedAt, keyAlgorithm } = certificate;
  const parsed = pem && new X509Certificate(pem.certificate);
  const date = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));
  const eligible = type === 'AMAZON_ISSUED' && usersOf(arn).length > 0;
  return {
    ...{ CertificateArn: arn, DomainName: domain, Status: statusOf(certificate, certificates.now()), Type: type },
    ...{ KeyAlgorithm: keyAlgorithm, CreatedAt: new Date(createdAt), IssuedAt: date(issuedAt) },
    ...{ ImportedAt: date(importedAt), RenewalEligibility: eligible ? 'ELIGIBLE' : 'INELIGIBLE' },
    ...(parsed ? { NotBefore: new Date(parsed.validFrom), NotAfter: new Date(parsed.validTo) } : {}),
  };
}

/** A DNS record that AWS would look for. The sandbox looks for none and issues the certificate by itself. */
function validationOf({ validation, names, arn, pem }: Certificate): unknown {
  if (!validation) return undefined;
  return names.map((name) => {
    const hash = createHash('md5').update(`${arn} ${name}`).digest('hex');
    const domain = name.replace(/^\*\./, '');
    const record = { Name: `_${hash}.${domain}.`, Type: 'CNAME', Value: `_${hash}.acm-validations.aws.` };
    return {
      ...{ DomainName: name, ValidationDomain: name, ValidationMethod: validation },
      ValidationStatus: pem ? 'SUCCESS' : 'PENDING_VALIDATION',
      ...(validation === 'DNS' ? { ResourceRecord: record } : {}),
    };
  });
}

function describe(context: AcmContext, certificate: Certificate): unknown {
  const parsed = certificate.pem && new X509Certificate(certificate.pem.certificate);
  const line = (name: string): string => name.replaceAll('\n', ',');
  const issued = parsed && {
    ...{ Serial: parsed.serialNumber.toLowerCase().match(/../g)?.join(':') },
    ...{ Subject: line(parsed.subject), Issuer: line(parsed.issuer) },
    SignatureAlgorithm: certificate.keyAlgorithm.startsWith('RSA') ? 'SHA256WITHRSA' : 'SHA256WITHECDSA',
    KeyUsages: [{ Name: 'DIGITAL_SIGNATURE' }, { Name: 'KEY_ENCIPHERMENT' }],
    ExtendedKeyUsages: [{ Name: 'TLS_WEB_SERVER_AUTHENTICATION', OID: '1.3.6.1.5.5.7.3.1' }],
  };
  const Certificate = {
    ...common(context, certificate),
    ...issued,
    SubjectAlternativeNames: certificate.names,
    DomainValidationOptions: validationOf(certificate),
    InUseBy: context.usersOf(certificate.arn),
    Options: { CertificateTransparencyLoggingPreference: certificate.type === 'IMPORTED' ? 'DISABLED' : 'ENABLED' },
  };
  return { Certificate };
}

/** Without `keyTypes`, AWS lists RSA keys of up to 2048 bits only. */
function list(context: AcmContext, input: ListRequest): unknown {
  const { certificates, usersOf } = context;
  const { CertificateStatuses: statuses, Includes: { keyTypes = ['RSA_1024', 'RSA_2048'] } = {} } = input;
  const found = [...certificates.records.values()]
    .filter(({ keyAlgorithm }) => keyTypes.includes(keyAlgorithm))
    .filter((certificate) => !statuses || statuses.includes(statusOf(certificate, certificates.now())))
    .sort((a, b) => (input.SortOrder === 'ASCENDING' ? a.createdAt - b.createdAt : b.createdAt - a.createdAt));
  const filters = [statuses ?? null, keyTypes, input.SortOrder ?? null];
  let cut;
  try {
    cut = page(found, input.MaxItems ?? 1000, input.NextToken, filters);
  } catch {
    throw new ApiError('InvalidArgsException', 'The NextToken is not valid.');
  }
  const CertificateSummaryList = cut.items.map((certificate) => ({
    ...common(context, certificate),
    SubjectAlternativeNameSummaries: certificate.names,
    HasAdditionalSubjectAlternativeNames: false,
    InUse: usersOf(certificate.arn).length > 0,
  }));
  return { CertificateSummaryList, NextToken: cut.nextToken };
}

function remove({ certificates, usersOf }: AcmContext, arn: string): void {
  certificates.named(arn);
  if (usersOf(arn).length > 0) {
    const { account } = certificates.place;
    throw new ApiError('ResourceInUseException', `Certificate ${arn} in account ${account} is in use.`);
  }
  certificates.remove(arn);
}

export function acmOperations(context: AcmContext): Record<string, Operation> {
  const { certificates } = context;
  return {
    RequestCertificate: (input: RequestRequest) => request(context, input),
    ImportCertificate: (input: ImportRequest) => importOne(context, input),
    DescribeCertificate: ({ CertificateArn }: Named) => describe(context, certificates.named(CertificateArn)),
    ListCertificates: (input: ListRequest) => list(context, input),
    DeleteCertificate: ({ CertificateArn }: Named) => remove(context, CertificateArn),
    GetCertificate: ({ CertificateArn }: Named) => {
      const { pem } = certificates.named(CertificateArn);
      if (pem) return { Certificate: pem.certificate, CertificateChain: pem.chain };
      throw new ApiError('RequestInProgressException', `Certificate ${CertificateArn} has not been issued yet.`);
    },
    AddTagsToCertificate: ({ CertificateArn, Tags }: Named & { Tags: Tags }) => {
      const { tags } = certificates.named(CertificateArn);
      for (const { Key, Value = '' } of Tags) tags.set(Key, Value);
    },
    RemoveTagsFromCertificate: ({ CertificateArn, Tags }: Named & { Tags: Tags }) => {
      const { tags } = certificates.named(CertificateArn);
      for (const { Key, Value } of Tags) if (Value === undefined || tags.get(Key) === Value) tags.delete(Key);
    },
    ListTagsForCertificate: ({ CertificateArn }: Named) => ({
      Tags: [...certificates.named(CertificateArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}
