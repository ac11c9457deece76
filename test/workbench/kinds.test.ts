import {
  CreateCapacityProviderCommand,
  CreateDaemonCommand,
  CreateExpressGatewayServiceCommand,
  CreateServiceCommand,
  PutClusterCapacityProvidersCommand,
  RegisterDaemonTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { keepEvidence } from './kit/evidence';
import { openScene, type Scene } from './kit/scene';
import type { View } from './kit/view';

const role = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;

/** Things of ECS that look like others and are not. */
describe('things that are named for what they are', () => {
  let scene: Scene;
  let ecs: View;

  keepEvidence(() => scene, 'Gantry');

  before(async () => {
    scene = await openScene({
      sandbox: { seed: 'tiny', runtime: 'simulated', args: ['--speed', '20'] },
      viewport: { width: 1280, height: 1600 },
    });
    await makeManagedInstances();
    await scene.ecs.send(
      new CreateExpressGatewayServiceCommand({
        ...{ cluster: 'demo', serviceName: 'hello', primaryContainer: { image: 'nginx' } },
        ...{ executionRoleArn: role('ecsTaskExecutionRole'), infrastructureRoleArn: role('express') },
      }),
    );
    await scene.ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'demo', serviceName: 'external', taskDefinition: 'web', desiredCount: 0 },
        deploymentController: { type: 'CODE_DEPLOY' },
      }),
    );
    await scene.workbench.activity('Gantry');
    ecs = scene.workbench.view('ECS');
    await ecs.expand(/^demo/);
  });

  after(() => scene?.close());

  /** A capacity provider whose instances ECS manages, with a service and a daemon on it. */
  async function makeManagedInstances(): Promise<void> {
    await scene.ecs.send(
      new CreateCapacityProviderCommand({
        ...{ name: 'mi', cluster: 'demo' },
        managedInstancesProvider: {
          infrastructureRoleArn: role('infrastructure'),
          instanceLaunchTemplate: {
            ec2InstanceProfileArn: 'arn:aws:iam::000000000000:instance-profile/a',
            networkConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'] },
          },
        },
      }),
    );
    const capacityProviders = ['mi', 'FARGATE'];
    await scene.ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: 'demo',
        capacityProviders,
        defaultCapacityProviderStrategy: [],
      }),
    );
    await scene.ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'demo', serviceName: 'own', taskDefinition: 'web', desiredCount: 1 },
        capacityProviderStrategy: [{ capacityProvider: 'mi', weight: 1 }],
      }),
    );
    const containerDefinitions = [{ name: 'agent', image: 'nginx', memory: 64 }];
    const { daemonTaskDefinitionArn } = await scene.ecs.send(
      new RegisterDaemonTaskDefinitionCommand({ family: 'agent', containerDefinitions }),
    );
    const provider = 'arn:aws:ecs:us-east-1:000000000000:capacity-provider/mi';
    await scene.ecs.send(
      new CreateDaemonCommand({
        ...{ daemonName: 'agent', clusterArn: 'demo' },
        ...{ daemonTaskDefinitionArn, capacityProviderArns: [provider] },
      }),
    );
  }

  it('services of Express Mode and of other controllers', async () => {
    await ecs.waitForRow('hello', 'Express Mode');
    await ecs.waitForRow('external', 'CodeDeploy');
  });

  it('Managed Instances among the container instances', async () => {
    await ecs.waitForRow('own', '1/1 running');
    await ecs.title('Refresh ECS');
    await ecs.expand('Container instances');
    await ecs.waitForRow(/^i-/, 'Managed Instance');
  });

  it('daemons', async () => {
    await ecs.expand('Daemons');
    await ecs.waitForRow('agent', 'active');
    await scene.workbench.screenshot('kinds');
  });
});
