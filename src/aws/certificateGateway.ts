import { ListCertificatesCommand, type ACMClient } from '@aws-sdk/client-acm';
import { allPages } from '../core/paging';
import type { Certificate, CertificateGateway } from '../network/certificates';
import type { Caller } from './caller';

/** ACM over the AWS SDK. */
export class SdkCertificateGateway implements CertificateGateway {
  constructor(
    private readonly client: ACMClient,
    private readonly caller: Caller,
  ) {}

  listCertificates(signal: AbortSignal): Promise<readonly Certificate[]> {
    return allPages(async (NextToken) => {
      const answer = await this.caller.call('acm:ListCertificates', 'other', signal, (options) =>
        this.client.send(new ListCertificatesCommand({ CertificateStatuses: ['ISSUED'], NextToken }), options),
      );
      const items = (answer.CertificateSummaryList ?? []).map(({ CertificateArn = '', DomainName = '' }) => ({
        ...{ arn: CertificateArn, domain: DomainName },
      }));
      return { items, nextToken: answer.NextToken };
    });
  }
}
