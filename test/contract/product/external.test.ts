import assert from 'node:assert/strict';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  CreateTaskSetCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServicePrimaryTaskSetCommand,
} from '@aws-sdk/client-ecs';
import { connect } from '../../../src/aws/connect';
import { investigatorFor } from '../../../src/deploy/investigatorFor';
import { findDeployable, findService } from '../../../src/ecs/findService';
import { serviceRow } from '../../../src/explorer/serviceRow';
import { needsOwnSandbox } from '../elsewhere';
import { type Sandbox, startSandbox } from '../sandboxProcess';
import { sdkConfig, until } from '../tools';

const never = new AbortController().signal;
const place = { cluster: 'demo', service: 'web' };

/** Rules of AWS: ECS CreateTaskSet, DescribeServices `taskSets[]` of an EXTERNAL deployment controller. */
needsOwnSandbox('a faster clock').describe('a service of an external controller', function () {
  this.timeout(30_000);
  let sandbox: Sandbox;
  let ecs: ECSClient;
  before(async () => {
    sandbox = await startSandbox({ args: ['--speed', '20'] });
    ecs = new ECSClient(sdkConfig(sandbox));
  });
  after(async () => {
    ecs.destroy();
    await sandbox.stop();
  });

  it('is shown and explained, and left alone', async () => {
    const connection = connect({ endpoint: sandbox.endpoint, region: 'us-east-1', sandbox: true });
    await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family: 'web', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' },
        containerDefinitions: [{ name: 'web', image: 'nginx', dockerLabels: { 'gantry.sandbox.scenario': 'exit-1' } }],
      }),
    );
    await ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'demo', serviceName: 'web', desiredCount: 1 },
        deploymentController: { type: 'EXTERNAL' },
      }),
    );
    const { taskSet } = await ecs.send(
      new CreateTaskSetCommand({
        ...{ ...place, taskDefinition: 'web', launchType: 'FARGATE', scale: { value: 100, unit: 'PERCENT' } },
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'] } },
      }),
    );
    await ecs.send(new UpdateServicePrimaryTaskSetCommand({ ...place, primaryTaskSet: taskSet?.id }));
    const service = await findService(connection.ecs, 'demo', 'web', never);
    assert.equal(service.taskDefinition, taskSet?.taskDefinition);
    assert.equal(service.deployments[0]?.id, taskSet?.id);
    assert.equal(serviceRow(service).revision, 'web:1');
    const findings = await until('the cause is found', 20, async () => {
      const subject = { cluster: 'demo', service, deploymentId: taskSet?.id ?? '' };
      const found = await investigatorFor(connection).investigate(subject, never);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(findings[0]?.signature, 'exited');
    await assert.rejects(
      findDeployable(connection.ecs, 'demo', 'web', never),
      /“web” is deployed by an EXTERNAL controller, so Gantry only shows it/,
    );
    connection.dispose();
  });
});
