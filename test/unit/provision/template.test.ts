import assert from 'node:assert/strict';
import { parseDocument } from 'yaml';
import type { Choices } from '../../../src/provision/choices';
import { templateOf } from '../../../src/provision/template/template';
import { writeTemplate } from '../../../src/provision/template/yaml';
import { express, service } from './choices';

const text = (choices: Choices): string => writeTemplate(templateOf(choices));
const types = (choices: Choices): string[] => Object.values(templateOf(choices).resources).map(({ type }) => type);

describe('the template of a new service', () => {
  it('is YAML in which AWS’s short tags stand', () => {
    const written = text(service());
    assert.deepEqual(parseDocument(written, { logLevel: 'silent' }).errors, []);
    assert.match(written, /Image: !If \[ HasImage, !Ref Image, !Sub '\$\{Repository\.RepositoryUri\}:none' \]/);
  });

  it('says of every resource what it is for', () => {
    const comments = text(service()).match(/^ {2}# .+$/gm) ?? [];
    assert.equal(comments.length, types(service()).length);
  });

  it('makes nothing of what is there already', () => {
    const existing = service({
      repository: { kind: 'existing', name: 'web', arn: 'arn:aws:ecr:us-east-1:1:repository/web', uri: 'x/web' },
      cluster: { kind: 'existing', name: 'main' },
    });
    assert.ok(!types(existing).includes('AWS::ECR::Repository'));
    assert.ok(!types(existing).includes('AWS::ECS::Cluster'));
    assert.match(text(existing), /Cluster: main/);
  });

  it('lets in the load balancer alone, on the port of the container', () => {
    const { BalancerToTasks, TaskSecurityGroup } = templateOf(service()).resources;
    assert.equal(BalancerToTasks?.properties?.['FromPort'], 8080);
    assert.equal(TaskSecurityGroup?.properties?.['SecurityGroupIngress'], undefined);
  });

  it('gives the roles nothing that the containers do not need', () => {
    const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf';
    const [container] = service().containers;
    const secrets = [{ name: 'PASSWORD', valueFrom: `${secret}:password::` }];
    const role = (choices: Choices): string => JSON.stringify(templateOf(choices).resources['ExecutionRole']);
    assert.doesNotMatch(role(service()), /secretsmanager|ssm:/);
    assert.ok(role(service({ containers: [{ ...container, secrets }] })).includes(`["${secret}"]`));
    const task = JSON.stringify(templateOf(service({ exec: false })).resources['TaskRole']);
    assert.doesNotMatch(task, /ssmmessages/);
  });

  it('starts no task before there is an image', () => {
    assert.match(text(service()), /DesiredCount: !If \[ HasImage, !Ref DesiredCount, 0 \]/);
    assert.match(text(express()), /Condition: HasImage/);
  });

  it('has two target groups and a rule for blue/green', () => {
    const all = types(service({ deployment: 'blueGreen' }));
    assert.equal(all.filter((type) => type.endsWith('TargetGroup')).length, 2);
    assert.ok(all.includes('AWS::ElasticLoadBalancingV2::ListenerRule'));
  });

  it('sends HTTP to HTTPS where there is a certificate', () => {
    const { front } = service();
    assert.ok(front.kind === 'loadBalancer');
    const written = text(service({ front: { ...front, certificate: 'arn:aws:acm:us-east-1:1:certificate/a' } }));
    assert.match(written, /StatusCode: HTTP_301/);
    assert.match(written, /Value: !Sub https:/);
  });
});
