import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type ElbContext, elbPage, listenerOf, validation } from './context';
import { isSecure } from './tlsFront';
import type { Listener } from './types';

export interface CertificateRef {
  readonly CertificateArn?: string;
  readonly IsDefault?: boolean;
}

interface Request {
  readonly ListenerArn: string;
  readonly Certificates?: readonly CertificateRef[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

/** The certificate of an ARN that listeners can use. @throws ApiError when there is none, or it is not issued. */
export function usable({ certificates }: ElbContext, arn: string): string {
  if (arn.includes(':server-certificate/')) {
    throw new ApiError('CertificateNotFoundException', 'Server certificates of IAM are not in the sandbox: ACM’s are');
  }
  const certificate = certificates.records.get(arn);
  if (!certificate) throw new ApiError('CertificateNotFoundException', `Certificate '${arn}' not found`);
  if (certificate.pem) return arn;
  const text = `The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`;
  throw new ApiError('CertificateNotFoundException', text);
}

/** The default certificate that a request gives: exactly one where TLS ends, none elsewhere. @throws ApiError */
export function defaultCertificate(
  context: ElbContext,
  listener: Pick<Listener, 'protocol'>,
  wanted: readonly CertificateRef[],
): readonly string[] {
  if (!isSecure(listener)) {
    if (wanted.length === 0) return [];
    throw validation(`A certificate cannot be specified for listeners of protocol '${listener.protocol}'`);
  }
  const [only, ...more] = wanted;
  if (only?.CertificateArn === undefined) {
    throw validation(`A certificate must be specified for ${listener.protocol} listeners`);
  }
  if (more.length > 0) throw new ApiError('TooManyCertificatesException', 'Only one certificate may be specified');
  return [usable(context, only.CertificateArn)];
}

/** The load balancers whose listeners use a certificate. */
export function usersOf({ state }: Pick<ElbContext, 'state'>, arn: string): string[] {
  const users = [...state.listeners.values()].filter(({ certificates }) => certificates?.includes(arn));
  return [...new Set(users.map(({ balancer }) => balancer))];
}

const refs = ({ certificates = [] }: Listener): CertificateRef[] =>
  certificates.map((CertificateArn, index) => ({ CertificateArn, IsDefault: index === 0 }));

export function listenerCertificateOperations(context: ElbContext): Record<string, Operation> {
  const { state } = context;
  const arnsOf = ({ Certificates = [] }: Request): string[] =>
    Certificates.map(({ CertificateArn = '' }) => CertificateArn);
  return {
    DescribeListenerCertificates: (input: Request) => {
      const { items, NextMarker } = elbPage(refs(listenerOf(state, input.ListenerArn)), input, input.ListenerArn);
      return { Certificates: items, NextMarker };
    },
    AddListenerCertificates: (input: Request) => {
      const listener = listenerOf(state, input.ListenerArn);
      if (!isSecure(listener)) throw validation('Certificates can be added to HTTPS and TLS listeners only');
      const added = arnsOf(input).map((arn) => usable(context, arn));
      listener.certificates = [...new Set([...(listener.certificates ?? []), ...added])];
      return { Certificates: added.map((CertificateArn) => ({ CertificateArn, IsDefault: false })) };
    },
    RemoveListenerCertificates: (input: Request) => {
      const listener = listenerOf(state, input.ListenerArn);
      const gone = arnsOf(input);
      const [first] = listener.certificates ?? [];
      if (first !== undefined && gone.includes(first)) {
        throw new ApiError('OperationNotPermittedException', 'The default certificate of a listener cannot be removed');
      }
      listener.certificates = (listener.certificates ?? []).filter((arn) => !gone.includes(arn));
    },
  };
}
