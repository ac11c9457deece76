import assert from 'node:assert/strict';
import http from 'node:http';
import {
  CreateServiceCommand,
  DescribeTasksCommand,
  ECSClient,
  ExecuteCommandCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeSessionsCommand,
  ResumeSessionCommand,
  SSMClient,
  StartSessionCommand,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm';
import { SmuxReader, smuxData } from '../../src/sandbox/sessions/smux';
import { needsOwnSandbox } from './elsewhere';
import { type Sandbox, startSandbox } from './sandboxProcess';
import { SessionClient, type Ticket } from './sessionClient';
import { Engine, sdkConfig, until } from './tools';

/**
 * Rules of AWS: ECS ExecuteCommand (TargetNotConnectedException, InvalidParameterException), SSM StartSession,
 * ResumeSession, TerminateSession, DescribeSessions; the data channel as AWS's session-manager-plugin speaks it.
 */
needsOwnSandbox('a faster clock and real containers').describe('ECS Exec and Session Manager', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let ecs: ECSClient;
  let ssm: SSMClient;
  const engine = new Engine();

  async function open(runtime: 'engine' | 'simulated'): Promise<void> {
    const args = ['--speed', '20', ...(runtime === 'engine' ? ['--engine', engine.file] : [])];
    sandbox = await startSandbox({ seed: 'tiny', runtime, args });
    ecs = new ECSClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
    ssm = new SSMClient({ ...sdkConfig(sandbox), maxAttempts: 1 });
  }

  afterEach(async () => {
    assert.deepEqual(await sandbox.violations(), []);
    assert.equal(await sandbox.stop(), 0);
  });
  after(() => engine.close());

  /** A running task of busybox that answers on port 8080. @returns its ARN and its container's runtime id. */
  async function runTask(enableExecuteCommand: boolean): Promise<{ task: string; runtimeId: string; target: string }> {
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'exec',
        containerDefinitions: [
          {
            name: 'app',
            image: 'busybox:stable',
            memory: 64,
            command: [
              'sh',
              '-c',
              'mkdir -p /www && echo hello from inside > /www/index.html && httpd -f -p 8080 -h /www',
            ],
            environment: [{ name: 'COLOUR', value: 'green' }],
            portMappings: [{ containerPort: 8080 }],
          },
        ],
      }),
    );
    const { tasks } = await ecs.send(
      new RunTaskCommand({ cluster: 'demo', taskDefinition: 'exec', enableExecuteCommand }),
    );
    const task = tasks?.[0]?.taskArn ?? '';
    const runtimeId = await until('the task runs', 60, async () => {
      const found = (await ecs.send(new DescribeTasksCommand({ cluster: 'demo', tasks: [task] }))).tasks?.[0];
      return found?.lastStatus === 'RUNNING' ? found.containers?.[0]?.runtimeId : undefined;
    });
    return { task, runtimeId, target: `ecs:demo_${task.split('/').at(-1) ?? ''}_${runtimeId}` };
  }

  async function exec(task: string, command: string): Promise<Ticket> {
    const answer = await ecs.send(
      new ExecuteCommandCommand({ cluster: 'demo', task, container: 'app', command, interactive: true }),
    );
    assert.match(answer.session?.sessionId ?? '', /^ecs-execute-command-[a-z0-9]{26}$/);
    return answer.session as Ticket;
  }

  async function sessions(State: 'Active' | 'History'): Promise<string[]> {
    const { Sessions = [] } = await ssm.send(new DescribeSessionsCommand({ State }));
    return Sessions.map(({ SessionId }) => SessionId ?? '');
  }

  it('runs a shell with a terminal in the real container, with its environment and as root', async () => {
    await open('engine');
    const { task } = await runTask(true);
    const ticket = await exec(task, '/bin/sh');
    const client = new SessionClient(ticket);
    await client.until('a prompt', () => client.output.includes('#'));
    assert.deepEqual(client.handshake?.['AgentVersion'], '3.3.2299.0');
    client.resize(101, 37);
    await client.until('the size is acknowledged', () => client.acknowledged.size >= 2);
    // The engine is told of the size a little later than the client is told that the message came. Podman's is not.
    if (!engine.isPodman) {
      await until('the terminal has the size', 20, () => {
        client.type('stty size\r');
        return Promise.resolve(client.output.includes('37 101') ? true : undefined);
      });
    }
    client.type('echo $COLOUR-$(id -u)-$((6*7))\r');
    await client.until('the answer', () => client.output.includes('green-0-42'));
    assert.deepEqual(await sessions('Active'), [ticket.sessionId]);
    client.type('exit\r');
    await client.until('the channel is closed', () => client.closed !== undefined);
    assert.deepEqual(await sessions('Active'), []);
    assert.deepEqual(await sessions('History'), [ticket.sessionId]);
  });

  it('splits the command without a shell and says why it cannot be started', async () => {
    await open('engine');
    const { task } = await runTask(true);
    const words = new SessionClient(await exec(task, `printf '%s|' "two words" a\\ b $COLOUR`));
    await words.until('the end', () => words.closed !== undefined);
    assert.equal(words.output, 'two words|a b|$COLOUR|');
    const absent = new SessionClient(await exec(task, 'nosuchprogram'));
    await absent.until('the end', () => absent.closed !== undefined);
    assert.match(`${absent.output}${absent.closed ?? ''}`, /nosuchprogram.*not found/);
  });

  it('goes on after the connection was lost, and sends again what was not acknowledged', async () => {
    await open('engine');
    const { task } = await runTask(true);
    const ticket = await exec(task, '/bin/sh');
    const first = new SessionClient(ticket);
    await first.until('a prompt', () => first.output.includes('#'));
    first.ready = false;
    first.type('echo out-$((1+1))\r');
    await first.until('the input is acknowledged', () => first.acknowledged.has(1));
    first.drop();
    const stale = new SessionClient(ticket, first);
    await stale.until('the used token is refused', () => stale.ended !== undefined);
    assert.equal(stale.ended, 1008);
    const { TokenValue = '', StreamUrl = '' } = await ssm.send(
      new ResumeSessionCommand({ SessionId: ticket.sessionId }),
    );
    const second = new SessionClient({ ...ticket, tokenValue: TokenValue, streamUrl: StreamUrl }, first);
    await second.until('what was missed', () => second.output.includes('out-2'));
    await ssm.send(new TerminateSessionCommand({ SessionId: ticket.sessionId }));
    await second.until('the channel is closed', () => second.closed !== undefined);
    const over = await ssm.send(new ResumeSessionCommand({ SessionId: ticket.sessionId }));
    assert.equal(over.TokenValue, '');
  });

  it('ends what a terminated session had started', async () => {
    await open('engine');
    const { task, runtimeId } = await runTask(true);
    const ticket = await exec(task, 'sleep 4321');
    const client = new SessionClient(ticket);
    const running = async (): Promise<boolean> => (await engine.must(['exec', runtimeId, 'ps'])).includes('sleep 4321');
    await until('the command runs', 20, async () => ((await running()) ? true : undefined));
    await ssm.send(new TerminateSessionCommand({ SessionId: ticket.sessionId }));
    await client.until('the channel is closed', () => client.closed !== undefined);
    await until('the command is gone', 20, async () => ((await running()) ? undefined : true));
  });

  it('forwards connections to a port of the container, many at a time', async () => {
    await open('engine');
    const { target, runtimeId } = await runTask(true);
    await until('the web server listens', 20, async () =>
      (await engine.must(['exec', runtimeId, 'netstat', '-tln'])).includes(':8080 ') ? true : undefined,
    );
    const { SessionId, TokenValue, StreamUrl } = await ssm.send(
      new StartSessionCommand({
        Target: target,
        DocumentName: 'AWS-StartPortForwardingSession',
        Parameters: { portNumber: ['8080'], localPortNumber: ['9999'] },
      }),
    );
    const answers = new Map<number, string>();
    const ended = new Set<number>();
    const reader = new SmuxReader({
      opened: () => undefined,
      data: (stream, data) => answers.set(stream, (answers.get(stream) ?? '') + data.toString('utf8')),
      ended: (stream) => ended.add(stream),
    });
    const client = new SessionClient({
      sessionId: SessionId ?? '',
      tokenValue: TokenValue ?? '',
      streamUrl: StreamUrl ?? '',
    });
    await client.until('the handshake', () => client.handshake !== undefined && client.acknowledged.has(0));
    for (const stream of [3, 5]) {
      client.send(1, Buffer.from([1, 0, 0, 0, stream, 0, 0, 0]));
      client.send(1, smuxData(stream, Buffer.from('GET /index.html HTTP/1.0\r\n\r\n')));
    }
    let taken = 0;
    await client.until('both answers', () => {
      const bytes = client.raw.subarray(taken);
      taken += bytes.length;
      reader.push(bytes);
      return [3, 5].every((stream) => answers.get(stream)?.includes('hello from inside') && ended.has(stream));
    });
    await ssm.send(new TerminateSessionCommand({ SessionId }));
  });

  it('says in a simulated task that nothing runs', async () => {
    await open('simulated');
    const { task, target } = await runTask(true);
    const client = new SessionClient(await exec(task, '/bin/sh'));
    await client.until('the explanation', () => client.output.includes('simulated> '));
    assert.match(
      client.output,
      /This task is simulated: "\/bin\/sh" was not run\. There is no container app of busybox/,
    );
    client.type('ls\r');
    await client.until('an answer', () => client.output.includes('nothing was run: ls'));
    client.type('exit\r');
    await client.until('the end', () => client.closed !== undefined);
    await ecs.send(new StopTaskCommand({ cluster: 'demo', task }));
    await assert.rejects(ssm.send(new StartSessionCommand({ Target: target })), { name: 'TargetNotConnected' });
  });

  it('refuses as AWS does', async () => {
    await open('simulated');
    const { task } = await runTask(false);
    const refused = async (input: Record<string, unknown>, name: string, message: RegExp): Promise<void> => {
      const wanted = { cluster: 'demo', task, command: 'sh', interactive: true, ...input };
      await assert.rejects(ecs.send(new ExecuteCommandCommand(wanted)), (error: Error) => {
        assert.equal(error.name, name);
        assert.match(error.message, message);
        return true;
      });
    };
    await refused(
      {},
      'InvalidParameterException',
      /^The execute command failed because execute command was not enabled/,
    );
    await refused({ cluster: 'absent' }, 'ClusterNotFoundException', /Cluster not found/);
    await refused({ task: 'f'.repeat(32) }, 'InvalidParameterException', /task was not found/);
    await refused({ interactive: false }, 'InvalidParameterException', /Interactive is the only mode/);
    await refused({ container: 'absent' }, 'InvalidParameterException', /absent/);
    await ecs.send(
      new CreateServiceCommand({
        ...{ cluster: 'demo', serviceName: 'waiting', taskDefinition: 'exec', desiredCount: 1 },
        enableExecuteCommand: true,
      }),
    );
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'demo', serviceName: 'waiting' }));
    if (taskArns?.[0] !== undefined) {
      await refused({ task: taskArns[0] }, 'TargetNotConnectedException', /due to an internal error/);
    }
    await assert.rejects(
      ssm.send(new StartSessionCommand({ Target: 'ecs:demo_x_y', DocumentName: 'AWS-StartPortForwardingSession' })),
      { name: 'TargetNotConnected' },
    );
  });

  it('lets nobody in from a web page or without a session', async () => {
    await open('simulated');
    const { task } = await runTask(true);
    const { streamUrl } = await exec(task, 'sh');
    const status = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const all = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', ...headers };
        const request = http.get(url.replace('ws:', 'http:'), {
          headers: { ...all, 'sec-websocket-key': Buffer.alloc(16).toString('base64') },
        });
        request.once('response', (answer) => resolve(answer.statusCode));
        request.once('upgrade', (answer, socket) => {
          socket.destroy();
          resolve(answer.statusCode);
        });
        request.once('error', reject);
      });
    assert.equal(await status(streamUrl, {}), 101);
    assert.equal(await status(streamUrl, { origin: 'https://example.com' }), 404);
    assert.equal(await status(`${sandbox.endpoint}/v1/other`, {}), 404);
    const stranger = new SessionClient({ sessionId: 'x', tokenValue: 'wrong', streamUrl });
    await stranger.until('it is refused', () => stranger.ended !== undefined);
    assert.equal(stranger.ended, 1008);
  });
});
