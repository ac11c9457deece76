import type { ExpressChoices, ServiceChoices } from '../../../src/provision/choices';

/** A service as the short way makes it; a test says what is different. */
export function service(says: Partial<ServiceChoices> = {}): ServiceChoices {
  return {
    ...{ kind: 'service', name: 'web', capacity: { kind: 'fargate' }, cpu: 256, memory: 512, platform: 'linux/amd64' },
    repository: { kind: 'new', name: 'web', scanOnPush: true, immutableTags: false },
    cluster: { kind: 'new', name: 'web', insights: false },
    containers: [{ name: 'web', ports: [8080], environment: {}, secrets: [], essential: true }],
    network: { vpc: 'vpc-12345678', subnets: ['subnet-11111111', 'subnet-22222222'], publicAddress: true },
    front: {
      ...{ kind: 'loadBalancer', scheme: 'internet-facing', subnets: ['subnet-11111111', 'subnet-22222222'] },
      ...{ healthCheckPath: '/', allowedFrom: '0.0.0.0/0' },
    },
    ...{ desiredCount: 1, deployment: 'rolling', exec: true, logRetention: 30 },
    ...says,
  };
}

export function express(says: Partial<ExpressChoices> = {}): ExpressChoices {
  return {
    ...{ kind: 'express', name: 'web', cpu: 1024, memory: 2048, healthCheckPath: '/', logRetention: 30 },
    repository: { kind: 'new', name: 'web', scanOnPush: true, immutableTags: false },
    cluster: { kind: 'new', name: 'web', insights: false },
    container: { name: 'web', ports: [8080], environment: {}, secrets: [], essential: true },
    ...says,
  };
}
