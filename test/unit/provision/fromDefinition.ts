import type { DefinitionFacts } from '../../../src/provision/placement';
import type { DefinitionServiceChoices } from '../../../src/provision/serviceFromDefinition';

/** What a definition of one container for Fargate says; a test says what is different. */
export function facts(says: Partial<DefinitionFacts> = {}): DefinitionFacts {
  return {
    ...{ arn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:3', family: 'web', networkMode: 'awsvpc' },
    ...{ compatibilities: ['EC2', 'FARGATE'], isWindows: false, hasTaskRole: false },
    ports: [{ container: 'web', port: 8080 }],
    ...says,
  };
}

/** A service as the short way makes it. */
export function definitionService(says: Partial<DefinitionServiceChoices> = {}): DefinitionServiceChoices {
  return {
    ...{ name: 'web', definition: facts(), cluster: 'demo', capacity: { kind: 'fargate' } },
    capacities: [{ kind: 'fargate' }],
    network: { vpc: 'vpc-12345678', subnets: ['subnet-11111111', 'subnet-22222222'], publicAddress: true },
    ...{ desiredCount: 2, exec: false, reach: { kind: 'none' } },
    ...says,
  };
}

/** Reached by a load balancer. */
export const balanced: DefinitionServiceChoices['reach'] = {
  ...{ kind: 'targetGroup', container: 'web', port: 8080, name: 'web', targetType: 'ip', vpc: 'vpc-12345678' },
  arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef',
  sources: ['sg-0123456789abcdef0'],
};
