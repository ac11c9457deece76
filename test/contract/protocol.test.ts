import assert from 'node:assert/strict';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { AwsCli } from './tools';

const target = 'AmazonEC2ContainerServiceV20141113';
const scope = 'Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/ecs/aws4_request';
const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
const now = (shift = 0): string => new Date(Date.now() + shift).toISOString().replace(/[-:]|\.\d{3}/g, '');

/**
 * Rules of AWS: Signature Version 4 (MissingAuthenticationToken, IncompleteSignature, 15 minutes of skew); AWS JSON
 * 1.1 and Query protocols (UnknownOperationException, SerializationException).
 */
describe('the protocol', function () {
  this.timeout(30_000);
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ seed: 'empty', runtime: 'simulated' });
  });
  after(async () => {
    assert.deepEqual(await sandbox.violations(), [], 'every answer keeps to the model');
    await sandbox.stop();
  });
  afterEach(() => sandbox.clearFaults());

  async function post(
    operation: string,
    body: string,
    headers: Record<string, string> = {},
  ): Promise<[number, string]> {
    const answer = await fetch(sandbox.endpoint, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${target}.${operation}`,
        'x-amz-date': now(),
        authorization,
        ...headers,
      },
    });
    const text = await answer.text();
    return [answer.status, text === '' ? '' : String((JSON.parse(text) as { __type?: string }).__type)];
  }

  it('answers GetCallerIdentity in Query and XML', async () => {
    const aws = new AwsCli(sandbox);
    const identity = await aws.json<{ Account: string }>('sts', 'get-caller-identity');
    assert.equal(identity.Account, '000000000000');
    aws.close();
  });

  it('refuses a request without a signature, with half of one, and with a clock off by more than 15 minutes', async () => {
    assert.deepEqual(await post('ListClusters', '{}', { authorization: 'AWS4-HMAC-SHA256 nonsense' }), [
      400,
      'IncompleteSignatureException',
    ]);
    assert.deepEqual(await post('ListClusters', '{}', { 'x-amz-date': now(-16 * 60_000) }), [
      400,
      'InvalidSignatureException',
    ]);
    assert.deepEqual(await post('ListClusters', '{}', { 'x-amz-date': now(-14 * 60_000) }), [200, 'undefined']);
    const bare = await fetch(sandbox.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': `${target}.ListClusters` },
    });
    assert.equal(((await bare.json()) as { __type: string }).__type, 'MissingAuthenticationTokenException');
  });

  it('answers unknown operations and broken bodies with AWS’s codes', async () => {
    assert.deepEqual(await post('MakeCoffee', '{}'), [400, 'UnknownOperationException']);
    assert.deepEqual(await post('constructor', '{}'), [400, 'UnknownOperationException']);
    assert.deepEqual(await post('UpdateContainerAgent', '{}'), [400, 'UnknownOperationException']);
    assert.deepEqual(await post('ListClusters', '{"maxResults":'), [400, 'SerializationException']);
    assert.deepEqual(await post('ListClusters', '{"maxResults":"ten"}'), [400, 'SerializationException']);
    assert.deepEqual(await post('ListClusters', '{"maxResults":101}'), [400, 'InvalidParameterException']);
    assert.deepEqual(await post('ListClusters', '{"nextToken":"made up"}'), [400, 'InvalidParameterException']);
    assert.deepEqual(await post('DescribeTasks', '{"tasks":[]}'), [400, 'InvalidParameterException']);
    const container = '{"name":"c","image":"i","memory":4}';
    const body = `{"family":"f","containerDefinitions":[${container}],"registeredBy":"me"}`;
    assert.deepEqual(await post('RegisterTaskDefinition', body), [400, 'ClientException']);
  });

  needsOwnSandbox('faults on demand').it('counts calls and breaks them on demand', async () => {
    await sandbox.resetCalls();
    await post('ListClusters', '{}');
    await sandbox.addFault({
      match: { operation: 'ListClusters' },
      times: 1,
      fault: { kind: 'error', code: 'ThrottlingException' },
    });
    assert.deepEqual(await post('ListClusters', '{}'), [400, 'ThrottlingException']);
    assert.deepEqual(await post('ListClusters', '{}'), [200, 'undefined']);
    const calls = await sandbox.calls();
    assert.deepEqual(
      calls.map(({ service, operation, status, error }) => [service, operation, status, error]),
      [
        ['ecs', 'ListClusters', 200, undefined],
        ['ecs', 'ListClusters', 400, 'ThrottlingException'],
        ['ecs', 'ListClusters', 200, undefined],
      ],
    );
    await sandbox.addFault({ match: { service: 'ecs' }, times: 1, fault: { kind: 'reset' } });
    await assert.rejects(post('ListClusters', '{}'));
    await sandbox.addFault({ match: { service: 'ecs' }, times: 1, fault: { kind: 'truncate' } });
    await assert.rejects(post('ListClusters', '{}'));
    await sandbox.addFault({ match: { service: 'ecs' }, times: 1, fault: { kind: 'html' } });
    await assert.rejects(post('ListClusters', '{}'), SyntaxError);
  });
});
