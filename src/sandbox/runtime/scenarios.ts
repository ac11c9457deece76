import type { ContainerDefinition } from '../ecsService/types';

/** How a simulated container fares, apart from running until it is stopped. Times in milliseconds at speed 1. */
export type Scenario =
  | { readonly kind: 'fails'; readonly reason: string }
  | {
      readonly kind: 'exits';
      readonly after: number;
      readonly exitCode: number;
      readonly reason?: string;
      /** What it writes before. */
      readonly output?: string;
    }
  | { readonly kind: 'unhealthy'; readonly after: number }
  /** Runs, and answers the load balancer's health check with this status code, or not in time. */
  | { readonly kind: 'balanced'; readonly code: number | 'timeout' };

/** Names a scenario in a container definition's `dockerLabels`. */
export const scenarioLabel = 'gantry.sandbox.scenario';
/** Or in an image's tag: `…:scenario-oom`. */
const tagForm = /:scenario-([a-z0-9-]+)$/;

const scenarios: Readonly<Record<string, Scenario>> = {
  oom: { kind: 'exits', after: 500, exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
  'exec-format': { kind: 'exits', after: 100, exitCode: 255, output: 'exec /usr/local/bin/server: exec format error' },
  unhealthy: { kind: 'unhealthy', after: 1000 },
  'no-route': {
    kind: 'fails',
    reason:
      'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from ' +
      'Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration.',
  },
  'secret-missing': {
    kind: 'fails',
    reason:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ' +
      "unable to retrieve secret from asm: service call has been retried 1 time(s): ResourceNotFoundException: Secrets Manager can't find the specified secret.",
  },
  'start-fails': {
    kind: 'fails',
    reason:
      'CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create ' +
      'shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ' +
      '"server": executable file not found in $PATH: unknown',
  },
  'pull-denied': {
    kind: 'fails',
    reason:
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref: pulling from ' +
      'host failed with status code [manifests 1]: 403 Forbidden: User: ' +
      'arn:aws:sts::000000000000:assumed-role/ecsTaskExecutionRole/0123456789abcdef is not authorized to perform: ' +
      'ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:000000000000:repository/demo/web because no ' +
      'identity-based policy allows the ecr:BatchGetImage action',
  },
  'secret-denied': {
    kind: 'fails',
    reason:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ' +
      'unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ' +
      'arn:aws:secretsmanager:us-east-1:000000000000:secret:db-a1b2c3 from secrets manager: AccessDeniedException: ' +
      'User: arn:aws:sts::000000000000:assumed-role/ecsTaskExecutionRole/0123456789abcdef is not authorized to ' +
      'perform: secretsmanager:GetSecretValue on resource: ' +
      'arn:aws:secretsmanager:us-east-1:000000000000:secret:db-a1b2c3 because no identity-based policy allows the ' +
      'secretsmanager:GetSecretValue action',
  },
  'efs-timeout': {
    kind: 'fails',
    reason:
      'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: ' +
      "b'mount.nfs4: Connection timed out' : unsuccessful EFS utils command execution; code: 32",
  },
  'rate-limit': {
    kind: 'fails',
    reason:
      'CannotPullContainerError: Error response from daemon: toomanyrequests: You have reached your pull rate limit.',
  },
};

/**
 * The scenario that a container asks for by its label or its image's tag; `exit-N` ends with that code, `elb-N`
 * answers the load balancer's health check with it, `elb-timeout` not at all.
 */
export function scenarioOf({ definition }: { readonly definition: ContainerDefinition }): Scenario | undefined {
  const name = nameOfScenario(definition);
  if (name === undefined) return undefined;
  const code = /^exit-(\d{1,3})$/.exec(name)?.[1];
  if (code !== undefined) return { kind: 'exits', after: 500, exitCode: Number(code) };
  const answer = /^elb-(\d{3}|timeout)$/.exec(name)?.[1];
  if (answer !== undefined) return { kind: 'balanced', code: answer === 'timeout' ? answer : Number(answer) };
  return Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
}

type Definitions = readonly ContainerDefinition[];

function nameOfScenario({ dockerLabels, image }: ContainerDefinition): string | undefined {
  return dockerLabels?.[scenarioLabel] ?? tagForm.exec(image)?.[1];
}

/**
 * What becomes of a deployment's Lambda hooks, which nothing runs: `hook-fails` fails them, with `stuck-at-hook` they
 * never answer.
 */
export function hookOutcome(definitions: Definitions): 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS' {
  const names = definitions.map(nameOfScenario);
  if (names.includes('hook-fails')) return 'FAILED';
  return names.includes('stuck-at-hook') ? 'IN_PROGRESS' : 'SUCCEEDED';
}

/** True for the scenario `capacity`: no task can be placed. */
export function lacksCapacity(definitions: Definitions): boolean {
  return definitions.some((definition) => nameOfScenario(definition) === 'capacity');
}

/** What a simulated container answers to the health check of a load balancer. */
export function balancerCode(definition: ContainerDefinition): number | 'timeout' {
  const scenario = scenarioOf({ definition });
  return scenario?.kind === 'balanced' ? scenario.code : 200;
}
