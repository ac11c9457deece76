import { type SecureContext, type TlsOptions, createSecureContext } from 'node:tls';
import type { Certificate, Certificates } from '../acm/certificates';
import { defaultPolicy, tlsOptions } from './sslPolicies';
import type { Listener } from './types';

/** Whether clients of a listener speak TLS. */
export function isSecure({ protocol }: Pick<Listener, 'protocol'>): boolean {
  return protocol === 'HTTPS' || protocol === 'TLS';
}

/** Whether a certificate's name, which may begin with `*.`, is that of a server. */
function covers(name: string, server: string): boolean {
  if (!name.startsWith('*.')) return name.toLowerCase() === server.toLowerCase();
  const dot = server.indexOf('.');
  return dot > 0 && server.slice(dot).toLowerCase() === name.slice(1).toLowerCase();
}

/**
 * TLS as a listener ends it: the certificate is chosen by the server name that the client sends, the default one
 * otherwise. Certificates are looked up anew for every connection, as they may be imported again.
 */
export function tlsFront(certificates: Certificates, listener: Listener): TlsOptions {
  const policy = tlsOptions(listener.sslPolicy ?? defaultPolicy);
  const contexts = new WeakMap<object, SecureContext>();
  const contextOf = ({ pem }: Certificate): SecureContext | undefined => {
    if (!pem) return undefined;
    const known = contexts.get(pem);
    if (known) return known;
    const cert = `${pem.certificate}\n${pem.chain ?? ''}`;
    const made = createSecureContext({ cert, key: pem.key, ...policy });
    contexts.set(pem, made);
    return made;
  };
  const choose = (server: string): SecureContext | undefined => {
    const all = (listener.certificates ?? []).flatMap((arn) => certificates.records.get(arn) ?? []);
    const named = all.find(({ names }) => names.some((name) => covers(name, server)));
    const chosen = named ?? all[0];
    return chosen && contextOf(chosen);
  };
  const [first] = (listener.certificates ?? []).flatMap((arn) => certificates.records.get(arn)?.pem ?? []);
  return {
    ...policy,
    // For clients that send no server name.
    ...(first ? { cert: `${first.certificate}\n${first.chain ?? ''}`, key: first.key } : {}),
    SNICallback: (server, done) => done(null, choose(server)),
  };
}
