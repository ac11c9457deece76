/** A certificate of ACM that a load balancer can use. */
export interface Certificate {
  readonly arn: string;
  readonly domain: string;
}

/** Certificates. Every method throws `GantryError`. */
export interface CertificateGateway {
  /** ListCertificates of those that are issued, all pages. */
  listCertificates(signal: AbortSignal): Promise<readonly Certificate[]>;
}
