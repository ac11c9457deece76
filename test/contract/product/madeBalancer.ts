import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Sandbox } from '../sandboxProcess';
import { sdkConfig } from '../tools';
import type { MadeNetwork } from './madeNetwork';

/** A load balancer in the public subnets with a target group for addresses, whose ARN is returned. */
export async function makeBalancer(sandbox: Sandbox, { vpc, publicSubnets, lbGroup }: MadeNetwork): Promise<string> {
  const elb = new ElasticLoadBalancingV2(sdkConfig(sandbox));
  const group = await elb.createTargetGroup({ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: vpc, TargetType: 'ip' });
  const arn = group.TargetGroups?.[0]?.TargetGroupArn ?? '';
  const balancer = await elb.createLoadBalancer({
    ...{ Name: 'web', Subnets: [...publicSubnets], SecurityGroups: [lbGroup] },
  });
  await elb.createListener({
    ...{ LoadBalancerArn: balancer.LoadBalancers?.[0]?.LoadBalancerArn, Protocol: 'HTTP', Port: 80 },
    DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
  });
  elb.destroy();
  return arn;
}
