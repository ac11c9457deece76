import assert from 'node:assert/strict';
import path from 'node:path';
import type { AwsModule, Connection } from '../../../src/aws/api';
import { nameOf } from '../../../src/core/arn';
import { investigatorFor } from '../../../src/deploy/investigatorFor';
import { observerFor } from '../../../src/deploy/observerFor';
import { trusts } from '../../../src/deploy/preflight/roles';
import { registerCompared } from '../../../src/deploy/register';
import { RolloutWatch } from '../../../src/deploy/rollout';
import { startDeployment } from '../../../src/deploy/startDeployment';
import { revisionInput } from '../../../src/deploy/taskDefinition';
import { readImageFacts } from '../../../src/ecr/imageFacts';
import { findService } from '../../../src/ecs/findService';
import { containersOf } from '../../../src/ecs/taskDefinition';
import { readKnownNetwork, readVpcs } from '../../../src/provision/facts';
import { definitionInput } from '../../../src/provision/newDefinition';
import { capacitiesFor, definitionFacts, networkFor } from '../../../src/provision/placement';
import { runInput } from '../../../src/provision/runInput';
import {
  serviceProblems,
  stackNameOf,
  usableGroups,
  type DefinitionServiceChoices,
} from '../../../src/provision/serviceFromDefinition';
import { changedParameters, deleteStack, executeChange, ownTags, prepareChange } from '../../../src/provision/stackRun';
import { definitionServiceTemplate } from '../../../src/provision/template/serviceFromDefinition';
import { writeTemplate } from '../../../src/provision/template/yaml';
import { startSandbox, type Sandbox } from '../sandboxProcess';
import { until } from '../tools';
import { makeBalancer } from './madeBalancer';
import { makeNetwork } from './madeNetwork';
import { quickClock } from './quickClock';

const never = new AbortController().signal;
const ignore = (): void => undefined;

/** The AWS module as it is shipped: what the bundler leaves out must not be missed. */
const { connect } = require(path.resolve(__dirname, '../../../dist/aws.js')) as AwsModule; // eslint-disable-line @typescript-eslint/no-require-imports

/**
 * Rules of AWS: ECS RegisterTaskDefinition, CreateService and RunTask; the resource type AWS::ECS::Service; ELBv2
 * DescribeTargetGroups and IAM ListRoles, which come in pages.
 */
describe('from an image to a service, piece by piece', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let connection: Connection;
  let revision: string;

  before(async () => {
    sandbox = await startSandbox({ seed: 'tiny', runtime: 'simulated', args: ['--check-roles', '--speed', '20'] });
    connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true }, {} as never);
  });
  after(async () => {
    connection.dispose();
    assert.deepEqual(await sandbox.violations(), []);
    await sandbox.stop();
  });

  /** In the network in which the sandbox’s account begins. */
  async function placed(): Promise<DefinitionServiceChoices> {
    const definition = definitionFacts(await connection.ecs.describeTaskDefinition(revision, never));
    const [vpc] = await readVpcs(connection, never);
    const network = networkFor(definition, { kind: 'fargate' }, await readKnownNetwork(connection, vpc, never));
    return {
      ...{ name: 'page', definition, cluster: 'demo', capacity: { kind: 'fargate' }, capacities: [], network },
      ...{ desiredCount: 1, exec: false, reach: { kind: 'none' } },
    };
  }

  async function made(choices: DefinitionServiceChoices): Promise<void> {
    const tools = { stacks: connection.stacks, clock: quickClock() };
    const stack = stackNameOf(choices.cluster, choices.name);
    const template = writeTemplate(definitionServiceTemplate(choices));
    const request = { stack, isNew: true, template, parameters: { DesiredCount: '0' }, tags: ownTags };
    const changeSet = await prepareChange(tools, request, never);
    assert.ok(changeSet);
    await executeChange(tools, changeSet, () => undefined, never);
  }

  it('an image says on which platform it runs and which port it exposes', async () => {
    // The seed makes its images when the sandbox is ready already.
    const find = () => connection.ecr.findImage('demo/web', 'v1', never);
    const { digest } = await until('the image of the seed', 20, find);
    const { platforms, ports } = await readImageFacts(connection.ecr, 'demo/web', digest, never);
    assert.match(platforms.join(), /^linux\/(amd64|arm64)/);
    assert.deepEqual(ports, [8080]);
  });

  it('a role that tasks can take on is found, and ECS takes the definition as it is written', async () => {
    const roles = (await connection.roles.listRoles(never)).filter(({ trust }) => trusts(trust));
    const role = roles.find(({ arn }) => nameOf(arn) === 'ecsTaskExecutionRole');
    assert.ok(role);
    const { items } = await connection.ecr.describeRepositories({ names: ['demo/web'] }, never);
    const input = definitionInput({
      ...{ image: `${items[0]?.uri ?? ''}:v1`, family: 'page', cpu: 256, memory: 512, platform: 'linux/amd64' },
      ...{ port: 8080, logGroup: '/ecs/web', region: 'us-east-1', executionRole: role.arn },
      environment: { MODE: 'live' },
    });
    revision = await registerCompared(connection.ecs, input, never);
    assert.match(revision, /task-definition\/page:1$/);
  });

  it('the service is there without tasks, and its first tasks are a deployment of their own', async () => {
    const choices = await placed();
    await made(choices);
    const service = await findService(connection.ecs, 'demo', 'page', never);
    assert.deepEqual([service.desired, service.rules.breaker], [0, { enabled: true, rollback: false }]);
    const wish = { desiredCount: 1, forceNewDeployment: true };
    const start = await startDeployment(connection, { cluster: 'demo', service }, wish, never);
    assert.notEqual(start.deploymentId, service.deployments[0]?.id);
    await until('the task runs', 20, async () => {
      const { running, deployments } = await findService(connection.ecs, 'demo', 'page', never);
      return running === 1 && deployments[0]?.rolloutState === 'COMPLETED' ? true : undefined;
    });
  });

  it('its stack is told of the tasks, which stay, and rollback is on from then', async () => {
    const before = await findService(connection.ecs, 'demo', 'page', never);
    const tools = { stacks: connection.stacks, clock: quickClock() };
    const stack = await connection.stacks.findStack(stackNameOf('demo', 'page'), never);
    assert.ok(stack);
    const changeSet = await prepareChange(
      tools,
      await changedParameters(tools, stack, { DesiredCount: '1' }, never),
      never,
    );
    assert.deepEqual(
      changeSet?.changes.map(({ type, replacement }) => [type, replacement]),
      [['AWS::ECS::Service', 'False']],
    );
    await executeChange(tools, changeSet, () => undefined, never);
    const after = await findService(connection.ecs, 'demo', 'page', never);
    assert.deepEqual([after.running, after.rules.breaker], [1, { enabled: true, rollback: true }]);
    assert.equal(after.deployments[0]?.id, before.deployments[0]?.id);
  });

  it('its stack is known by its name and by what it holds, and takes everything away', async () => {
    const service = await findService(connection.ecs, 'demo', 'page', never);
    const stack = await connection.stacks.findStack(stackNameOf('demo', 'page'), never);
    assert.ok(stack);
    const resources = await connection.stacks.listResources(stack.id, never);
    assert.ok(resources.some(({ physicalId }) => physicalId === service.arn));
    await deleteStack({ stacks: connection.stacks, clock: quickClock() }, stack, () => undefined, never);
    await assert.rejects(findService(connection.ecs, 'demo', 'page', never), { reason: 'serviceMissing' });
    // The definition was there before the service, and stays.
    assert.ok(await connection.ecs.describeTaskDefinition(revision, never));
  });

  it('a load balancer that is there gets the tasks as its targets', async () => {
    const network = await makeNetwork(sandbox, 42);
    const targetGroup = await makeBalancer(sandbox, network);
    const choices = await placed();
    const groups = usableGroups(choices.definition, await connection.network.listTargetGroups(never));
    assert.deepEqual(
      groups.map(({ arn }) => arn),
      [targetGroup],
    );
    await made({
      ...choices,
      network: { vpc: network.vpc, subnets: [network.privateSubnet], publicAddress: false },
      reach: {
        ...{ kind: 'targetGroup', container: 'page', port: 8080, arn: targetGroup, name: 'web', targetType: 'ip' },
        ...{ vpc: network.vpc, sources: [network.lbGroup] },
      },
    });
    const service = await findService(connection.ecs, 'demo', 'page', never);
    assert.deepEqual(service.targetGroups, [{ arn: targetGroup, container: 'page', containerPort: 8080 }]);
    const [own = ''] = service.placement?.securityGroups ?? [];
    const [group] = await connection.vpc.describeSecurityGroups([own], never);
    assert.match(JSON.stringify(group), new RegExp(network.lbGroup));
    network.ec2.destroy();
  });

  it('a service on instances needs no network of its own', async () => {
    const definition = definitionFacts(await connection.ecs.describeTaskDefinition('web:1', never));
    const { found } = await connection.ecs.describeClusters(['demo'], never);
    const { capacityProviders: providers = [], containerInstances: instances = 0 } = found[0] ?? {};
    const [capacity] = capacitiesFor(definition, { name: 'demo', providers, managed: [], instances });
    assert.deepEqual(capacity, { kind: 'registeredInstances' });
    const choices = { ...(await placed()), name: 'second', definition, capacity, network: undefined };
    assert.deepEqual(serviceProblems(choices), []);
    await made(choices);
    assert.equal((await findService(connection.ecs, 'demo', 'second', never)).launchType, 'EC2');
  });

  it('first tasks that fail leave the service, because there is nothing to go back to', async () => {
    const described = await connection.ecs.describeTaskDefinition(revision, never);
    const [container] = containersOf(described.taskDefinition);
    const dockerLabels = { 'gantry.sandbox.scenario': 'exit-3' };
    const input = { ...revisionInput(described), containerDefinitions: [{ ...container, dockerLabels }] };
    const failing = definitionFacts(
      await connection.ecs.describeTaskDefinition(await registerCompared(connection.ecs, input, never), never),
    );
    await made({ ...(await placed()), name: 'failing', definition: failing });
    const service = await findService(connection.ecs, 'demo', 'failing', never);
    const wish = { desiredCount: 1, forceNewDeployment: true };
    const start = await startDeployment(connection, { cluster: 'demo', service }, wish, never);
    const listener = { wantsTasks: false, onState: ignore, onEvents: ignore, onFindings: ignore, onTasks: ignore };
    const observer = observerFor(connection, quickClock(), start);
    const watch = new RolloutWatch(
      connection.ecs,
      quickClock(),
      start,
      listener,
      investigatorFor(connection),
      observer,
    );
    const { verdict } = await watch.run(60_000, never);
    assert.equal(verdict.kind, 'failed');
    assert.equal((await findService(connection.ecs, 'demo', 'failing', never)).desired, 1);
  });

  it('a task runs once, without a service', async () => {
    const [task] = await connection.ecs.runTask({ ...runInput(await placed()), count: 1, startedBy: 'gantry' }, never);
    assert.match(task ?? '', /:task\/demo\//);
  });
});
