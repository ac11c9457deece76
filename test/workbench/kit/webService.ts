import assert from 'node:assert/strict';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';

const cluster = 'demo';

/** The service `web` of the seed `tiny`, changed by a second pair of hands. */
export class WebService {
  constructor(private readonly ecs: ECSClient) {}

  /** Registers a revision that fares as a scenario of the simulated runtime says. @returns its ARN */
  async revision(scenario: string | undefined): Promise<string> {
    const { taskDefinition } = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web:1' }));
    assert.ok(taskDefinition);
    const { requiresCompatibilities, networkMode, cpu, memory, executionRoleArn } = taskDefinition;
    const [definition] = taskDefinition.containerDefinitions ?? [];
    const dockerLabels = scenario ? { 'gantry.sandbox.scenario': scenario } : { made: 'well' };
    const registered = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family: 'web', requiresCompatibilities, networkMode, cpu, memory, executionRoleArn },
        containerDefinitions: [{ ...definition, dockerLabels }],
      }),
    );
    return registered.taskDefinition?.taskDefinitionArn ?? '';
  }

  async deploy(taskDefinition: string): Promise<void> {
    await this.ecs.send(new UpdateServiceCommand({ cluster, service: 'web', taskDefinition }));
  }

  async describe(): Promise<Service> {
    const { services = [] } = await this.ecs.send(new DescribeServicesCommand({ cluster, services: ['web'] }));
    assert.ok(services[0]);
    return services[0];
  }
}
