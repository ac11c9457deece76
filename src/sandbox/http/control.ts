import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerViolation } from '../model/checkAnswer';
import { type AlarmStates, alarmStates } from '../ecsService/alarmStates';
import type { RoleChecks } from '../iam/roleChecks';
import { readBody } from './body';
import type { CallLog } from './callLog';
import type { Faults } from './faults';

export interface ControlParts {
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly violations: AnswerViolation[];
  readonly alarms: AlarmStates;
  readonly roleChecks: RoleChecks;
  readonly health: () => Record<string, unknown>;
  /** The layer behind a key of GetDownloadUrlForLayer. */
  readonly layer: (key: string) => NodeJS.ReadableStream | undefined;
}

/** The levers under `/_gantry/`: what was called, what to break, and whether every answer kept to the model. */
export async function handleControl(
  parts: ControlParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  const answer = (status: number, body?: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const command = async (carryOut: (request: unknown) => void): Promise<void> => {
    try {
      carryOut(JSON.parse((await readBody(request)).toString('utf8')));
      return answer(204);
    } catch (error) {
      return answer(400, { message: String(error) });
    }
  };
  const key = /^\/_gantry\/layers\/([0-9a-f]{32})$/.exec(path ?? '')?.[1];
  if (request.method === 'GET' && key !== undefined) {
    const layer = parts.layer(key);
    if (!layer) return answer(404, { message: 'This address has expired.' });
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    layer.on('error', () => response.destroy());
    return void layer.pipe(response);
  }
  switch (`${request.method ?? ''} ${path ?? ''}`) {
    case 'GET /_gantry/health':
      return answer(200, parts.health());
    case 'GET /_gantry/calls':
      return answer(200, parts.calls.all());
    case 'DELETE /_gantry/calls':
      parts.calls.clear();
      return answer(204);
    case 'POST /_gantry/faults':
      return command((body) => parts.faults.add(body));
    case 'POST /_gantry/roles':
      return command((body) => parts.roleChecks.configure(body));
    case 'POST /_gantry/alarms':
      return command((body) => setAlarm(parts.alarms, body));
    case 'DELETE /_gantry/faults':
      parts.faults.clear();
      return answer(204);
    case 'GET /_gantry/violations':
      return answer(200, parts.violations);
    default:
      return answer(404, { message: 'No such control.' });
  }
}

/** `{ "name": "errors", "state": "ALARM" }`. @throws Error when it is not of this form. */
function setAlarm(alarms: AlarmStates, request: unknown): void {
  const { name, state } = (request ?? {}) as { name?: unknown; state?: unknown };
  const known = alarmStates.find((candidate) => candidate === state);
  if (typeof name !== 'string' || !known) throw new Error(`name and state (${alarmStates.join(', ')}) must be given`);
  alarms.set(name, known);
}
