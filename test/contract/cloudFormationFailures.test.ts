import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  RollbackStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { AccountThings } from './accountThings';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { serviceTemplate } from './stackTemplates';
import { StackWorld } from './stackWorld';
import { until } from './tools';

/**
 * Rules of AWS: CloudFormation user guide, "Stack failure options" and "Continue rolling back an update"; API reference
 * of CreateStack (OnFailure, DisableRollback), RollbackStack, ContinueUpdateRollback, CancelUpdateStack.
 */
needsOwnSandbox('faults, a faster clock and a restart').describe('CloudFormation when something fails', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'gantry-contract-'));
  const text = 'This is how the test wants it.';
  const fault = { kind: 'error', code: 'InvalidParameterException', message: text } as const;
  const Capabilities = ['CAPABILITY_IAM' as const];
  const all = Object.keys(serviceTemplate().Resources);
  let sandbox: Sandbox;
  let world: StackWorld;
  let things: AccountThings;

  async function start(speed: number, ...args: string[]): Promise<void> {
    sandbox = await startSandbox({ args: ['--speed', String(speed), ...args] });
    world = new StackWorld(sandbox);
    things = new AccountThings(sandbox);
  }
  async function stop(): Promise<void> {
    world.close();
    await sandbox.stop();
  }
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe('at one resource after the other', () => {
    before(() => start(100));
    after(stop);
    afterEach(() => sandbox.clearFaults());

    for (const name of all) {
      it(`leaves nothing behind when ${name} cannot be made`, async () => {
        const before = await things.all();
        await sandbox.addFault({ match: { resource: name }, times: 1, fault });
        const stack = await world.create(`at-${name}`, serviceTemplate());
        const events = await world.events(`at-${name}`);
        assert.equal(stack.StackStatus, 'ROLLBACK_COMPLETE', events.join('\n'));
        assert.ok(events.includes(`${name} CREATE_FAILED ${text}`), events.join('\n'));
        assert.deepEqual(await things.all(), before);
      });
    }

    const calls: readonly (readonly [service: string, operation: string, resource: string])[] = [
      ['iam', 'AttachRolePolicy', 'ExecutionRole'],
      ['iam', 'PutRolePolicy', 'TaskRole'],
      ['ec2', 'AuthorizeSecurityGroupIngress', 'BalancerGroup'],
      ['elbv2', 'ModifyTargetGroupAttributes', 'TargetGroup'],
      ['logs', 'PutRetentionPolicy', 'LogGroup'],
      ['ecs', 'CreateService', 'Service'],
      ['application-autoscaling', 'PutScalingPolicy', 'ScalingPolicy'],
    ];
    for (const [service, operation, resource] of calls) {
      it(`leaves nothing behind when ${operation} is refused`, async () => {
        const before = await things.all();
        await sandbox.addFault({ match: { service, operation }, times: 1, fault: { kind: 'denied' } });
        const stack = await world.create(`at-${operation}`, serviceTemplate());
        const events = await world.events(`at-${operation}`);
        assert.equal(stack.StackStatus, 'ROLLBACK_COMPLETE', events.join('\n'));
        const failed = events.find((event) => event.startsWith(`${resource} CREATE_FAILED Resource handler returned`));
        assert.match(failed ?? events.join('\n'), /not authorized to perform: .*HandlerErrorCode: AccessDenied\)$/);
        assert.deepEqual(await things.all(), before);
      });
    }

    it('leaves nothing behind when the tasks do not start', async () => {
      const before = await things.all();
      const stack = await world.create('crash', serviceTemplate({ image: 'nginx:scenario-start-fails' }));
      const events = await world.events('crash');
      assert.equal(stack.StackStatus, 'ROLLBACK_COMPLETE', events.join('\n'));
      const words = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.";
      assert.ok(events.some((event) => event.startsWith('Service CREATE_FAILED') && event.includes(words)));
      assert.deepEqual(await things.all(), before);
    });
  });

  describe('in an update', () => {
    before(async () => {
      await start(100);
      const { StackStatus } = await world.create('shop', serviceTemplate());
      assert.equal(StackStatus, 'CREATE_COMPLETE');
    });
    after(stop);
    afterEach(() => sandbox.clearFaults());
    const other = { ...serviceTemplate({ image: 'nginx:2', retention: 30, count: 2 }) };
    const withQueue = { ...other, Resources: { ...other.Resources, Queue: { Type: 'AWS::Logs::LogGroup' } } };

    for (const name of ['LogGroup', 'TaskDefinition', 'Service', 'Queue']) {
      it(`is as before when ${name} cannot be changed`, async () => {
        const before = [await things.all(), await world.resources('shop')];
        await sandbox.addFault({ match: { resource: name }, times: 1, fault });
        const { StackStatus } = await world.update('shop', withQueue);
        assert.equal(StackStatus, 'UPDATE_ROLLBACK_COMPLETE', (await world.events('shop')).join('\n'));
        const after = [await things.all(), await world.resources('shop')];
        assert.deepEqual(withoutTasks(after), withoutTasks(before));
      });
    }
    /** Tasks may be others than before. */
    const withoutTasks = ([account, resources]: unknown[]): unknown => [
      { ...(account as object), tasks: 0 },
      resources,
    ];

    it('goes back when somebody cancels it', async () => {
      const crashing = serviceTemplate({ image: 'nginx:scenario-unhealthy' });
      const TemplateBody = JSON.stringify(crashing).replace(
        '{"Enable":true,"Rollback":true}',
        '{"Enable":false,"Rollback":false}',
      );
      await world.client.send(new UpdateStackCommand({ StackName: 'shop', TemplateBody, Capabilities }));
      await until('the service is being changed', 10, async () =>
        (await world.events('shop')).at(-1) === 'Service UPDATE_IN_PROGRESS' ? true : undefined,
      );
      await world.client.send(new CancelUpdateStackCommand({ StackName: 'shop' }));
      const { StackStatus } = await world.settled('shop');
      const events = await world.events('shop');
      assert.equal(StackStatus, 'UPDATE_ROLLBACK_COMPLETE', events.join('\n'));
      assert.ok(events.includes('Service UPDATE_FAILED Resource update cancelled'), events.join('\n'));
    });

    it('can go on with a way back that failed', async () => {
      await sandbox.addFault({ match: { resource: 'LogGroup' }, times: 2, fault });
      const { StackStatus } = await world.update('shop', serviceTemplate({ retention: 90 }));
      assert.equal(StackStatus, 'UPDATE_ROLLBACK_FAILED', (await world.events('shop')).join('\n'));
      await world.client.send(new ContinueUpdateRollbackCommand({ StackName: 'shop' }));
      assert.equal((await world.settled('shop')).StackStatus, 'UPDATE_ROLLBACK_COMPLETE');
    });

    it('stays failed where that is wanted, until it is rolled back', async () => {
      const before = await world.resources('shop');
      await sandbox.addFault({ match: { resource: 'Service' }, times: 1, fault });
      const { StackStatus } = await world.update('shop', other, { DisableRollback: true });
      assert.equal(StackStatus, 'UPDATE_FAILED');
      await world.client.send(new RollbackStackCommand({ StackName: 'shop' }));
      assert.equal((await world.settled('shop')).StackStatus, 'UPDATE_ROLLBACK_COMPLETE');
      assert.deepEqual(await world.resources('shop'), before);
    });

    it('goes back to the last good state after several failures that stayed', async () => {
      const before = await world.resources('shop');
      const groups = (await things.all())['logGroups'];
      await sandbox.addFault({ match: { resource: 'Service' }, times: 2, fault });
      assert.equal((await world.update('shop', other, { DisableRollback: true })).StackStatus, 'UPDATE_FAILED');
      assert.equal((await world.update('shop', withQueue)).StackStatus, 'UPDATE_ROLLBACK_COMPLETE');
      assert.deepEqual(await world.resources('shop'), before);
      assert.deepEqual((await things.all())['logGroups'], groups);
    });

    it('stays as it is in a deletion that fails, until it is deleted again', async () => {
      await sandbox.addFault({ match: { resource: 'Cluster' }, times: 1, fault });
      const stack = await world.delete('shop');
      assert.equal(stack.StackStatus, 'DELETE_FAILED');
      assert.equal((await world.delete('shop')).StackStatus, 'DELETE_COMPLETE');
    });
  });

  describe('with the options of a creation', () => {
    before(() => start(100));
    after(stop);
    afterEach(() => sandbox.clearFaults());
    const small = {
      Resources: { A: { Type: 'AWS::Logs::LogGroup' }, B: { Type: 'AWS::Logs::LogGroup', DependsOn: 'A' } },
    };

    it('OnFailure=DO_NOTHING keeps what is there', async () => {
      await sandbox.addFault({ match: { resource: 'B' }, times: 1, fault });
      assert.equal((await world.create('kept', small, { OnFailure: 'DO_NOTHING' })).StackStatus, 'CREATE_FAILED');
      assert.match((await world.resources('kept'))['A'] ?? '', /^kept-A-/);
      assert.equal((await world.delete('kept')).StackStatus, 'DELETE_COMPLETE');
    });

    it('OnFailure=DELETE takes the stack away too', async () => {
      await sandbox.addFault({ match: { resource: 'B' }, times: 1, fault });
      const input = { StackName: 'gone', TemplateBody: JSON.stringify(small), OnFailure: 'DELETE' as const };
      const { StackId = '' } = await world.client.send(new CreateStackCommand(input));
      assert.equal((await world.settled(StackId)).StackStatus, 'DELETE_COMPLETE');
    });

    it('a creation that is under way is deleted', async () => {
      const before = await things.all();
      const crashing = serviceTemplate({ image: 'nginx:scenario-start-fails' });
      const TemplateBody = JSON.stringify(crashing).replace('"Enable":true', '"Enable":false');
      const { StackId = '' } = await world.client.send(
        new CreateStackCommand({ StackName: 'early', TemplateBody, Capabilities }),
      );
      await until('the service is being made', 10, async () =>
        (await world.resources('early'))['Service'] ? true : undefined,
      );
      await world.client.send(new DeleteStackCommand({ StackName: 'early' }));
      const { StackStatus } = await world.settled(StackId);
      assert.equal(StackStatus, 'DELETE_COMPLETE', (await world.events(StackId)).join('\n'));
      assert.deepEqual(await things.all(), before);
    });
  });

  it('goes on after a restart', async () => {
    await start(1, '--state', folder);
    const { Resources } = serviceTemplate();
    await world.client.send(
      new CreateStackCommand({ StackName: 'long', TemplateBody: JSON.stringify({ Resources }), Capabilities }),
    );
    await until('the service is being made', 10, async () =>
      (await world.resources('long'))['Service'] ? true : undefined,
    );
    await stop();
    await start(20, '--state', folder);
    const { StackStatus } = await world.settled('long');
    assert.equal(StackStatus, 'CREATE_COMPLETE', (await world.events('long')).join('\n'));
    assert.equal((await world.delete('long')).StackStatus, 'DELETE_COMPLETE');
    await stop();
  });
});
