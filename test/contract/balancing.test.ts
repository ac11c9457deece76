import assert from 'node:assert/strict';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, Engine, until } from './tools';

interface Health {
  readonly Target: { Id: string; Port: number };
  readonly TargetHealth: { State: string; Reason?: string; Description?: string };
}

interface Service {
  readonly events: readonly { message: string }[];
  readonly deployments: readonly { rolloutState: string }[];
}

/**
 * ELBv2 and EC2 through the AWS CLI, in front of tasks that are real containers.
 * Rules of AWS: ELBv2 CreateTargetGroup, CreateListener, CreateRule, RegisterTargets, DescribeTargetHealth (reason
 * codes), DeleteTargetGroup (ResourceInUse); ECS developer guide, "Service load balancing" and its event texts; EC2
 * DescribeSubnets.
 */
needsOwnSandbox('real containers').describe('a service behind a load balancer', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let engine: Engine;
  let vpc: string;
  let subnets: string[];
  let group: string;
  let balancer: string;
  before(async () => {
    engine = new Engine();
    const args = ['--engine', engine.file, '--speed', '4'];
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'engine', args });
    aws = new AwsCli(sandbox);
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
    aws.close();
    engine.close();
  });

  const elb = <T>(...args: string[]): Promise<T> => aws.json<T>('elbv2', ...args);

  async function targets(): Promise<readonly Health[]> {
    const args = ['describe-target-health', '--target-group-arn', group];
    return (await elb<{ TargetHealthDescriptions: Health[] }>(...args)).TargetHealthDescriptions;
  }

  async function service(): Promise<Service> {
    const args = ['ecs', 'describe-services', '--cluster', 'demo', '--services', 'api'];
    const [found] = (await aws.json<{ services: Service[] }>(...args)).services;
    assert.ok(found);
    return found;
  }

  it('shows a default VPC with two subnets, a security group, routes and zones', async () => {
    const { Vpcs } = await aws.json<{ Vpcs: { VpcId: string; IsDefault: boolean }[] }>('ec2', 'describe-vpcs');
    assert.equal(Vpcs[0]?.IsDefault, true);
    vpc = Vpcs[0].VpcId;
    const filter = ['--filters', `Name=vpc-id,Values=${vpc}`];
    const found = await aws.json<{ Subnets: { SubnetId: string; AvailabilityZone: string }[] }>(
      ...['ec2', 'describe-subnets', ...filter],
    );
    subnets = found.Subnets.map(({ SubnetId }) => SubnetId);
    assert.equal(new Set(found.Subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size, 2);
    const routes = await aws.json<{ RouteTables: { Routes: { GatewayId: string }[] }[] }>(
      ...['ec2', 'describe-route-tables', ...filter],
    );
    assert.ok(routes.RouteTables[0]?.Routes.some(({ GatewayId }) => GatewayId.startsWith('igw-')));
    const groups = await aws.json<{ SecurityGroups: { GroupId: string; IpPermissions: unknown[] }[] }>(
      ...['ec2', 'describe-security-groups', ...filter],
    );
    assert.equal(groups.SecurityGroups[0]?.IpPermissions.length, 1);
    assert.equal(
      (await aws.refusal('ec2', 'describe-subnets', '--subnet-ids', 'subnet-0')).code,
      'InvalidSubnetID.NotFound',
    );
    assert.equal((await aws.refusal('ec2', 'describe-key-pairs')).code, 'InvalidAction');
  });

  it('creates a target group, a load balancer and a listener on a real port', async () => {
    const create = ['create-target-group', '--name', 'api', '--protocol', 'HTTP', '--port', '80', '--vpc-id', vpc];
    const checks = ['--health-check-interval-seconds', '6', '--health-check-timeout-seconds', '2'];
    const made = await elb<{ TargetGroups: { TargetGroupArn: string }[] }>(...create, ...checks);
    group = made.TargetGroups[0]?.TargetGroupArn ?? '';
    const delay = 'Key=deregistration_delay.timeout_seconds,Value=8';
    await elb('modify-target-group-attributes', '--target-group-arn', group, '--attributes', delay);
    const { LoadBalancers } = await elb<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
      ...['create-load-balancer', '--name', 'front', '--subnets', ...subnets],
    );
    balancer = LoadBalancers[0]?.LoadBalancerArn ?? '';
    const forward = `Type=forward,TargetGroupArn=${group}`;
    const listener = [
      '--load-balancer-arn',
      balancer,
      '--protocol',
      'HTTP',
      '--port',
      '80',
      '--default-actions',
      forward,
    ];
    await elb('create-listener', ...listener);
    await elb('wait', 'load-balancer-available', '--load-balancer-arns', balancer).catch(() => undefined);
  });

  /** The way in as the product finds it: target group → load balancer → listener. */
  async function address(): Promise<string> {
    const groups = await elb<{ TargetGroups: { LoadBalancerArns: string[] }[] }>(
      ...['describe-target-groups', '--target-group-arns', group],
    );
    const arn = groups.TargetGroups[0]?.LoadBalancerArns[0] ?? '';
    const balancers = await elb<{ LoadBalancers: { DNSName: string }[] }>(
      ...['describe-load-balancers', '--load-balancer-arns', arn],
    );
    const { Listeners } = await elb<{ Listeners: { Port: number }[] }>(
      'describe-listeners',
      '--load-balancer-arn',
      arn,
    );
    return `http://${balancers.LoadBalancers[0]?.DNSName}:${Listeners[0]?.Port}/`;
  }

  it('answers 503 while no target is registered', async () => {
    assert.equal((await fetch(await address())).status, 503);
  });

  it('registers the tasks of a service, checks them by HTTP and balances over them', async () => {
    const behind = `targetGroupArn=${group},containerName=web,containerPort=8080`;
    const create = ['ecs', 'create-service', '--cluster', 'demo', '--service-name', 'api', '--task-definition', 'web'];
    await aws.json(...create, '--desired-count', '2', '--load-balancers', behind);
    const healthy = await until('two targets are healthy', 90, async () => {
      const found = (await targets()).filter(({ TargetHealth }) => TargetHealth.State === 'healthy');
      return found.length === 2 ? found : undefined;
    });
    assert.ok(healthy.every(({ Target }) => Target.Id.startsWith('i-')));
    const { code, stderr } = await aws.run('elbv2', 'wait', 'target-in-service', '--target-group-arn', group);
    assert.equal(code, 0, stderr);
    const url = await address();
    for (let turn = 0; turn < 4; turn += 1) assert.match(await (await fetch(url)).text(), /Hello from the sandbox/);
    await until(
      'the service is steady',
      60,
      async () =>
        (await service()).events.some(({ message }) => message.endsWith('has reached a steady state.')) || undefined,
    );
  });

  it('routes by rules: a fixed answer for one path', async () => {
    const { Listeners } = await elb<{ Listeners: { ListenerArn: string }[] }>(
      ...['describe-listeners', '--load-balancer-arn', balancer],
    );
    const listener = Listeners[0]?.ListenerArn ?? '';
    const answer = 'Type=fixed-response,FixedResponseConfig={StatusCode=418,MessageBody=short,ContentType=text/plain}';
    const condition = 'Field=path-pattern,Values=/teapot*';
    const rule = ['create-rule', '--listener-arn', listener, '--priority', '1', '--conditions', condition];
    await elb(...rule, '--actions', answer);
    const response = await fetch(`${await address()}teapot/7`);
    assert.deepEqual([response.status, await response.text()], [418, 'short']);
    const taken = await aws.refusal('elbv2', ...rule, '--actions', answer);
    assert.equal(taken.code, 'PriorityInUse');
  });

  it('drains targets when the service shrinks, without a failed request', async () => {
    const url = await address();
    await aws.json('ecs', 'update-service', '--cluster', 'demo', '--service', 'api', '--desired-count', '1');
    const statuses = new Set<number>();
    await until('a target drains', 30, async () => {
      statuses.add((await fetch(url)).status);
      return (await targets()).some(({ TargetHealth }) => TargetHealth.State === 'draining') || undefined;
    });
    await until('it is gone', 30, async () => {
      statuses.add((await fetch(url)).status);
      return (await targets()).length === 1 || undefined;
    });
    assert.deepEqual([...statuses], [200]);
  });

  it('stops tasks that answer the wrong code, and says which', async () => {
    const path = ['modify-target-group', '--target-group-arn', group, '--health-check-path', '/absent'];
    await elb(...path);
    const events = await until('a task is replaced', 60, async () => {
      const found = (await service()).events
        .map(({ message }) => message)
        .filter((text) => text.includes('is unhealthy'));
      return found.length > 0 ? found : undefined;
    });
    assert.match(
      events[0] ?? '',
      /\(instance i-.*\) \(port \d+\) is unhealthy in \(target-group .*\) due to \(reason Health checks failed with these codes: \[404\]\)/,
    );
    const reason = await until('the task stops', 60, async () => {
      const list = ['ecs', 'list-tasks', '--cluster', 'demo', '--service-name', 'api', '--desired-status', 'STOPPED'];
      const { taskArns } = await aws.json<{ taskArns: string[] }>(...list);
      const describe = ['ecs', 'describe-tasks', '--cluster', 'demo', '--tasks', ...taskArns];
      const { tasks } = await aws.json<{ tasks: { stoppedReason?: string }[] }>(...describe);
      return tasks.map(({ stoppedReason }) => stoppedReason).find((text) => text?.includes('ELB'));
    });
    assert.equal(reason, `Task failed ELB health checks in (target-group ${group})`);
  });

  it('refuses to delete a target group in use, and closes the port with the load balancer', async () => {
    const url = await address();
    assert.equal(
      (await aws.refusal('elbv2', 'delete-target-group', '--target-group-arn', group)).code,
      'ResourceInUse',
    );
    await elb('delete-load-balancer', '--load-balancer-arn', balancer);
    await assert.rejects(fetch(url));
    const gone = await aws.refusal('elbv2', 'describe-load-balancers', '--load-balancer-arns', balancer);
    assert.equal(gone.code, 'LoadBalancerNotFound');
  });
});
