import assert from 'node:assert/strict';
import type { Task } from '../../../src/ecs/model';
import { RepositoryUses } from '../../../src/ecr/uses';
import { digest, image, index } from './images';

const uri = '1.dkr.ecr.eu-west-1.amazonaws.com/shop/web';
const task = (name: string, containerImage: string, imageDigest?: string, more: Partial<Task> = {}): Task =>
  ({
    ...{ arn: name, clusterArn: 'arn:aws:ecs:eu-west-1:1:cluster/prod', group: 'service:web' },
    taskDefinition: 'arn:aws:ecs:eu-west-1:1:task-definition/web:7',
    containers: [{ image: containerImage, imageDigest }],
    ...more,
  }) as unknown as Task;

describe('who uses an image', () => {
  it('is known by the digest that a task runs, wherever its tag is by now', () => {
    const uses = new RepositoryUses(uri, [
      task('t1', `${uri}:latest`, digest('a')),
      task('t2', `${uri}:latest`, digest('a')),
    ]);
    assert.deepEqual(uses.of(image('a')), [
      { name: 'web', isService: true, cluster: 'prod', taskDefinition: 'web:7', tasks: 2 },
    ]);
    assert.deepEqual(uses.of(image('b', { tags: ['latest'] })), []);
  });
  it('is known by the tag where there is no digest, and by the family where there is no service', () => {
    const uses = new RepositoryUses(uri, [task('t1', `${uri}:1`, undefined, { group: 'family:web' })]);
    assert.deepEqual(
      uses.of(image('a', { tags: ['1'] })).map(({ name, isService }) => [name, isService]),
      [['web', false]],
    );
  });
  it('reaches an index through the image of one of its platforms', () => {
    const uses = new RepositoryUses(uri, [task('t1', `${uri}:1`, digest('b'))]);
    const entries = [{ digest: digest('b'), platform: 'linux/amd64', attests: undefined, size: 1 }];
    assert.equal(uses.of(index('a'), entries).length, 1);
  });
  it('is a service that would start it, though it runs nothing now', () => {
    const named = {
      ...{ service: 'web', clusterArn: 'arn:aws:ecs:eu-west-1:1:cluster/prod' },
      taskDefinition: 'arn:aws:ecs:eu-west-1:1:task-definition/web:7',
    };
    const asleep = new RepositoryUses(uri, [], [{ ...named, images: [`${uri}:1`] }]);
    const [use] = asleep.of(image('a', { tags: ['1'] }));
    assert.deepEqual([use?.name, use?.cluster, use?.taskDefinition, use?.tasks], ['web', 'prod', 'web:7', 0]);
    assert.deepEqual(asleep.of(image('b', { tags: ['2'] })), []);
    const awake = new RepositoryUses(uri, [task('t1', `${uri}:1`, digest('a'))], [{ ...named, images: [`${uri}:1`] }]);
    assert.deepEqual(
      awake.of(image('a', { tags: ['1'] })).map(({ tasks }) => tasks),
      [1],
    );
  });
  it('is nobody for images of another repository or registry', () => {
    const uses = new RepositoryUses(uri, [task('t1', 'shop/web:1', digest('a')), task('t2', `${uri}2:1`, digest('a'))]);
    assert.deepEqual([uses.of(image('a')), uses.isEmpty], [[], true]);
  });
});
