import assert from 'node:assert/strict';
import { english } from '../../../../src/core/message';
import { needsOf } from '../../../../src/ecs/taskNeeds';
import { given } from '../../../../src/network/known';
import { waysOf, type TaskAt, type Traveller } from '../../../../src/network/ways';
import { listener } from '../../kit/networkShapes';
import { sound, target } from '../../kit/soundNetwork';

const task = (id: string, address: string, says: Partial<TaskAt> = {}): TaskAt => ({
  ...{ id, lastStatus: 'RUNNING', networkInterface: `eni-${id}`, subnet: 'priv-a', privateAddress: address },
  ...says,
});

const traveller: Traveller = {
  placement: { subnets: ['priv-a', 'priv-b'], securityGroups: ['sg-task'], publicAddress: false },
  needs: needsOf({
    networkMode: 'awsvpc',
    containerDefinitions: [{ name: 'web', image: 'web', portMappings: [{ containerPort: 8080 }] }],
  }),
  targetGroups: [{ arn: 'tg', container: 'web', containerPort: 8080 }],
  asked: ['ecr.api', 's3'],
};

const ends = (network: typeof sound, tasks: readonly TaskAt[]): string[] =>
  waysOf(network, { ...traveller, tasks })
    .filter(({ direction }) => direction === 'in')
    .flatMap(({ hops }) => hops.filter(({ kind }) => kind === 'task'))
    .map(({ state, reason }) => `${state}: ${english(reason)}`);

describe('the ways of a service', () => {
  it('lead in by each listener to each task, and out of each subnet to each service of AWS', () => {
    const network = {
      ...sound,
      listeners: given([listener(), listener({ arn: 'plain', port: 80, protocol: 'HTTP' })]),
    };
    const tasks = [task('one', '10.0.10.5'), task('two', '10.0.11.6', { subnet: 'priv-b' })];
    assert.deepEqual(
      waysOf(network, { ...traveller, tasks }).map(({ direction, title }) => `${direction} ${title}`),
      [
        'in 443 → web:8080 → one',
        'in 80 → web:8080 → one',
        'in 443 → web:8080 → two',
        'in 80 → web:8080 → two',
        'out priv-a → ecr.api',
        'out priv-a → s3',
        'out priv-b → ecr.api',
        'out priv-b → s3',
      ],
    );
  });

  it('end in the interface, the task and the port', () => {
    const [way] = waysOf(sound, { ...traveller, tasks: [task('one', '10.0.10.5')] });
    assert.deepEqual(
      way?.hops.slice(-3).map(({ kind, id, state }) => `${kind} ${id} ${state}`),
      ['networkInterface eni-one open', 'task one open', 'containerPort 8080 open'],
    );
    assert.match(english(way?.hops.at(-3)?.reason ?? { text: '', args: [] }), /eni-one has 10\.0\.10\.5 in priv-a/);
  });

  it('say of each task what its target group thinks of it', () => {
    const targets = given({
      tg: [
        target('healthy'),
        target('unhealthy', { id: '10.0.10.6', description: 'Health checks failed with these codes: [500]' }),
        target('initial', { id: '10.0.10.7' }),
      ],
    });
    const tasks = ['10.0.10.5', '10.0.10.6', '10.0.10.7', '10.0.10.8'].map((address, index) =>
      task(`t${index}`, address),
    );
    assert.deepEqual(ends({ ...sound, targets }, [...tasks, task('late', '', { lastStatus: 'PENDING' })]), [
      'open: t0 is running and healthy',
      'blocked: t1 is unhealthy: Health checks failed with these codes: [500]',
      'unknown: t2 is running; as a target it is initial',
      'open: t3 is running',
      'unknown: late is pending',
    ]);
  });

  it('end where a task may start, when there is none', () => {
    const [way] = waysOf(sound, traveller);
    assert.equal(way?.title, '443 → web:8080');
    assert.deepEqual(
      way.hops.slice(-2).map(({ kind, id }) => `${kind} ${id}`),
      ['networkInterface priv-a, priv-b', 'containerPort 8080'],
    );
  });

  it('begin on the way out in the subnet that the tasks are in', () => {
    const out = waysOf(sound, traveller).filter(({ direction }) => direction === 'out');
    assert.deepEqual(
      out.map(({ hops }) => hops.map(({ kind }) => kind).join(' ')),
      out.map(() => 'subnet securityGroup networkAcl route natGateway service'),
    );
  });
});
