import assert from 'node:assert/strict';
import { parseDocument } from 'yaml';
import { english } from '../../../src/core/message';
import { capacitiesFor, definitionFacts, networkFor } from '../../../src/provision/placement';
import { runInput } from '../../../src/provision/runInput';
import { serviceProblems, stackNameOf, usableGroups } from '../../../src/provision/serviceFromDefinition';
import { definitionServiceTemplate } from '../../../src/provision/template/serviceFromDefinition';
import { writeTemplate } from '../../../src/provision/template/yaml';
import { balanced, definitionService, facts } from './fromDefinition';

const cluster = { name: 'demo', providers: ['FARGATE', 'FARGATE_SPOT', 'own', 'managed'], managed: ['managed'] };
const kinds = (all: readonly { readonly kind: string }[]): string[] => all.map(({ kind }) => kind);
const problems = (says: Parameters<typeof definitionService>[0]): string =>
  serviceProblems(definitionService(says)).map(english).join('\n');

describe('a service from a task definition', () => {
  it('runs where the definition and the cluster agree, on Fargate first', () => {
    const all = capacitiesFor(facts({ compatibilities: ['EC2', 'FARGATE'] }), { ...cluster, instances: 1 });
    assert.deepEqual(all, [
      ...[{ kind: 'fargate' }, { kind: 'fargateSpot' }, { kind: 'provider', name: 'own' }],
      { kind: 'registeredInstances' },
    ]);
    const managed = capacitiesFor(facts({ compatibilities: ['MANAGED_INSTANCES'] }), { ...cluster, instances: 1 });
    assert.deepEqual(managed, [{ kind: 'provider', name: 'managed' }]);
    const windows = capacitiesFor(facts({ compatibilities: ['FARGATE'], isWindows: true }), {
      ...cluster,
      instances: 0,
    });
    assert.deepEqual(kinds(windows), ['fargate']);
    const bare = { name: 'demo', providers: [], managed: [], instances: 0 };
    assert.deepEqual(capacitiesFor(facts({ compatibilities: ['EC2'] }), bare), []);
  });

  it('is read from what ECS describes', () => {
    const described = definitionFacts({
      taskDefinition: {
        ...{ taskDefinitionArn: 'arn:x:task-definition/web:3', family: 'web', networkMode: 'bridge' },
        ...{ compatibilities: ['EXTERNAL', 'EC2'], requiresCompatibilities: ['EC2'], taskRoleArn: 'arn:role' },
        containerDefinitions: [
          { name: 'web', portMappings: [{ containerPort: 80 }, { containerPort: 53, protocol: 'udp' }] },
          { name: 'log' },
        ],
      },
      tags: [],
    });
    assert.deepEqual(described, {
      ...{ arn: 'arn:x:task-definition/web:3', family: 'web', networkMode: 'bridge', isWindows: false },
      ...{ compatibilities: ['EXTERNAL', 'EC2'], hasTaskRole: true, ports: [{ container: 'web', port: 80 }] },
    });
  });

  it('has a network in awsvpc mode only, and a public address on Fargate only', () => {
    const vpc = { id: 'vpc-1', name: undefined, cidr: '10.0.0.0/16', isDefault: true };
    const subnet = { id: 'subnet-1', name: undefined, vpc: 'vpc-1', zone: 'a', cidr: '10.0.0.0/24', kind: 'public' };
    const known = { vpc, subnets: [subnet] } as unknown as Parameters<typeof networkFor>[2];
    assert.equal(networkFor(facts({ networkMode: 'bridge' }), { kind: 'registeredInstances' }, known), undefined);
    assert.equal(networkFor(facts(), { kind: 'fargate' }, known)?.publicAddress, true);
    assert.equal(networkFor(facts(), { kind: 'registeredInstances' }, known)?.publicAddress, false);
  });

  it('takes target groups of the type that its tasks are, behind a load balancer', () => {
    const group = (name: string, targetType: string, loadBalancers: readonly string[]) =>
      ({ name, targetType, loadBalancers }) as unknown as Parameters<typeof usableGroups>[1][number];
    const all = [group('a', 'ip', ['lb']), group('b', 'instance', ['lb']), group('c', 'ip', [])];
    const names = (definition: Parameters<typeof usableGroups>[0]): string[] =>
      usableGroups(definition, all).map(({ name }) => name);
    assert.deepEqual(names(facts()), ['a']);
    assert.deepEqual(names(facts({ networkMode: 'bridge' })), ['b']);
    assert.deepEqual(names(facts({ networkMode: 'none' })), []);
    assert.deepEqual(names(facts({ ports: [] })), []);
  });

  it('is refused with the rule that it breaks', () => {
    assert.equal(problems({}), '');
    assert.match(problems({ name: 'a b' }), /1 to 255 letters, digits, hyphens and underscores/);
    assert.match(problems({ exec: true }), /ECS Exec needs a task role/);
    const { network } = definitionService();
    assert.ok(network);
    assert.match(problems({ network: { ...network, subnets: [] } }), /Tasks need a subnet/);
    const groups = Array.from({ length: 6 }, (_, index) => `sg-${index}`);
    assert.match(problems({ network: { ...network, securityGroups: groups } }), /at most 5 security groups/);
    assert.match(problems({ capacity: { kind: 'registeredInstances' } }), /no public address of their own/);
    const reach = { kind: 'publicAddress', container: 'web', port: 8080, allowedFrom: '0.0.0.0/0' } as const;
    assert.match(problems({ reach, network: { ...network, publicAddress: false } }), /only where tasks get one/);
    const bridge = facts({ networkMode: 'bridge', compatibilities: ['EC2'] });
    assert.match(
      problems({ definition: bridge, network: undefined, reach: balanced }),
      /“web” takes ip, but tasks in bridge mode are instance/,
    );
    assert.match(
      problems({ network: { ...network, vpc: 'vpc-other' }, reach: balanced }),
      /but the tasks are in vpc-other/,
    );
  });

  it('has a stack that CloudFormation takes the name of, always the same', () => {
    assert.equal(stackNameOf('team_a', 'web'), 'team-a-web');
    assert.equal(stackNameOf('1', 'web'), 'service-1-web');
    assert.equal(stackNameOf('a'.repeat(200), 'web').length, 128);
  });

  it('is a service and a security group, and lets in nobody but who was chosen', () => {
    const text = writeTemplate(definitionServiceTemplate(definitionService({ reach: balanced })));
    assert.deepEqual(parseDocument(text, { logLevel: 'silent' }).errors, []);
    const { TaskSecurityGroup, Service } = definitionServiceTemplate(definitionService({ reach: balanced })).resources;
    assert.deepEqual(TaskSecurityGroup?.properties?.['SecurityGroupIngress'], [
      {
        ...{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: 'sg-0123456789abcdef0' },
        Description: 'Load balancer',
      },
    ]);
    assert.equal(Service?.properties?.['HealthCheckGracePeriodSeconds'], 60);
    const alone = definitionServiceTemplate(definitionService()).resources;
    assert.equal(alone['TaskSecurityGroup']?.properties?.['SecurityGroupIngress'], undefined);
  });

  it('brings nothing but itself where groups are chosen, or the mode has none', () => {
    const { network } = definitionService();
    assert.ok(network);
    const chosen = definitionServiceTemplate(definitionService({ network: { ...network, securityGroups: ['sg-1'] } }));
    assert.deepEqual(Object.keys(chosen.resources), ['Service']);
    assert.equal('Vpc' in chosen.parameters, false);
    const bridge = definitionServiceTemplate(definitionService({ network: undefined }));
    assert.equal(bridge.resources['Service']?.properties?.['NetworkConfiguration'], undefined);
    assert.deepEqual(Object.keys(bridge.parameters), ['TaskDefinition', 'DesiredCount']);
  });
});

describe('a task that runs once', () => {
  it('is told a launch type or a strategy, and the network of awsvpc mode', () => {
    assert.deepEqual(runInput(definitionService()), {
      ...{ cluster: 'demo', taskDefinition: facts().arn, launchType: 'FARGATE' },
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-11111111', 'subnet-22222222'], assignPublicIp: 'ENABLED' },
      },
    });
    assert.deepEqual(runInput(definitionService({ capacity: { kind: 'provider', name: 'own' }, network: undefined })), {
      ...{ cluster: 'demo', taskDefinition: facts().arn },
      capacityProviderStrategy: [{ capacityProvider: 'own', weight: 1 }],
    });
  });
});
