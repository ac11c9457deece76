import { type KeyObject, randomBytes, sign } from 'node:crypto';

/*
 * An X.509 certificate (RFC 5280) signed with its own key. Node signs but does not write certificates, and the
 * libraries that do weigh more than half the sandbox, so the few DER structures are written here.
 */

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const octets = (content: Uint8Array): Buffer => der(0x04, content);
const bits = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content);

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

/** `YYMMDDhhmmssZ`, which is good until 2049. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '');
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

/** A name with an organization and, where it fits into its 64 characters, a common name. */
function distinguishedName(commonName: string): Buffer {
  const part = (id: string, text: string): Buffer => der(0x31, sequence(oid(id), der(0x0c, Buffer.from(text))));
  const organization = part('2.5.4.10', 'Gantry Sandbox');
  return commonName.length > 64 ? sequence(organization) : sequence(organization, part('2.5.4.3', commonName));
}

function extensions(names: readonly string[]): Buffer {
  const alternatives = sequence(...names.map((name) => der(0x82, Buffer.from(name))));
  const extension = (id: string, content: Buffer): Buffer => sequence(oid(id), octets(content));
  return der(
    0xa3,
    sequence(
      extension('2.5.29.17', alternatives),
      // Digital signature and key encipherment.
      extension('2.5.29.15', der(0x03, Buffer.from([5, 0xa0]))),
      // Server authentication.
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
    ),
  );
}

export interface SelfSigned {
  /** The first one is the common name. */
  readonly names: readonly [string, ...string[]];
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** Milliseconds since the Unix epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate for these names, as PEM. */
export function selfSigned({ names, publicKey, privateKey, notBefore, notAfter }: SelfSigned): string {
  const rsa = publicKey.asymmetricKeyType === 'rsa';
  const algorithm = rsa
    ? sequence(oid('1.2.840.113549.1.1.11'), Buffer.from([5, 0]))
    : sequence(oid('1.2.840.10045.4.3.2'));
  // A positive number.
  const serial = der(0x02, Buffer.from([0x01]), randomBytes(15));
  const name = distinguishedName(names[0]);
  const body = sequence(
    ...[der(0xa0, der(0x02, Buffer.from([2]))), serial, algorithm, name],
    ...[sequence(time(notBefore), time(notAfter)), name],
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(names),
  );
  const certificate = sequence(body, algorithm, bits(sign('sha256', body, privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
