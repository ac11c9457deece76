import { EC2, type IpPermission } from '@aws-sdk/client-ec2';
import { sdkConfig } from '../tools';
import type { Sandbox } from '../sandboxProcess';

/** A VPC as a team would make it: two public subnets, a private one behind a NAT gateway, a group for each part. */
export interface MadeNetwork {
  readonly ec2: EC2;
  readonly vpc: string;
  readonly publicSubnets: readonly [string, string];
  readonly privateSubnet: string;
  readonly privateTable: string;
  readonly lbGroup: string;
  readonly taskGroup: string;
  readonly endpointGroup: string;
}

const some = (value: string | undefined): string => value ?? '';

/** Makes it with EC2's own calls. Each has a number of its own, so that several fit into one sandbox. */
export async function makeNetwork(sandbox: Sandbox, number: number): Promise<MadeNetwork> {
  const ec2 = new EC2(sdkConfig(sandbox));
  const vpc = some((await ec2.createVpc({ CidrBlock: `10.${number}.0.0/16` })).Vpc?.VpcId);
  const subnet = async (third: number, zone: string): Promise<string> => {
    const input = { VpcId: vpc, CidrBlock: `10.${number}.${third}.0/24`, AvailabilityZone: `us-east-1${zone}` };
    return some((await ec2.createSubnet(input)).Subnet?.SubnetId);
  };
  const publicSubnets = [await subnet(0, 'a'), await subnet(1, 'b')] as const;
  const privateSubnet = await subnet(10, 'a');
  const privateTable = await makeRoutes(ec2, vpc, publicSubnets[0], privateSubnet);
  const group = async (name: string, ...IpPermissions: IpPermission[]): Promise<string> => {
    const made = await ec2.createSecurityGroup({ GroupName: name, Description: name, VpcId: vpc });
    if (IpPermissions.length > 0) await ec2.authorizeSecurityGroupIngress({ GroupId: made.GroupId, IpPermissions });
    return some(made.GroupId);
  };
  // Listeners of the sandbox are on whichever port of this machine is free.
  const lbGroup = await group('lb', tcp(1, 65_535, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] }));
  const taskGroup = await group('task', tcp(8080, 8080, { UserIdGroupPairs: [{ GroupId: lbGroup }] }));
  const endpointGroup = await group('endpoint', tcp(443, 443, { UserIdGroupPairs: [{ GroupId: taskGroup }] }));
  return { ...{ ec2, vpc, publicSubnets, privateSubnet, privateTable }, ...{ lbGroup, taskGroup, endpointGroup } };
}

export function tcp(FromPort: number, ToPort: number, from: Partial<IpPermission>): IpPermission {
  return { IpProtocol: 'tcp', FromPort, ToPort, ...from };
}

/** The main table leads to an internet gateway; the table of the private subnet, whose id is returned, to a NAT gateway. */
async function makeRoutes(ec2: EC2, vpc: string, publicSubnet: string, privateSubnet: string): Promise<string> {
  const everywhere = { DestinationCidrBlock: '0.0.0.0/0' };
  const { InternetGateway } = await ec2.createInternetGateway({});
  const InternetGatewayId = some(InternetGateway?.InternetGatewayId);
  await ec2.attachInternetGateway({ InternetGatewayId, VpcId: vpc });
  const { RouteTables } = await ec2.describeRouteTables({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] });
  await ec2.createRoute({ RouteTableId: RouteTables?.[0]?.RouteTableId, GatewayId: InternetGatewayId, ...everywhere });
  const { AllocationId } = await ec2.allocateAddress({ Domain: 'vpc' });
  const { NatGateway } = await ec2.createNatGateway({ SubnetId: publicSubnet, AllocationId });
  const RouteTableId = some((await ec2.createRouteTable({ VpcId: vpc })).RouteTable?.RouteTableId);
  await ec2.associateRouteTable({ RouteTableId, SubnetId: privateSubnet });
  await ec2.createRoute({ RouteTableId, NatGatewayId: NatGateway?.NatGatewayId, ...everywhere });
  return RouteTableId;
}
