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

/** A service of the seed `tiny`, changed by a second pair of hands. */
export class SeedService {
  constructor(
    private readonly ecs: ECSClient,
    private readonly name: 'web' | 'worker',
  ) {}

  /** Registers a revision that fares as a scenario of the simulated runtime says. @returns its ARN */
  async revision(scenario: string | undefined): Promise<string> {
    const { taskDefinition } = await this.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: `${this.name}:1` }),
    );
    assert.ok(taskDefinition);
    const { requiresCompatibilities, networkMode, cpu, memory, executionRoleArn } = taskDefinition;
    const [definition] = taskDefinition.containerDefinitions ?? [];
    const dockerLabels = scenario ? { 'gantry.sandbox.scenario': scenario } : { made: 'well' };
    const registered = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family: this.name, requiresCompatibilities, networkMode, cpu, memory, executionRoleArn },
        containerDefinitions: [{ ...definition, dockerLabels }],
      }),
    );
    return registered.taskDefinition?.taskDefinitionArn ?? '';
  }

  async deploy(taskDefinition: string): Promise<void> {
    await this.ecs.send(new UpdateServiceCommand({ cluster, service: this.name, taskDefinition }));
  }

  async describe(): Promise<Service> {
    const { services = [] } = await this.ecs.send(new DescribeServicesCommand({ cluster, services: [this.name] }));
    assert.ok(services[0]);
    return services[0];
  }
}
