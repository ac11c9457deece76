import type { ServerResponse } from 'node:http';
import type { AnswerViolation } from '../model/checkAnswer';
import { type ApiModel, noService } from '../model/apiModel';
import { findViolations } from '../model/violations';
import { eventMessage, exceptionEvent, jsonEvent } from './eventStream';
import { toJson } from './jsonAnswer';

/** What an operation answers that goes on telling. */
export class EventStreamAnswer {
  /** `run` is called once the client listens. @returns what to do when the client has gone. */
  constructor(readonly run: (out: EventStreamOut) => () => void) {}
}

export interface EventStreamOut {
  /** An event of the model: its member of the stream, and its content. */
  readonly event: (type: string, content: unknown) => void;
  /** Ends the stream by an error of the model. */
  readonly fail: (type: string, message: string) => void;
}

interface Parts {
  readonly model: ApiModel;
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  readonly violations: AnswerViolation[];
}

/** Sends a stream until the client goes. Every event is held against the model. */
export function sendEventStream(response: ServerResponse, answer: EventStreamAnswer, parts: Parts): void {
  const { model, service, operation, requestId, violations } = parts;
  const { shapes, ops } = model.services[service] ?? noService;
  const events = streamShape(shapes, ops[operation]?.out ?? '');
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': requestId });
  // The JSON protocols have no other place for the members of the answer beside the stream.
  const initial = { ':event-type': 'initial-response', ':content-type': 'application/json', ':message-type': 'event' };
  response.write(eventMessage(initial, Buffer.from('{}')));
  const stop = answer.run({
    event: (type, content) => {
      const shape = events[type];
      if (shape === undefined) violations.push({ service, operation, problem: `no event ${type}` });
      else {
        findViolations(shapes, shape, content, type, ({ kind, path, value }) => {
          if (kind === 'bounds' && typeof value === 'object') return;
          violations.push({ service, operation, problem: `${kind} at ${path}` });
        });
      }
      response.write(jsonEvent(type, toJson(content)));
    },
    fail: (type, message) => {
      response.write(exceptionEvent(type, message));
      response.end();
    },
  });
  response.once('close', stop);
}

/** The events of the one member of an answer that is a stream: a structure in which one member is set at a time. */
function streamShape(shapes: ApiModel['services'][string]['shapes'], output: string): Readonly<Record<string, string>> {
  const [stream = ''] = Object.values(shapes[output]?.m ?? {});
  return shapes[stream]?.m ?? {};
}
