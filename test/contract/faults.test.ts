import assert from 'node:assert/strict';
import {
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  paginateListTasks,
} from '@aws-sdk/client-ecs';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli, sdkConfig, until } from './tools';

/**
 * Rules of AWS: ECS developer guide, "API eventual consistency" (MISSING for a moment); paginators may give an empty
 * page with a token; Signature Version 4, "Request expired" after 15 minutes.
 */
needsOwnSandbox('faults on demand').describe('faults that leave an answer well-formed', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  let ecs: ECSClient;
  let started: number;
  before(async () => {
    started = Date.now();
    sandbox = await startSandbox({ seed: 'tiny', args: ['--speed', '20'] });
    aws = new AwsCli(sandbox);
    ecs = new ECSClient(sdkConfig(sandbox));
    await until('the seed runs', 20, async () => ((await tasks()).length === 2 ? true : undefined));
  });
  afterEach(() => sandbox.clearFaults());
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'altered answers keep to the model as well');
    await sandbox.stop();
    aws.close();
  });

  async function tasks(): Promise<string[]> {
    const arns: string[] = [];
    for await (const page of paginateListTasks({ client: ecs }, { cluster: 'demo' }))
      arns.push(...(page.taskArns ?? []));
    return arns;
  }

  it('shows new things late', async () => {
    await until('the seed is old', 10, () => Promise.resolve(Date.now() > started + 4000 ? true : undefined));
    for (const operation of ['DescribeServices', 'ListServices']) {
      await sandbox.addFault({ match: { service: 'ecs', operation }, fault: { kind: 'late', ms: 2000 } });
    }
    const request = { cluster: 'demo', serviceName: 'late', taskDefinition: 'web', desiredCount: 0 };
    await ecs.send(new CreateServiceCommand(request));
    const look = () => ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['late', 'web'] }));
    const early = await look();
    assert.deepEqual([early.services?.length, early.failures?.[0]?.reason], [1, 'MISSING']);
    assert.match(early.failures?.[0]?.arn ?? '', /service\/demo\/late$/);
    await until('it is seen', 10, async () => ((await look()).services?.length === 2 ? true : undefined));
  });

  it('answers pages without rows, whose token leads on', async () => {
    const match = { service: 'ecs', operation: 'ListTasks' };
    await sandbox.addFault({ match, times: 1, fault: { kind: 'empty-page' } });
    const pages: number[] = [];
    for await (const page of paginateListTasks({ client: ecs, pageSize: 1 }, { cluster: 'demo' })) {
      pages.push(page.taskArns?.length ?? -1);
    }
    assert.deepEqual(pages, [0, 1, 1]);
  });

  it('lets a part of an answer fail', async () => {
    const arns = await tasks();
    await sandbox.addFault({
      match: { operation: 'DescribeTasks' },
      fault: { kind: 'partial', code: 'ACCESS_DENIED' },
    });
    const { tasks: seen, failures } = await ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: arns }));
    assert.equal(seen?.length, 1);
    assert.equal(failures?.length, 1);
    assert.equal(failures[0]?.reason, 'ACCESS_DENIED');
    assert.ok(arns.includes(failures[0].arn ?? ''));
  });

  it('is off by some minutes in every date', async () => {
    const one = async (): Promise<Date> => {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }));
      return services?.[0]?.createdAt ?? new Date(0);
    };
    const real = await one();
    await sandbox.addFault({ match: {}, fault: { kind: 'skew', ms: 300_000 } });
    assert.equal((await one()).getTime() - real.getTime(), 300_000);
  });

  it('refuses signatures when its clock is off by more than a quarter of an hour', async () => {
    await sandbox.addFault({ match: {}, fault: { kind: 'skew', ms: 20 * 60_000 } });
    const refused = await aws.refusal('ecs', 'list-clusters');
    assert.equal(refused.code, 'InvalidSignatureException');
    assert.match(refused.message, /Signature expired: .* is now earlier than/);
    // The SDK learns the server's time from the refusal, as it does with AWS.
    assert.equal((await tasks()).length, 2);
  });
});
