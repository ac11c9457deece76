import { X509Certificate, createPrivateKey, generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock, Timer } from '../../core/clock';
import { ApiError } from '../http/apiError';
import type { Place } from '../place';
import { selfSigned } from './selfSigned';

/** A certificate with its key, as PEM. */
export interface Pem {
  readonly certificate: string;
  readonly key: string;
  readonly chain?: string | undefined;
}

export interface Certificate {
  readonly arn: string;
  readonly type: 'AMAZON_ISSUED' | 'IMPORTED';
  /** What was asked for; of an imported one, what it says. */
  domain: string | undefined;
  names: readonly string[];
  keyAlgorithm: string;
  readonly createdAt: number;
  /** How the owner of a requested one is asked; the sandbox takes the answer for given. */
  readonly validation?: 'DNS' | 'EMAIL' | 'HTTP';
  readonly token?: string | undefined;
  issuedAt?: number;
  importedAt?: number;
  /** None until it is issued. */
  pem?: Pem;
  readonly tags: Map<string, string>;
}

/** Certificates by ARN. */
export type CertificateRecords = Map<string, Certificate>;

/** How long a requested certificate is pending, in seconds of AWS's. */
const pending = 10;
/** ACM's certificates are good for 13 months. In milliseconds. */
const lifetime = 395 * 24 * 3600_000;

const makeKeyPair = promisify(generateKeyPair);

/** The account's certificates. What was requested is issued by itself: nobody could prove a domain to a sandbox. */
export class Certificates {
  readonly records: CertificateRecords;
  readonly place: Place;
  readonly #clock: Clock;
  /** Milliseconds that a second of AWS's lasts. */
  readonly #second: number;
  readonly #timers = new Map<string, Timer>();

  constructor(clock: Clock, place: Place, second: number, records: CertificateRecords = new Map()) {
    this.records = records;
    this.place = place;
    this.#clock = clock;
    this.#second = second;
    for (const certificate of records.values()) if (!certificate.pem) this.#issueLater(certificate);
  }

  now(): number {
    return this.#clock.now();
  }

  newArn(): string {
    return `arn:aws:acm:${this.place.region}:${this.place.account}:certificate/${randomUUID()}`;
  }

  /** @throws ApiError when there is none of this ARN. */
  named(arn: string): Certificate {
    const certificate = this.records.get(arn);
    if (certificate) return certificate;
    const text = `Could not find certificate ${arn}.`;
    throw new ApiError('ResourceNotFoundException', text);
  }

  /** Adds a requested certificate, which is pending until it is issued. */
  request(certificate: Certificate): void {
    this.records.set(certificate.arn, certificate);
    this.#issueLater(certificate);
  }

  remove(arn: string): void {
    this.#timers.get(arn)?.cancel();
    this.records.delete(arn);
  }

  #issueLater(certificate: Certificate): void {
    const timer = this.#clock.after(pending * this.#second, () => void this.#issue(certificate));
    this.#timers.set(certificate.arn, timer);
  }

  async #issue(certificate: Certificate): Promise<void> {
    const { keyAlgorithm } = certificate;
    const pair = keyAlgorithm.startsWith('RSA')
      ? await makeKeyPair('rsa', { modulusLength: Number(keyAlgorithm.slice('RSA_'.length)) })
      : await makeKeyPair('ec', { namedCurve: keyAlgorithm.slice('EC_'.length) });
    const now = this.#clock.now();
    const [first = '', ...more] = certificate.names;
    const text = selfSigned({ ...pair, names: [first, ...more], notBefore: now, notAfter: now + lifetime });
    const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    certificate.pem = { certificate: text, key };
    certificate.issuedAt = now;
  }
}

const invalid = (text: string): ApiError => new ApiError('ValidationException', text);

/** Reads what somebody wants to import. @throws ApiError when it is no certificate, or the key is not its own. */
export function readPem(pem: Pem): X509Certificate {
  if ((pem.certificate.match(/BEGIN CERTIFICATE/g) ?? []).length > 1) {
    throw invalid(
      'The certificate field contains more than one certificate. You can specify only one certificate in this field.',
    );
  }
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(pem.certificate);
    if (pem.chain !== undefined) new X509Certificate(pem.chain);
  } catch {
    throw invalid('The certificate is not valid: it must be a PEM-encoded X.509 certificate.');
  }
  try {
    if (parsed.checkPrivateKey(createPrivateKey(pem.key))) return parsed;
  } catch {
    throw invalid('The private key is not supported.');
  }
  throw invalid('The private key does not match the certificate.');
}

const domainForm = /^(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])$/;

/** The domain names that a certificate is for, as far as ACM knows such: the common name first. */
export function domainsOf(parsed: X509Certificate): string[] {
  const common = /^CN=(.+)$/m.exec(parsed.subject)?.[1] ?? '';
  const others = (parsed.subjectAltName ?? '').split(', ').map((entry) => entry.replace(/^DNS:/, ''));
  return [...new Set([common, ...others])].filter((name) => domainForm.test(name));
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: 'EC_prime256v1',
  secp384r1: 'EC_secp384r1',
  secp521r1: 'EC_secp521r1',
};

/** ACM's name of a certificate's key. @throws ApiError for one that ACM does not take. */
export function keyAlgorithmOf({ publicKey }: X509Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  const found = modulusLength === undefined ? curves[namedCurve ?? ''] : `RSA_${modulusLength}`;
  if (found && /^(RSA_(1024|2048|3072|4096)|EC_.*)$/.test(found)) return found;
  throw invalid('The key algorithm is not supported.');
}
