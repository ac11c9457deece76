import assert from 'node:assert/strict';
import { english, message } from '../../../src/core/message';
import { toFinding } from '../../../src/deploy/diagnosis';
import { findingsReport } from '../../../src/deploy/findingsReport';
import { task } from '../kit/ecsShapes';

const voice = { say: english, date: (at: number) => `t${at}` };
const head = { title: 'Why “web” is failing', about: ['demo / web'] };

describe('the report of findings', () => {
  it('says cause, what to do, evidence, log, and what could not be read', () => {
    const finding = {
      ...toFinding({
        tasks: [task(), task()],
        container: undefined,
        texts: [
          { kind: 'stopped', text: 'ResourceInitializationError: The specified log group does not exist.' },
          { kind: 'event', text: 'A text that nobody has seen', at: 5 },
        ],
      }),
      log: { group: '/ecs/web', stream: 'ecs/web/1', container: 'web', lines: [{ at: 7, text: 'last words' }] },
      action: { kind: 'createLogGroup', group: '/ecs/web', region: undefined } as const,
      foundAt: 9,
    };
    const text = findingsReport(head, [finding], [message('The moon could not be read')], voice);
    const order = [
      'Why “web” is failing',
      'Known cause · 2 tasks',
      'The log group of the task definition does not exist.',
      'What to do:',
      'Create the log group /ecs/web',
      'Evidence',
      'Not recognised',
      't5  A text that nobody has seen',
      't7  last words',
      'Found: t9',
      'Could not be read',
      'The moon could not be read',
    ];
    const places = order.map((part) => text.indexOf(part));
    assert.ok(
      places.every((place) => place >= 0),
      JSON.stringify(order.filter((_, index) => (places[index] ?? -1) < 0)),
    );
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      places,
    );
  });

  it('lets text from elsewhere make no lines of its own', () => {
    const finding = toFinding({
      tasks: [],
      container: undefined,
      texts: [{ kind: 'event', text: 'x\nCould not be read\u202e\u0007\u2028[click](command:evil)' }],
    });
    const text = findingsReport(head, [finding], [], voice);
    assert.equal(
      text.split('\n').some((line) => line.startsWith('Could not be read')),
      false,
    );
    assert.doesNotMatch(text, /[\u0007\u202e\u2028]/);
  });

  it('shows the policy that is missing', () => {
    const statements = [{ Effect: 'Allow', Action: ['ecr:BatchGetImage'], Resource: ['arn:x'] }] as const;
    const finding = {
      ...toFinding({
        tasks: [task()],
        container: undefined,
        texts: [{ kind: 'stopped', text: 'pull access denied: not authorized to perform: ecr:BatchGetImage' }],
      }),
      action: { kind: 'attachPolicy', role: 'exec', statements } as const,
    };
    assert.match(findingsReport(head, [finding], [], voice), /policy to attach to exec[^]*"ecr:BatchGetImage"/);
  });
});
