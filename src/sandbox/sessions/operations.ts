import type { EcsContext } from '../ecsService/context';
import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { CommandEndpoint } from './commandEndpoint';
import type { Endpoint } from './dataChannel';
import { PortEndpoint } from './portEndpoint';
import type { SessionRecord, Sessions, SessionWish } from './sessions';
import { type SessionTarget, execRequest, isAlive, targetNamed } from './targets';

type Parameters = Readonly<Record<string, readonly string[]>>;
type MakeEndpoint = SessionWish['endpoint'];

interface StartRequest {
  readonly Target: string;
  readonly DocumentName?: string;
  readonly Reason?: string;
  readonly Parameters?: Parameters;
}

interface Filter {
  readonly key: string;
  readonly value: string;
}

const shellDocument = 'SSM-SessionManagerRunShell';

const invalidParameters = (text: string): ApiError => new ApiError('ValidationException', text);

/** What a document does with a container. @throws ApiError for a document that the sandbox does not have. */
function endpointFor(context: EcsContext, target: SessionTarget, document: string, given: Parameters): MakeEndpoint {
  const { inside } = context.runtime;
  const command =
    (sessionType: 'Standard_Stream' | 'InteractiveCommands', words: readonly string[]): MakeEndpoint =>
    (channel, id): Endpoint =>
      new CommandEndpoint(sessionType, sessionType === 'Standard_Stream' ? null : { command: words.at(-1) }, {
        inside,
        request: execRequest(target, words, id),
        output: (data) => channel.send(data),
        done: (output) => channel.close(output),
      });
  switch (document) {
    case shellDocument:
      return command('Standard_Stream', ['sh']);
    case 'AWS-StartInteractiveCommand': {
      const [line] = given['command'] ?? [];
      if (line === undefined) throw invalidParameters('Parameter "command" must be given.');
      return command('InteractiveCommands', ['sh', '-c', line]);
    }
    case 'AWS-StartPortForwardingSessionToRemoteHost':
      if (!['localhost', '127.0.0.1'].includes(given['host']?.[0] ?? '')) {
        throw invalidParameters('The sandbox forwards to ports of the container only: host must be localhost.');
      }
      return portEndpoint(context, target, given);
    case 'AWS-StartPortForwardingSession':
      return portEndpoint(context, target, given);
    default:
      throw new ApiError('InvalidDocument', `Document with name ${document} does not exist.`);
  }
}

function portEndpoint(context: EcsContext, target: SessionTarget, given: Parameters): MakeEndpoint {
  const portNumber = given['portNumber']?.[0] ?? '80';
  const port = Number(portNumber);
  if (!/^\d{1,5}$/.test(portNumber) || port < 1 || port > 65535) {
    throw invalidParameters(`Parameter "portNumber" has value "${portNumber}" not matching the pattern of a port.`);
  }
  const localPortNumber = given['localPortNumber']?.[0] ?? '0';
  const properties = { portNumber, localPortNumber, type: 'LocalPortForwarding' };
  return ({ send }) => {
    const container = target.container.runtimeId;
    return new PortEndpoint(properties, { inside: context.runtime.inside, container, port, send });
  };
}

function start(context: EcsContext, sessions: Sessions, request: StartRequest): unknown {
  const { Target: name, DocumentName: document = shellDocument, Reason: reason, Parameters: given = {} } = request;
  const target = targetNamed(context, name);
  if (!target) throw new ApiError('TargetNotConnected', `${name} is not connected.`);
  const { sessionId, tokenValue, streamUrl } = sessions.start({
    prefix: 'sandbox',
    target: name,
    document,
    owner: `arn:aws:iam::${context.place.account}:user/sandbox`,
    reason,
    alive: () => isAlive(target.task, target.container),
    endpoint: endpointFor(context, target, document, given),
  });
  return { SessionId: sessionId, TokenValue: tokenValue, StreamUrl: streamUrl };
}

const filters: Readonly<Record<string, (record: SessionRecord, value: string) => boolean>> = {
  InvokedAfter: ({ startedAt }, value) => startedAt >= Date.parse(value),
  InvokedBefore: ({ startedAt }, value) => startedAt < Date.parse(value),
  Target: ({ target }, value) => target === value,
  Owner: ({ owner }, value) => owner === value,
  Status: ({ status }, value) => status === value,
  SessionId: ({ id }, value) => id === value,
  AccessType: (_record, value) => value === 'Standard',
};

interface DescribeRequest {
  readonly State: 'Active' | 'History';
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

function describeMany({ records }: Sessions, request: DescribeRequest): unknown {
  const { State, Filters = [] } = request;
  const found = [...records.values()]
    .filter(({ status }) => (status === 'Connected') === (State === 'Active'))
    .filter((record) => Filters.every(({ key, value }) => filters[key]?.(record, value) ?? false))
    .reverse();
  let cut;
  try {
    cut = page(found, request.MaxResults ?? 50, request.NextToken, [State, Filters]);
  } catch {
    throw new ApiError('InvalidNextToken', 'The specified token is not valid.');
  }
  const Sessions = cut.items.map(({ id, target, status, startedAt, endedAt, document, owner, reason }) => ({
    ...{ SessionId: id, Target: target, Status: status, DocumentName: document, Owner: owner, Reason: reason },
    StartDate: new Date(startedAt),
    EndDate: endedAt === undefined ? undefined : new Date(endedAt),
    AccessType: 'Standard',
  }));
  return { Sessions, NextToken: cut.nextToken };
}

/** Session Manager for containers: shells, single commands and forwarded ports. */
export function sessionOperations(context: EcsContext, sessions: Sessions): Record<string, Operation> {
  return {
    StartSession: (input: StartRequest) => start(context, sessions, input),
    ResumeSession: ({ SessionId }: { SessionId: string }) => {
      if (!sessions.records.has(SessionId)) {
        throw new ApiError('DoesNotExistException', `Session ${SessionId} does not exist.`);
      }
      const ticket = sessions.resume(SessionId);
      // A session that is over has no token any more; that is how the plugin learns it.
      return ticket
        ? { SessionId, TokenValue: ticket.tokenValue, StreamUrl: ticket.streamUrl }
        : { SessionId, TokenValue: '', StreamUrl: '' };
    },
    TerminateSession: ({ SessionId }: { SessionId: string }) => {
      sessions.terminate(SessionId);
      return { SessionId };
    },
    DescribeSessions: (input: DescribeRequest) => describeMany(sessions, input),
    GetConnectionStatus: ({ Target }: { Target: string }) => ({
      Target,
      Status: targetNamed(context, Target) ? 'connected' : 'notconnected',
    }),
  };
}
