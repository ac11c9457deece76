import assert from 'node:assert/strict';
import { GantryError, type Reason } from '../../../src/core/errors';
import { english, message } from '../../../src/core/message';
import { Investigator, type Sources } from '../../../src/deploy/investigation';
import type { EcsGateway } from '../../../src/ecs/gateway';
import type { Service, Task } from '../../../src/ecs/model';
import type { LogLine } from '../../../src/logs/gateway';
import { container, deployment, gateway, ours, service, startedAt, task } from '../kit/ecsShapes';

const never = new AbortController().signal;
const crashed = (id: string, says: Partial<Task> = {}): Task =>
  task({
    arn: `arn:aws:ecs:us-east-1:123456789012:task/demo/${id}`,
    id,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    startedAt,
    containers: [container({ exitCode: 1 })],
    ...says,
  });
const definition = {
  executionRoleArn: 'arn:aws:iam::123456789012:role/exec',
  runtimePlatform: { cpuArchitecture: 'ARM64' },
  containerDefinitions: [
    {
      name: 'web',
      image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1',
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs', 'awslogs-region': 'us-east-1' },
      },
    },
  ],
};

interface Asked {
  readonly calls: string[];
  readonly sources: Sources;
}

/** What AWS has, with a count of what was asked. */
function world(
  tasks: readonly Task[],
  says: {
    readonly lines?: readonly LogLine[];
    readonly definition?: Record<string, unknown>;
    readonly denied?: readonly string[];
    readonly tags?: readonly string[];
    readonly targets?: { state: string; reason?: string; description?: string }[];
  } = {},
): Asked {
  const calls: string[] = [];
  const ask = <T>(operation: string, answer: T): Promise<T> => {
    calls.push(operation);
    return says.denied?.includes(operation)
      ? Promise.reject(new GantryError('accessDenied', message('You are not allowed to call {0}.', operation)))
      : Promise.resolve(answer);
  };
  const ecs: EcsGateway = gateway({
    listTasks: () => ask('ListTasks', { items: tasks.map(({ arn }) => arn), nextToken: undefined }),
    describeTasks: () => ask('DescribeTasks', { found: tasks, missing: [] }),
    describeTaskDefinition: () =>
      ask('DescribeTaskDefinition', { taskDefinition: says.definition ?? definition, tags: [] }),
  });
  const sources: Sources = {
    ecs,
    logs: { listTail: (group, stream) => ask(`GetLogEvents ${group} ${stream}`, says.lines ?? []) },
    network: {
      targetHealth: () =>
        ask(
          'DescribeTargetHealth',
          (says.targets ?? []).map(({ state, reason, description }) => ({
            id: '10.0.0.1',
            port: 80,
            state,
            reason,
            description,
          })),
        ),
    },
    ecr: {
      describeImages: () => {
        if (!says.tags) {
          calls.push('DescribeImages');
          return Promise.reject(new GantryError('notFound' satisfies Reason, message('gone')));
        }
        const image = {
          digest: 'sha256:00',
          size: 1,
          pulledAt: undefined,
          mediaType: undefined,
          artifactType: undefined,
        };
        const items = says.tags.map((tag, index) => ({
          ...image,
          ...{ tags: [tag], pushedAt: index, subject: undefined, status: undefined, scan: undefined },
        }));
        return ask('DescribeImages', { items, nextToken: undefined });
      },
    },
  };
  return { calls, sources };
}

const subject = (says: Partial<Service> = {}) => ({ cluster: 'demo', service: service(says), deploymentId: ours });

describe('an investigation', () => {
  it('finds the cause in the log of a container that exits, with four calls, and two when it looks again', async () => {
    const lines = [
      { at: 1, text: 'starting' },
      { at: 2, text: 'Error: connect ECONNREFUSED 127.0.0.1:5432' },
    ];
    const { calls, sources } = world([crashed('aa'), crashed('bb')], { lines });
    const investigator = new Investigator(sources);
    const [finding, ...others] = await investigator.investigate(subject(), never);
    assert.deepEqual(others, []);
    assert.equal(finding?.signature, 'connectionRefused');
    assert.equal(finding.tasks, 2);
    assert.deepEqual(finding.log, { group: '/ecs/web', stream: 'ecs/web/aa', container: 'web', lines });
    assert.equal(finding.evidence[0]?.text, lines[1]?.text);
    assert.ok(finding.evidence.some(({ text }) => text === 'web: exit code 1'));
    const first = ['ListTasks', 'DescribeTasks', 'DescribeTaskDefinition', 'GetLogEvents /ecs/web ecs/web/aa'];
    assert.deepEqual(calls, first);
    await investigator.investigate(subject(), never);
    assert.deepEqual(calls, [...first, 'ListTasks', 'DescribeTasks']);
  });

  it('looks again at a log that was empty', async () => {
    const { calls, sources } = world([crashed('aa')]);
    const investigator = new Investigator(sources);
    await investigator.investigate(subject(), never);
    await investigator.investigate(subject(), never);
    assert.equal(calls.filter((call) => call.startsWith('GetLogEvents')).length, 2);
    assert.equal(calls.filter((call) => call === 'DescribeTaskDefinition').length, 1);
  });

  it('keeps the finding when the log is denied, and says so', async () => {
    const { sources } = world([crashed('aa')], { denied: ['GetLogEvents /ecs/web ecs/web/aa'] });
    const [finding] = await new Investigator(sources).investigate(subject(), never);
    assert.equal(finding?.signature, 'exited');
    assert.match(finding.unread.map(english).join(), /log of “web” could not be read.*not allowed/);
  });

  it('keeps the finding when even the task definition is denied', async () => {
    const { sources } = world([crashed('aa')], { denied: ['DescribeTaskDefinition'] });
    const [finding] = await new Investigator(sources).investigate(subject(), never);
    assert.equal(finding?.signature, 'exited');
    assert.match(finding.unread.map(english).join(), /task definition could not be read/);
  });

  it('says where a log goes that it cannot read', async () => {
    const to = (logConfiguration: unknown) => ({ containerDefinitions: [{ name: 'web', logConfiguration }] });
    for (const [configuration, expected] of [
      [{ logDriver: 'awsfirelens' }, /goes to awsfirelens/],
      [undefined, /keeps no log/],
      [{ logDriver: 'awslogs', options: { 'awslogs-group': 'x' } }, /no stream prefix/],
      [
        {
          logDriver: 'awslogs',
          options: { 'awslogs-group': 'x', 'awslogs-stream-prefix': 'ecs', 'awslogs-region': 'eu-west-1' },
        },
        /another Region \(eu-west-1\)/,
      ],
    ] as const) {
      const { calls, sources } = world([crashed('aa')], { definition: to(configuration) });
      const [finding] = await new Investigator(sources).investigate(subject(), never);
      assert.match(finding?.unread.map(english).join() ?? '', expected);
      assert.equal(calls.length, 3);
    }
  });

  it('asks no log of a task that never ran, and the registry once', async () => {
    const missing = task({
      stopCode: 'TaskFailedToStart',
      stoppedReason:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1: not found',
    });
    const { calls, sources } = world([missing], { tags: ['0.8', '0.9'] });
    const [finding] = await new Investigator(sources).investigate(subject(), never);
    assert.equal(finding?.signature, 'imageMissing');
    assert.match(finding.evidence.map(({ text }) => text).join('\n'), /the newest are 0.9, 0.8/);
    assert.deepEqual(calls, ['ListTasks', 'DescribeTasks', 'DescribeImages']);
  });

  it('tells a repository that does not exist from an image that does not, and offers to create it', async () => {
    const missing = task({ stoppedReason: 'CannotPullContainerError: failed to resolve ref x/web:1: not found' });
    const { sources } = world([missing]);
    const [finding] = await new Investigator(sources).investigate(subject(), never);
    assert.equal(finding?.signature, 'repositoryMissing');
    assert.deepEqual(finding.action, { kind: 'createRepository', repository: 'web' });
  });

  it('asks nothing of a registry that is not the connection’s', async () => {
    const missing = task({
      stoppedReason: 'CannotPullContainerError: manifest for nginx:nope not found: manifest unknown',
      containers: [container({ image: 'public.ecr.aws/nginx/nginx:nope' })],
    });
    const { calls, sources } = world([missing]);
    await new Investigator(sources).investigate(subject(), never);
    assert.deepEqual(calls, ['ListTasks', 'DescribeTasks']);
  });

  it('finds what keeps tasks from being placed in the events, without a stopped task', async () => {
    const { calls, sources } = world([]);
    const at = startedAt + 1;
    const events = [
      { id: '3', at, text: '(service web) has started 1 tasks: (task 0f).' },
      { id: '2', at, text: '(service web) was unable to place a task. Reason: Capacity is unavailable at this time.' },
      { id: '1', at: startedAt - 1, text: '(service web) was unable to place a task. Reason: Internal error.' },
    ];
    const found = await new Investigator(sources).investigate(subject({ events }), never);
    assert.deepEqual(
      found.map(({ signature, tasks }) => [signature, tasks]),
      [['capacityUnavailable', 0]],
    );
    assert.deepEqual(calls, ['ListTasks', 'ListTasks']);
  });

  it('leaves alone what was before the last steady state', async () => {
    const { sources } = world([]);
    const events = [
      { id: '2', at: startedAt + 2, text: '(service web) has reached a steady state.' },
      { id: '1', at: startedAt + 1, text: '(service web) operations are being throttled on elb.' },
    ];
    assert.deepEqual(await new Investigator(sources).investigate(subject({ events }), never), []);
  });

  it('reads the health of the targets where health checks fail, and says the nearer cause', async () => {
    const targetGroups = [
      { arn: 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1', container: 'web', containerPort: 80 },
    ];
    const failed = crashed('aa', {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason:
        'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1)',
      containers: [container({ exitCode: 137 })],
    });
    const { calls, sources } = world([failed], {
      targets: [
        { state: 'healthy' },
        {
          state: 'unhealthy',
          reason: 'Target.ResponseCodeMismatch',
          description: 'Health checks failed with these codes: [404]',
        },
      ],
    });
    const found = await new Investigator(sources).investigate(subject({ targetGroups }), never);
    assert.deepEqual(
      found.map(({ signature, tasks }) => [signature, tasks]),
      [['healthPathMissing', 1]],
    );
    assert.equal(calls.filter((call) => call === 'DescribeTargetHealth').length, 1);
  });

  const failedCheck = crashed('aa', {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason:
      'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1)',
  });

  it('remembers what the health checks said when their targets are gone', async () => {
    const targets = [{ state: 'unhealthy', description: 'Health checks failed with these codes: [404]' }];
    const { sources } = world([failedCheck], { targets });
    const targetGroups = [
      { arn: 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1', container: 'web', containerPort: 80 },
    ];
    const investigator = new Investigator(sources);
    await investigator.investigate(subject({ targetGroups }), never);
    targets.splice(0, 1, { state: 'healthy', description: '' });
    const [found] = await investigator.investigate(subject({ targetGroups }), never);
    assert.equal(found?.signature, 'healthPathMissing');
  });

  it('heeds the events of a deployment that was taken back, and none after the steady state that followed', async () => {
    const { sources } = world([failedCheck]);
    const events = [
      { id: '3', at: startedAt + 3, text: '(service web) operations are being throttled on elb.' },
      { id: '2', at: startedAt + 2, text: '(service web) has reached a steady state.' },
      {
        id: '1',
        at: startedAt + 1,
        text: '(service web) (port 80) is unhealthy in (target-group x) due to (reason Health checks failed with these codes: [404])',
      },
    ];
    const gone = { ...subject({ events, deployments: [] }), since: startedAt };
    const found = await new Investigator(sources).investigate(gone, never);
    assert.deepEqual(
      found.map(({ signature }) => signature),
      ['healthPathMissing'],
    );
  });

  it('takes the breaker for a consequence, and says it only where nothing else is known', async () => {
    const failed = deployment({
      rolloutState: 'FAILED',
      rolloutReason: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    const withTasks = world([crashed('aa')]);
    const [cause, ...rest] = await new Investigator(withTasks.sources).investigate(
      subject({ deployments: [failed] }),
      never,
    );
    assert.equal(cause?.signature, 'exited');
    assert.deepEqual(rest, []);
    assert.ok(cause.evidence.some(({ kind }) => kind === 'deployment'));
    const [alone] = await new Investigator(world([]).sources).investigate(subject({ deployments: [failed] }), never);
    assert.equal(alone?.signature, 'circuitBreaker');
  });

  it('does not take how a container ended for the cause when somebody else stopped its task', async () => {
    const failed = crashed('aa', {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
      containers: [container({ exitCode: 137 })],
    });
    const { sources } = world([failed]);
    const [finding] = await new Investigator(sources).investigate(subject(), never);
    assert.equal(finding?.signature, 'containerHealth');
  });

  it('fills in what a button needs', async () => {
    const action = async (says: Partial<Task>) => {
      const { sources } = world([task({ stopCode: 'TaskFailedToStart', ...says })], { tags: ['1'] });
      return (await new Investigator(sources).investigate(subject(), never))[0]?.action;
    };
    assert.deepEqual(
      await action({
        stoppedReason:
          'ResourceInitializationError: failed to validate logger args: The specified log group does not exist.',
      }),
      { kind: 'createLogGroup', group: '/ecs/web', region: 'us-east-1' },
    );
    assert.deepEqual(
      await action({
        containers: [container({ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' })],
      }),
      {
        kind: 'raiseMemory',
        taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:2',
        container: 'web',
      },
    );
    assert.deepEqual(
      await action({
        stoppedReason:
          "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
      }),
      { kind: 'rebuild', platform: 'linux/arm64', container: 'web' },
    );
    const denied = await action({
      stoppedReason:
        'CannotPullContainerError: User: arn:aws:sts::123456789012:assumed-role/exec/0f is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:123456789012:repository/web because no identity-based policy allows it',
    });
    assert.equal(denied?.kind, 'attachPolicy');
    assert.equal(denied.role, 'exec');
    assert.deepEqual(
      denied.statements.map(({ Resource }) => Resource),
      [['*'], ['arn:aws:ecr:us-east-1:123456789012:repository/web']],
    );
  });

  it('asks what the network lets through where that may be the cause', async () => {
    const { sources } = world([task({ stoppedReason: 'CannotPullContainerError: context canceled' })]);
    const asked: string[] = [];
    const rule = {
      kind: 'addIngressRule',
      securityGroup: 'sg-1',
      protocol: 'tcp',
      fromPort: 80,
      toPort: 80,
      source: 'sg-2',
    } as const;
    const investigator = new Investigator({
      ...sources,
      explainNetwork: ({ signature }) => {
        asked.push(signature);
        return Promise.resolve({ texts: ['subnet-1 has no route to the internet'], action: rule });
      },
    });
    const [finding] = await investigator.investigate(subject(), never);
    assert.deepEqual(asked, ['registryUnreachable']);
    assert.equal(finding?.evidence.at(-1)?.text, 'subnet-1 has no route to the internet');
    assert.deepEqual(finding.action, rule);
  });

  it('survives being written down', async () => {
    const { sources } = world([crashed('aa')], { lines: [{ at: 1, text: 'panic: no' }] });
    const findings = await new Investigator(sources).investigate(subject(), never);
    const again: unknown = JSON.parse(JSON.stringify(findings));
    assert.equal(JSON.stringify(again), JSON.stringify(findings));
  });

  it('ends when it is cancelled', async () => {
    const { sources } = world([crashed('aa')]);
    const cancelled = () => Promise.reject(new GantryError('cancelled', message('Cancelled.')));
    const investigator = new Investigator({ ...sources, logs: { listTail: cancelled } });
    await assert.rejects(investigator.investigate(subject(), never), { reason: 'cancelled' });
  });

  it('looks at one stopped task, also at one that a person stopped', async () => {
    const byHand = crashed('aa', {
      stopCode: 'UserInitiated',
      stoppedReason: 'maintenance window',
      group: 'family:batch',
    });
    const { findings } = await new Investigator(world([]).sources).lookAtTask(byHand, never);
    assert.equal(findings[0]?.signature, 'stoppedByPerson');
  });
});
