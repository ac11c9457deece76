import assert from 'node:assert/strict';
import { needsSeed } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { type JsonService, ecr, ecs, signedPost } from './signedPost';
import { AwsCli, until } from './tools';

interface Service {
  readonly serviceName: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly deployments: readonly { rolloutState: string; failedTasks: number }[];
}

/**
 * Rules of AWS: ListClusters, ListServices, ListTasks (100 a page), DescribeRepositories and DescribeImages (1000 a
 * page); a token belongs to the filters that made it (InvalidParameterException).
 */
needsSeed('shop').describe('the seed shop: a team’s account', function () {
  this.timeout(90_000);
  let sandbox: Sandbox;
  let aws: AwsCli;
  before(async () => {
    sandbox = await startSandbox({ seed: 'shop', args: ['--speed', '10'] });
    aws = new AwsCli(sandbox);
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
    aws.close();
  });

  async function services(cluster: string): Promise<Service[]> {
    const { serviceArns } = await aws.json<{ serviceArns: string[] }>('ecs', 'list-services', '--cluster', cluster);
    const args = ['ecs', 'describe-services', '--cluster', cluster, '--services', ...serviceArns];
    return (await aws.json<{ services: Service[] }>(...args)).services;
  }

  it('has services that run, one that fails and one that is scaled to 0', async () => {
    const all = await until('the others run', 40, async () => {
      const found = await services('production');
      const well = found.filter(({ serviceName }) => serviceName !== 'search');
      const failing = found.find(({ serviceName }) => serviceName === 'search');
      const steady = well.every(({ deployments }) => deployments[0]?.rolloutState === 'COMPLETED');
      return steady && (failing?.deployments[0]?.failedTasks ?? 0) > 0 ? found : undefined;
    });
    assert.equal(all.length, 6);
    assert.equal(all.find(({ serviceName }) => serviceName === 'admin')?.runningCount, 0);
    assert.equal((await services('staging')).length, 2);
  });

  it('answers on the load balancer’s address, and says that nothing real is behind it', async () => {
    const { LoadBalancers } = await aws.json<{ LoadBalancers: { LoadBalancerArn: string; DNSName: string }[] }>(
      ...['elbv2', 'describe-load-balancers', '--names', 'shop'],
    );
    const [found] = LoadBalancers;
    const { Listeners } = await aws.json<{ Listeners: { Port: number }[] }>(
      ...['elbv2', 'describe-listeners', '--load-balancer-arn', found?.LoadBalancerArn ?? ''],
    );
    const answer = await fetch(`http://${found?.DNSName}:${Listeners[0]?.Port}/api/x`);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /is simulated: no container answers/);
  });

  it('has repositories with several tags and untagged images', async () => {
    const images = ['ecr', 'list-images', '--repository-name', 'shop/storefront'];
    const { imageIds } = await aws.json<{ imageIds: { imageTag?: string; imageDigest: string }[] }>(...images);
    assert.equal(imageIds.filter(({ imageTag }) => imageTag === undefined).length, 3);
    assert.deepEqual(imageIds.flatMap(({ imageTag }) => imageTag ?? []).sort(), [
      ...['1.2.0', '1.3.0', '1.4.0', '1.4.1', '1.4.2', 'latest'],
    ]);
  });
});

needsSeed('large').describe('the seed large: paging', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ seed: 'large' });
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    assert.equal(await sandbox.stop(), 0);
  });

  /** Every page of a list. Fails when a page is larger than asked for, or is empty and not the last. */
  async function pages<T>(
    service: JsonService,
    operation: string,
    input: Record<string, unknown>,
    { list, size }: { list: string; size: number },
  ): Promise<T[]> {
    const all: T[] = [];
    for (let token: unknown; ;) {
      const { status, body } = await signedPost(sandbox, service, operation, { ...input, nextToken: token });
      assert.equal(status, 200, JSON.stringify(body));
      const items = body[list] as T[];
      assert.ok(items.length <= size);
      all.push(...items);
      token = body['nextToken'];
      if (token === undefined) return all;
      assert.equal(items.length, size, 'only the last page is short');
    }
  }

  const cluster = 'cluster-0000';

  it('lists 50 clusters, 2 000 services and 10 000 tasks, each exactly once', async () => {
    const clusters = await pages<string>(ecs, 'ListClusters', { maxResults: 20 }, { list: 'clusterArns', size: 20 });
    const services = await pages<string>(ecs, 'ListServices', { cluster }, { list: 'serviceArns', size: 10 });
    const tasks = await pages<string>(ecs, 'ListTasks', { cluster }, { list: 'taskArns', size: 100 });
    assert.deepEqual(
      [clusters, services, tasks].map((all) => new Set(all).size),
      [50, 2000, 10_000],
    );
    assert.deepEqual(
      [clusters, services, tasks].map((all) => all.length),
      [50, 2000, 10_000],
    );
  });

  it('lists 500 repositories and 10 000 images, each exactly once', async () => {
    const repositories = await pages<{ repositoryName: string }>(
      ...([ecr, 'DescribeRepositories', {}, { list: 'repositories', size: 100 }] as const),
    );
    assert.equal(new Set(repositories.map(({ repositoryName }) => repositoryName)).size, 500);
    const big = { repositoryName: 'large/repository-0000' };
    const limits = { list: 'imageDetails', size: 1000 };
    const images = await pages<{ imageDigest: string; imageTags?: string[] }>(
      ...([ecr, 'DescribeImages', { ...big, maxResults: 1000 }, limits] as const),
    );
    assert.equal(new Set(images.map(({ imageDigest }) => imageDigest)).size, 10_000);
    const untagged = await pages<{ imageDigest: string }>(
      ...([
        ecr,
        'ListImages',
        { ...big, maxResults: 1000, filter: { tagStatus: 'UNTAGGED' } },
        { list: 'imageIds', size: 1000 },
      ] as const),
    );
    assert.equal(untagged.length, images.filter(({ imageTags }) => imageTags === undefined).length);
  });

  it('refuses a token that comes back with other filters', async () => {
    const { body } = await signedPost(sandbox, ecs, 'ListServices', { cluster });
    const other = { cluster: 'cluster-0001', nextToken: body['nextToken'] };
    assert.equal((await signedPost(sandbox, ecs, 'ListServices', other)).status, 400);
  });

  it('is alive: a task that is stopped is replaced', async () => {
    const tasks = async (desiredStatus: string): Promise<string[]> => {
      const input = { cluster, serviceName: 'service-1999', desiredStatus };
      return (await signedPost(sandbox, ecs, 'ListTasks', input)).body['taskArns'] as string[];
    };
    const [task] = await tasks('RUNNING');
    assert.equal((await signedPost(sandbox, ecs, 'StopTask', { cluster, task })).status, 200);
    await until('another one is there', 10, async () => (await tasks('RUNNING')).length === 5 || undefined);
    assert.equal((await tasks('RUNNING')).includes(task ?? ''), false);
  });
});
