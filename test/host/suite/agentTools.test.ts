import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** What a language model gets when it calls a tool of Gantry's. */
async function call(name: string, input: object): Promise<string> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return result.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

const names = [
  'gantry_explainFailure',
  'gantry_listServices',
  'gantry_rollback',
  'gantry_rolloutStatus',
  'gantry_ship',
];

describe('the tools for language models', function () {
  this.timeout(60_000);

  before(() => vscode.commands.executeCommand('gantry.startSandbox', 'large'));

  it('are there, each with a description and a schema of its input', () => {
    const tools = vscode.lm.tools.filter(({ name }) => name.startsWith('gantry_'));
    assert.deepEqual(tools.map(({ name }) => name).sort(), names);
    for (const { description, inputSchema } of tools) {
      assert.ok(description.length > 80);
      assert.equal((inputSchema as { type?: string }).type, 'object');
    }
  });

  it('list services with their state, and say where they are', async () => {
    const text = await call('gantry_listServices', { cluster: 'cluster-0000' });
    assert.match(text, /^Connection Sandbox: account 000000000000, Region us-east-1\.$/m);
    assert.match(text, /^cluster-0000\/[\w-]+: steady, \d+ of \d+ tasks running, [\w-]+:\d+$/m);
    assert.match(text, /^1800 more services were not read; name a cluster\.$/m);
  });

  it('explain a service that is well as well', async () => {
    const [, service = ''] = /^cluster-0000\/([\w-]+): steady/m.exec(await call('gantry_listServices', {})) ?? [];
    assert.match(await call('gantry_explainFailure', { service, cluster: 'cluster-0000' }), /nothing is known to fail/);
    assert.match(await call('gantry_rolloutStatus', { service, cluster: 'cluster-0000' }), /PRIMARY COMPLETED/);
  });

  it('say what there is when a name is wrong', async () => {
    await assert.rejects(
      call('gantry_explainFailure', { service: 'nothing', cluster: 'cluster-0000' }),
      /no service “nothing”/,
    );
    await assert.rejects(
      call('gantry_listServices', { connection: 'elsewhere' }),
      /no connection “elsewhere”.*Sandbox/,
    );
    await assert.rejects(call('gantry_ship', { target: 'nothing' }), /no target “nothing”.*web/);
  });
});
