import assert from 'node:assert/strict';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { connect } from '../../../src/aws/connect';
import { reasonOf } from '../../../src/core/errors';
import { type Sandbox, startSandbox } from '../sandboxProcess';
import { sdkConfig } from '../tools';

interface Violation {
  readonly operation: string;
  readonly problem: string;
}

describe('requests of the product that AWS’s API model refuses', () => {
  let sandbox: Sandbox;
  const never = new AbortController().signal;

  beforeEach(async () => {
    sandbox = await startSandbox({ seed: 'tiny' });
  });
  afterEach(() => sandbox.stop().catch(() => undefined));

  const found = async (): Promise<Violation[]> => (await sandbox.violations()) as Violation[];

  it('fail the lane that sent them, whatever the product made of the answer', async () => {
    const connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    // DescribeServices takes 1 to 10 services: 11 are refused for their number, before any is looked up.
    const names = Array.from({ length: 11 }, (_, index) => `service-${index}`);
    await assert.rejects(connection.ecs.describeServices('demo', names, never));
    connection.dispose();
    const [violation] = await found();
    assert.equal(violation?.operation, 'DescribeServices');
    assert.match(violation.problem, /refused for its form: service names can have at most 10 items/);
    await assert.rejects(sandbox.stop(), /The API model was broken: [\s\S]*DescribeServices/);
  });

  it('do not count when AWS refuses them for what it has, or when somebody else sends them', async () => {
    const connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    const missing = connection.ecs.describeServices('absent', ['web'], never);
    await assert.rejects(missing, (error) => reasonOf(error) === 'notFound');
    connection.dispose();
    const other = new ECSClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    await assert.rejects(other.send(new DescribeServicesCommand({ cluster: 'demo', services: [] })));
    other.destroy();
    assert.deepEqual(await found(), []);
    assert.equal(await sandbox.stop(), 0);
  });
});
