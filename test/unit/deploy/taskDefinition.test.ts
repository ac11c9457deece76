import assert from 'node:assert/strict';
import { parseImageReference } from '../../../src/core/imageRef';
import { reasonOf } from '../../../src/core/errors';
import { containerFor, nextRevision, unexpectedDifferences } from '../../../src/deploy/taskDefinition';
import { summarize } from '../../../src/ecs/taskDefinition';

const image = 'r.example/web@sha256:' + 'b'.repeat(64);

const described = {
  taskDefinition: {
    taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:7',
    family: 'web',
    revision: 7,
    status: 'ACTIVE',
    requiresAttributes: [{ name: 'x' }],
    compatibilities: ['EC2'],
    registeredAt: 1795393835.727,
    registeredBy: 'arn:aws:iam::123456789012:user/x',
    aMemberThatNoSdkKnows: { deep: ['', 0, false, null] },
    runtimePlatform: { cpuArchitecture: 'ARM64' },
    containerDefinitions: [
      {
        name: 'web',
        image: 'r.example/web:1',
        environment: [{ name: 'EMPTY', value: '' }],
        portMappings: [{ containerPort: 8080 }],
      },
      { name: 'sidecar', image: 'r.example/agent:3', essential: false, links: [] },
    ],
  },
  tags: [{ key: 'team', value: '' }],
};

describe('the next revision', () => {
  it('differs in one image and in nothing else', () => {
    const next = nextRevision(described, 'web', image);
    assert.deepEqual(next, {
      family: 'web',
      aMemberThatNoSdkKnows: { deep: ['', 0, false, null] },
      runtimePlatform: { cpuArchitecture: 'ARM64' },
      containerDefinitions: [
        { name: 'web', image, environment: [{ name: 'EMPTY', value: '' }], portMappings: [{ containerPort: 8080 }] },
        { name: 'sidecar', image: 'r.example/agent:3', essential: false, links: [] },
      ],
      tags: [{ key: 'team', value: '' }],
    });
  });

  it('leaves the described one alone', () => {
    const before = structuredClone(described);
    nextRevision(described, 'web', image);
    assert.deepEqual(described, before);
  });

  it('keeps the tags of its owner and leaves out those that only AWS may set', () => {
    const tags = [...described.tags, { key: 'aws:cloudformation:stack-name', value: 'web' }];
    assert.deepEqual(nextRevision({ ...described, tags }, 'web', image)['tags'], described.tags);
    assert.deepEqual(unexpectedDifferences(nextRevision(described, 'web', image), { ...described, tags }), [
      ...unexpectedDifferences(nextRevision(described, 'web', image), described),
    ]);
  });

  it('sends no empty list of tags, which ECS refuses', () => {
    assert.equal('tags' in nextRevision({ ...described, tags: [] }, 'web', image), false);
  });

  it('is refused when the container is gone', () => {
    assert.throws(
      () => nextRevision(described, 'api', image),
      (error) => reasonOf(error) === 'taskDefinitionChanged',
    );
  });
});

describe('the comparison after registering', () => {
  const asked = nextRevision(described, 'web', image);
  const registered = (change: (copy: typeof described.taskDefinition) => void): typeof described => {
    const copy = structuredClone(described);
    copy.taskDefinition.revision = 8;
    const web = copy.taskDefinition.containerDefinitions[0];
    assert.ok(web);
    web.image = image;
    change(copy.taskDefinition);
    return copy;
  };

  it('finds nothing in an honest copy', () => {
    assert.deepEqual(
      unexpectedDifferences(
        asked,
        registered(() => undefined),
      ),
      [],
    );
  });
  it('finds a value that was lost deep inside', () => {
    const lossy = registered((copy) => void copy.containerDefinitions[0]?.environment?.pop());
    assert.deepEqual(unexpectedDifferences(asked, lossy), ['containerDefinitions[0].environment']);
  });
  it('finds a member that was dropped or came from nowhere', () => {
    const lossy = registered((copy) => Reflect.deleteProperty(copy, 'aMemberThatNoSdkKnows'));
    assert.deepEqual(unexpectedDifferences(asked, lossy), ['aMemberThatNoSdkKnows']);
    const more = registered((copy) => Object.assign(copy, { cpu: '256' }));
    assert.deepEqual(unexpectedDifferences(asked, more), ['cpu']);
  });
  it('takes an empty default that ECS fills in for none', () => {
    const filled = registered((copy) =>
      Object.assign(copy, { enableFaultInjection: false, volumes: [], placementConstraints: [] }),
    );
    assert.deepEqual(unexpectedDifferences(asked, filled), []);
  });
  it('does not take a lost empty value for a default', () => {
    const lossy = registered((copy) => Reflect.deleteProperty(copy.containerDefinitions[1] ?? {}, 'links'));
    assert.deepEqual(unexpectedDifferences(asked, lossy), ['containerDefinitions[1].links']);
  });
  it('finds lost tags, whatever their order', () => {
    const lossy = { ...registered(() => undefined), tags: [] };
    assert.deepEqual(unexpectedDifferences(asked, lossy), ['tags']);
  });
});

describe('the container that gets the image', () => {
  const { containers } = summarize(described);
  const find = (text: string): string | undefined => {
    const reference = parseImageReference(text);
    assert.ok(reference);
    return containerFor(containers, reference)?.name;
  };
  it('is the one whose image has the repository, whatever the tag', () => assert.equal(find('r.example/web:9'), 'web'));
  it('is unknown when none has it', () => assert.equal(find('r.example/other'), undefined));
  it('is unknown when the host differs', () => assert.equal(find('q.example/web'), undefined));
  it('is unknown when several have it', () => {
    const reference = parseImageReference('r.example/web');
    assert.ok(reference);
    assert.equal(containerFor([...containers, ...containers], reference), undefined);
  });
  it('comes with its ports', () =>
    assert.deepEqual(
      containers.map(({ ports }) => ports),
      [[8080], []],
    ));
});
