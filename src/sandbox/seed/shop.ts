import { totalmem } from 'node:os';
import { type SecurityGroup, defaultGroup, defaultSubnets, defaultVpc } from '../ec2/network';
import { newRepository } from '../ecrService/repository';
import { newCluster } from '../ecsService/clusters';
import { newInstance } from '../ecsService/newInstance';
import { newService } from '../ecsService/services';
import { register } from '../ecsService/taskDefinitions';
import type { Cluster, ContainerDefinition } from '../ecsService/types';
import { newListener } from '../elb/listeners';
import { newLoadBalancer } from '../elb/loadBalancers';
import { newRule } from '../elb/rules';
import { newTargetGroup } from '../elb/targetGroups';
import type { TargetGroup } from '../elb/types';
import { scenarioLabel } from '../runtime/scenarios';
import type { World } from '../world';
import { awslogs, releaseServices } from './release';
import { makeImages, repositories } from './shopImages';

const architecture = process.arch === 'arm64' ? 'ARM64' : 'X86_64';

/** What a service of the shop runs. */
interface Plan {
  readonly family: string;
  readonly image: string;
  readonly launchType: 'EC2' | 'FARGATE';
  readonly container?: Partial<ContainerDefinition>;
}

const web = { portMappings: [{ containerPort: 8080, hostPort: 0, protocol: 'tcp' as const }] };
/** Crashes at start for want of a setting: in a real container by its command, in a simulated one by its label. */
const crash = {
  command: ['sh', '-c', 'echo "search: INDEX_URL is not set" >&2; exit 1'],
  dockerLabels: { [scenarioLabel]: 'exit-1' },
};

const plans: readonly Plan[] = [
  { family: 'storefront', image: 'shop/storefront:1.4.2', launchType: 'EC2', container: web },
  { family: 'api', image: 'shop/api:2.3.0', launchType: 'EC2', container: web },
  { family: 'orders', image: 'shop/orders:0.9.1', launchType: 'FARGATE' },
  { family: 'worker', image: 'shop/worker:latest', launchType: 'FARGATE' },
  { family: 'search', image: 'shop/search:3.0.0', launchType: 'FARGATE', container: crash },
  { family: 'admin', image: 'shop/admin:1.0.0', launchType: 'EC2', container: web },
];

/** A team's account: two clusters, eight services (one fails, one is scaled to 0), a load balancer, repositories. */
export function seedShop(world: World): void {
  const { ecs, ecr } = world;
  const now = ecs.clock.now();
  for (const name of repositories) ecr.repositories.set(name, newRepository(name, now - 90 * 86_400_000));
  const immutable = ecr.repositories.get('shop/api');
  if (immutable) immutable.mutability = 'IMMUTABLE';
  const production = newCluster(ecs, 'production');
  const staging = newCluster(ecs, 'staging');
  production.tags.set('team', 'shop');
  const memory = Math.min(8192, Math.floor(totalmem() / 1024 / 1024 / 2));
  for (const cluster of [production, production, staging]) {
    newInstance(ecs, cluster, { cpu: 2048, memory, architecture });
  }
  for (const plan of plans) define(world, plan);
  seedServices(world, production, staging, seedBalancer(world));
}

function define(world: World, { family, image, launchType, container }: Plan): void {
  const { ecs } = world;
  const { account, region, registryHost } = ecs.place;
  ecs.logs.createGroup(`/ecs/${family}`);
  const fargate = launchType === 'FARGATE';
  const role = { executionRoleArn: `arn:aws:iam::${account}:role/ecsTaskExecutionRole` };
  register(
    ecs,
    {
      family,
      networkMode: fargate ? 'awsvpc' : 'bridge',
      requiresCompatibilities: [launchType],
      ...(fargate ? { cpu: '256', memory: '512', ...role } : {}),
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: 'LINUX' },
      containerDefinitions: [
        {
          name: family,
          image: `${registryHost}/${image}`,
          ...(fargate ? {} : { memory: 64 }),
          essential: true,
          environment: [{ name: 'STAGE', value: 'production' }],
          logConfiguration: awslogs(region, family),
          ...container,
        },
      ],
    },
    `arn:aws:iam::${account}:user/sandbox`,
  );
}

/** Its listener is on whichever port of this machine is free, so it lets in every port. */
const balancerGroup: SecurityGroup = {
  id: 'sg-0c1b2c3d4e5f60718',
  name: 'shop-load-balancer',
  description: 'lets everybody in',
  vpc: defaultVpc,
  ingress: [{ protocol: 'tcp', from: 1, to: 65_535, cidrs: ['0.0.0.0/0'] }],
};

/** One load balancer: the storefront, and the API under `/api/`. Its port is opened when the sandbox listens. */
function seedBalancer({ elb, network }: World): { storefront: TargetGroup; api: TargetGroup } {
  const group = (Name: string): TargetGroup => {
    const checks = { HealthCheckIntervalSeconds: 10, HealthCheckPath: '/' };
    const made = newTargetGroup(elb, { Name, Protocol: 'HTTP', Port: 80, VpcId: defaultVpc, ...checks });
    // AWS's default of five minutes is a long time to look at a draining task.
    made.attributes.set('deregistration_delay.timeout_seconds', '5');
    return made;
  };
  const [storefront, api] = [group('shop-storefront'), group('shop-api')];
  network.groups.set(balancerGroup.id, balancerGroup);
  const SecurityGroups = [balancerGroup.id];
  const balancer = newLoadBalancer(elb, { Name: 'shop', Subnets: defaultSubnets, SecurityGroups });
  const forward = ({ arn }: TargetGroup): Record<string, string> => ({ Type: 'forward', TargetGroupArn: arn });
  const listener = newListener(elb, {
    LoadBalancerArn: balancer.arn,
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions: [forward(storefront)],
  });
  newRule(elb, {
    ListenerArn: listener.arn,
    Priority: 10,
    Conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
    Actions: [forward(api)],
  });
  return { storefront, api };
}

function seedServices(
  { ecs }: World,
  production: Cluster,
  staging: Cluster,
  groups: { storefront: TargetGroup; api: TargetGroup },
): void {
  const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
  const awsvpcConfiguration = { subnets: defaultSubnets, securityGroups: [defaultGroup], assignPublicIp: 'ENABLED' };
  const fargate = { launchType: 'FARGATE' as const, networkConfiguration: { awsvpcConfiguration } };
  const ec2 = { launchType: 'EC2' as const };
  const behind = ({ arn }: TargetGroup, containerName: string): Record<string, unknown> => ({
    loadBalancers: [{ targetGroupArn: arn, containerName, containerPort: 8080 }],
    healthCheckGracePeriodSeconds: 30,
  });
  const add = (cluster: Cluster, serviceName: string, desiredCount: number, more: Record<string, unknown>): void => {
    newService(ecs, cluster, { serviceName, taskDefinition: serviceName, desiredCount, ...more }, true);
  };
  add(production, 'storefront', 2, { ...ec2, ...breaker, ...behind(groups.storefront, 'storefront') });
  add(production, 'api', 2, { ...ec2, ...breaker, ...behind(groups.api, 'api') });
  add(production, 'orders', 1, fargate);
  add(production, 'worker', 1, fargate);
  add(production, 'search', 1, fargate);
  add(production, 'admin', 0, ec2);
  add(staging, 'storefront', 1, ec2);
  add(staging, 'api', 1, ec2);
}

/** Makes the shop's images, then lets the services start, whether the images are there or not. */
export async function fillShop(world: World): Promise<void> {
  try {
    await makeImages(world);
  } catch (error) {
    world.ecs.log(`the seed has no images, its tasks will fail: ${String(error)}`);
  }
  releaseServices(world);
}
