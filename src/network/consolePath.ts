import type { HopRef } from './hop';

/** The page of a hop in the AWS console, without host; undefined where it has none. Of several ids, the first. */
export function consolePathOf({ kind, id }: HopRef): string | undefined {
  const [first = ''] = id.split(', ');
  const value = encodeURIComponent(first);
  const page = pageOf(first);
  if (page) return `${page}${value}`;
  if (kind === 'loadBalancer') return `ec2/home#LoadBalancers:search=${value}`;
  if (kind === 'targetGroup' || kind === 'targetHealth') return `ec2/home#TargetGroups:search=${value}`;
  return undefined;
}

/** By the form of the id: a hop is sometimes named by what it leads to. */
function pageOf(id: string): string | undefined {
  const [, prefix = ''] = /^([a-z]+)-[0-9a-f]{8,}$/.exec(id) ?? [];
  const pages: Readonly<Record<string, string>> = {
    sg: 'ec2/home#SecurityGroup:groupId=',
    eni: 'ec2/home#NetworkInterface:networkInterfaceId=',
    subnet: 'vpcconsole/home#SubnetDetails:subnetId=',
    acl: 'vpcconsole/home#NetworkAclDetails:networkAclId=',
    rtb: 'vpcconsole/home#RouteTableDetails:RouteTableId=',
    igw: 'vpcconsole/home#InternetGateway:internetGatewayId=',
    eigw: 'vpcconsole/home#EgressOnlyInternetGateways:egressOnlyInternetGatewayId=',
    nat: 'vpcconsole/home#NatGatewayDetails:natGatewayId=',
    vpce: 'vpcconsole/home#EndpointDetails:vpcEndpointId=',
    tgw: 'vpcconsole/home#TransitGatewayDetails:transitGatewayId=',
  };
  return Object.hasOwn(pages, prefix) ? pages[prefix] : undefined;
}
