import assert from 'node:assert/strict';
import { diagnose } from '../../../src/deploy/diagnosis';
import { container, task } from '../kit/ecsShapes';

describe('diagnosis', () => {
  const exits: [Parameters<typeof container>[0], string][] = [
    [{ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }, 'outOfMemory'],
    [
      { exitCode: 127, reason: 'CannotStartContainerError: exec: "nope": executable file not found in $PATH' },
      'wrongCommand',
    ],
    [{ exitCode: 126 }, 'notExecutable'],
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
});
