import assert from 'node:assert/strict';
import { diagnose } from '../../../src/deploy/diagnosis';
import { catalogue } from '../../../src/deploy/signatures';
import { container, task } from '../kit/ecsShapes';

/** Texts as AWS writes them, with the cause that they stand for. */
const stopped: [string, string][] = [
  [
    'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 1.dkr.ecr.us-east-1.amazonaws.com/web:nope: 1.dkr.ecr.us-east-1.amazonaws.com/web:nope: not found',
    'imageMissing',
  ],
  [
    'CannotPullContainerError: pull access denied for web, repository does not exist or may require authorization: denied: requested access to the resource is denied',
    'imageMissing',
  ],
  [
    'CannotPullContainerError: pull access denied: User: arn:aws:sts::1:assumed-role/x is not authorized to perform: ecr:BatchGetImage on resource: y',
    'pullDenied',
  ],
  [
    'CannotPullContainerError: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    'registryUnreachable',
  ],
  [
    "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
    'imagePlatform',
  ],
  ['CannotPullContainerError: toomanyrequests: You have reached your unauthenticated pull rate limit', 'pullRateLimit'],
  ['CannotPullContainerError: write /var/lib/docker/tmp/x: no space left on device', 'diskFull'],
  [
    'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR.',
    'registryUnreachable',
  ],
  [
    'ResourceInitializationError: failed to validate logger args: The specified log group does not exist.',
    'logGroupMissing',
  ],
  ['ResourceInitializationError: something that is new', 'resourceInitialization'],
  [
    'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1)',
    'loadBalancerHealth',
  ],
  ['Task failed container health checks', 'containerHealth'],
];

describe('diagnosis', () => {
  for (const [text, signature] of stopped) {
    it(`${signature}: ${text.slice(0, 70)}…`, () => {
      assert.deepEqual(
        diagnose([task({ stoppedReason: text })]).map((finding) => finding.signature),
        [signature],
      );
    });
  }

  const exits: [Parameters<typeof container>[0], string][] = [
    [{ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }, 'outOfMemory'],
    [
      { exitCode: 127, reason: 'CannotStartContainerError: exec: "nope": executable file not found in $PATH' },
      'wrongCommand',
    ],
    [{ exitCode: 126 }, 'wrongCommand'],
    [{ exitCode: 139 }, 'segmentationFault'],
    [{ exitCode: 137 }, 'killed'],
    [{ exitCode: 3 }, 'exited'],
    [{ exitCode: 0 }, 'endedByItself'],
  ];
  for (const [says, signature] of exits) {
    it(`${signature}: exit code ${says?.exitCode ?? ''}`, () => {
      const found = diagnose([
        task({ stoppedReason: 'Essential container in task exited', containers: [container(says)] }),
      ]);
      assert.deepEqual(
        found.map((finding) => finding.signature),
        [signature],
      );
    });
  }

  it('is one finding for the same cause over several tasks, the commonest first', () => {
    const oom = task({ containers: [container({ reason: 'OutOfMemoryError: Container killed due to memory usage' })] });
    const found = diagnose([task({ containers: [container({ exitCode: 3 })] }), oom, oom]);
    assert.deepEqual(
      found.map(({ signature, tasks }) => [signature, tasks]),
      [
        ['outOfMemory', 2],
        ['exited', 1],
      ],
    );
  });

  it('says nothing about a normal replacement or a person’s StopTask', () => {
    const replaced = task({
      stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
      containers: [container({ exitCode: 143 })],
    });
    const byHand = task({
      stopCode: 'UserInitiated',
      stoppedReason: 'maintenance',
      containers: [container({ exitCode: 1 })],
    });
    assert.deepEqual(diagnose([replaced, byHand]), []);
  });

  it('admits what it does not recognise and quotes it', () => {
    const [finding] = diagnose([task({ stoppedReason: 'A text that nobody has seen' })]);
    assert.equal(finding?.confidence, 'unrecognised');
    assert.deepEqual(finding?.evidence, [{ kind: 'stopped', text: 'A text that nobody has seen', recognised: false }]);
  });

  it('has a signature of its own for every entry', () => {
    assert.equal(new Set(catalogue.map(({ id }) => id)).size, catalogue.length);
  });
});
