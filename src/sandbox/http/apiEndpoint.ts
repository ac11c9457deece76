import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock';
import { type ApiModel, noService } from '../model/apiModel';
import { type AnswerViolation, checkAnswer, checkErrorCode } from '../model/checkAnswer';
import { checkRequest } from '../model/checkRequest';
import { alteredAnswer, withoutEmptyPages } from './alteredAnswer';
import { ApiError } from './apiError';
import { readBody } from './body';
import type { CallLog } from './callLog';
import { ec2Answer, ec2Error, ec2Form } from './ec2Protocol';
import { EventStreamAnswer, sendEventStream } from './eventStreamAnswer';
import { faultError } from './faultError';
import type { Fault, Faults } from './faults';
import { onBehalf } from './onBehalf';
import { toJson } from './jsonAnswer';
import { queryAnswer, queryError, readQuery } from './queryProtocol';
import { type Caller, readSignature } from './signature';
import type { Throttle } from './throttle';

/** What an operation does. Its input has passed the model; its answer is checked against the model. */
export type Operation = (input: never, caller: Caller) => unknown;
/** Operations by service and name. */
export type Operations = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export interface ApiEndpointParts {
  readonly model: ApiModel;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly throttle: Throttle;
  readonly account: string;
  /** When the thing that an ARN names came into being, in milliseconds since the Unix epoch. */
  readonly createdAt: (arn: string) => number | undefined;
  readonly violations: AnswerViolation[];
  readonly log: (line: string) => void;
  /** Called before an answer leaves, so that nothing is acknowledged that could be lost. */
  readonly beforeAnswer: () => void | Promise<void>;
}

/** One parsed request: which operation, in which protocol. */
interface Request {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly caller: Caller;
  /** Whether Gantry itself asks. */
  readonly own: boolean;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly error?: string;
  readonly stream?: EventStreamAnswer;
}

const jsonType = 'application/x-amz-json-1.1';
const namespaces: Readonly<Record<string, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  cloudwatch: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  elbv2: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
};
const querySigningNames: Readonly<Record<string, string>> = {
  sts: 'sts',
  iam: 'iam',
  elasticloadbalancing: 'elbv2',
  ec2: 'ec2',
  monitoring: 'cloudwatch',
  cloudformation: 'cloudformation',
};

/** AWS's API on one port: finds the operation, holds request and answer against the model, and speaks both protocols. */
export class ApiEndpoint {
  readonly #parts: ApiEndpointParts;

  constructor(parts: ApiEndpointParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const form = String(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
    const { service, operation } = form ? this.#queryNames(request, body) : this.#jsonNames(request);
    const fault = this.#parts.faults.take(service, operation);
    const answer = await this.#answer(request, body, { service, operation, form, fault });
    const { calls, clock } = this.#parts;
    const error = answer.error === undefined ? {} : { error: answer.error };
    calls.add({ service, operation, at: clock.now(), status: answer.status, ...error });
    if (answer.stream) {
      const { model, violations } = this.#parts;
      const names = { service, operation, requestId: randomUUID() };
      return sendEventStream(response, answer.stream, { model, violations, ...names });
    }
    await this.#send(response, answer, fault);
  }

  /**
   * A call from inside the sandbox, by one of its services: with the checks, and if wanted with the faults, that apply
   * over HTTP. @throws ApiError
   */
  async inside(service: string, operation: string, input: object, withFaults: boolean): Promise<unknown> {
    const fault = withFaults ? this.#parts.faults.take(service, operation) : undefined;
    const injected = fault && faultError(fault, service, operation, this.#parts);
    if (injected) throw injected;
    const caller = { accessKeyId: '', region: '', signingName: service };
    return onBehalf(() => this.#run({ service, operation, input, caller, own: false }, undefined));
  }

  async #answer(
    request: IncomingMessage,
    body: Buffer,
    {
      service,
      operation,
      form,
      fault,
    }: { service: string; operation: string; form: boolean; fault?: Fault | undefined },
  ): Promise<Answer> {
    const requestId = randomUUID();
    try {
      if (fault?.kind === 'html') {
        return { status: fault.status ?? 502, contentType: 'text/html', body: htmlPage, error: 'html' };
      }
      const injected = fault && faultError(fault, service, operation, this.#parts);
      if (injected) throw injected;
      const caller = readSignature(request.headers, this.#parts.clock.now() + skewOf(fault));
      const input = form ? this.#queryInput(service, operation, body) : jsonInput(body);
      const own = isGantry(request);
      const result = await this.#run({ service, operation, input: withoutEmptyPages(input), caller, own }, fault);
      if (!isRead(operation)) await this.#parts.beforeAnswer();
      if (result instanceof EventStreamAnswer) return { status: 200, contentType: '', body: '', stream: result };
      if (!form) return { status: 200, contentType: jsonType, body: toJson(result) };
      return { status: 200, contentType: 'text/xml', body: this.#xmlAnswer(service, operation, result, requestId) };
    } catch (error) {
      const failure = this.#failure(error, service, operation, fault !== undefined);
      if (!form) return { ...failure, contentType: jsonType, body: failure.json };
      const code = this.#queryCode(service, operation, failure.error);
      const text =
        service === 'ec2'
          ? ec2Error(code, failure.message, requestId)
          : queryError(namespaces[service] ?? '', code, failure.message, failure.status, requestId);
      return { status: code in queryStatus ? 403 : failure.status, contentType: 'text/xml', body: text, error: code };
    }
  }

  async #run({ service, operation, input, caller, own }: Request, fault: Fault | undefined): Promise<unknown> {
    const { operations, model, violations } = this.#parts;
    const known = operations[service];
    const action = known && Object.hasOwn(known, operation) ? known[operation] : undefined;
    if (!action) throw new ApiError('UnknownOperationException', '');
    this.#check({ service, operation, input, own });
    const given = (await action(input as never, caller)) ?? {};
    if (given instanceof EventStreamAnswer) return given;
    const result = fault ? this.#altered(fault, { service, operation, input }, given) : given;
    const broken = checkAnswer(model, service, operation, result);
    for (const { problem } of broken) this.#parts.log(`violation: ${service} ${operation}: ${problem}`);
    violations.push(...broken);
    return result;
  }

  /** Holds a request against the model. One of Gantry's own that breaks it is a defect of Gantry, so it is kept. */
  #check({ service, operation, input, own }: Omit<Request, 'caller'>): void {
    try {
      checkRequest(this.#parts.model, service, operation, input);
    } catch (error) {
      const problem = `Gantry's request was refused for its form: ${error instanceof Error ? error.message : ''}`;
      if (own) {
        this.#parts.log(`violation: ${service} ${operation}: ${problem}`);
        this.#parts.violations.push({ service, operation, problem });
      }
      throw error;
    }
  }

  #altered(fault: Fault, { service, operation, input }: Omit<Request, 'caller' | 'own'>, result: unknown): unknown {
    const { model, clock, createdAt } = this.#parts;
    const own = model.services[service] ?? noService;
    return alteredAnswer({ fault, operation, input, result, model: own, now: clock.now(), createdAt });
  }

  #failure(
    error: unknown,
    service: string,
    operation: string,
    injected: boolean,
  ): { status: number; error: string; message: string; json: string } {
    if (!(error instanceof ApiError)) {
      this.#parts.log(`defect in ${service} ${operation}: ${error instanceof Error ? error.stack : String(error)}`);
      this.#parts.violations.push({ service, operation, problem: `crashed: ${String(error)}` });
      const text = { __type: 'ServerException', message: 'Service Unavailable. Please try again later.' };
      return { status: 500, error: text.__type, message: text.message, json: JSON.stringify(text) };
    }
    if (!injected) {
      const broken = checkErrorCode(this.#parts.model, service, operation, error.code);
      if (broken) this.#parts.violations.push(broken);
    }
    const { code, message, status, members } = error;
    const body = message === '' ? { __type: code } : { __type: code, message, ...members };
    return { status, error: code, message, json: JSON.stringify(body) };
  }

  #jsonNames(request: IncomingMessage): { service: string; operation: string } {
    const target = String(request.headers['x-amz-target'] ?? '');
    const dot = target.lastIndexOf('.');
    const { targets } = this.#parts.model;
    const prefix = target.slice(0, dot);
    return {
      service: (Object.hasOwn(targets, prefix) && targets[prefix]) || 'unknown',
      operation: target.slice(dot + 1) || 'unknown',
    };
  }

  #queryNames(request: IncomingMessage, body: Buffer): { service: string; operation: string } {
    const form = new URLSearchParams(body.toString('utf8'));
    const scope = /Credential=[^/,\s]+\/\d+\/[^/]+\/([^/]+)\//.exec(String(request.headers.authorization ?? ''))?.[1];
    return { service: querySigningNames[scope ?? ''] ?? 'unknown', operation: form.get('Action') ?? 'unknown' };
  }

  #queryInput(service: string, operation: string, body: Buffer): unknown {
    const model = this.#parts.model.services[service] ?? noService;
    const { shapes, ops } = model;
    const name = ops[operation]?.in ?? null;
    const form = new URLSearchParams(body.toString('utf8'));
    return readQuery(shapes, name, service === 'ec2' ? ec2Form(model, name, form) : form);
  }

  #xmlAnswer(service: string, operation: string, result: unknown, requestId: string): string {
    if (service !== 'ec2') return queryAnswer(namespaces[service] ?? '', operation, result, requestId);
    const model = this.#parts.model.services[service] ?? noService;
    return ec2Answer(model, { operation, shape: model.ops[operation]?.out ?? null, requestId }, result);
  }

  /** The Query protocol's name of an error: those that a service's own model lists lose their suffix. */
  #queryCode(service: string, operation: string, code: string): string {
    const own =
      ['elbv2', 'iam', 'cloudwatch'].includes(service) && code !== 'ResourceNotFoundException'
        ? this.#parts.model.services[service]?.ops[operation]?.errors.includes(code)
        : false;
    return own ? code.replace(/Exception$/, '') : (queryCodes[code] ?? code);
  }

  async #send(response: ServerResponse, answer: Answer, fault: Fault | undefined): Promise<void> {
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void response.socket?.destroy();
    if (fault?.kind === 'delay') {
      await new Promise<void>((resolve) => this.#parts.clock.after(fault.ms ?? 1000, resolve));
    }
    const body = Buffer.from(answer.body);
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'content-length': body.length,
      'x-amzn-requestid': randomUUID(),
      date: new Date(this.#parts.clock.now() + skewOf(fault)).toUTCString(),
      ...(answer.contentType === jsonType && answer.error !== undefined ? { 'x-amzn-errortype': answer.error } : {}),
    });
    if (fault?.kind !== 'truncate') return void response.end(body);
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
  }
}

/** By how much the server's clock is off, in milliseconds. */
function skewOf(fault: Fault | undefined): number {
  return fault?.kind === 'skew' ? (fault.ms ?? 0) : 0;
}

/** By the name that Gantry's clients add to their user agent. */
function isGantry({ headers }: IncomingMessage): boolean {
  return /(^|\s)gantry(\s|$)/.test(headers['user-agent'] ?? '');
}

function isRead(operation: string): boolean {
  return /^(Describe|List|Get(?!AuthorizationToken)|BatchGet|BatchCheck)/.test(operation);
}

const htmlPage = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** The Query protocol names the common errors without the suffix. */
const queryCodes: Readonly<Record<string, string>> = {
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  UnknownOperationException: 'InvalidAction',
  SerializationException: 'MalformedInput',
  ChangeSetNotFoundException: 'ChangeSetNotFound',
  InvalidChangeSetStatusException: 'InvalidChangeSetStatus',
};
/** Query answers these with 403. */
const queryStatus = { MissingAuthenticationToken: 403, SignatureDoesNotMatch: 403 };

function jsonInput(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    const input: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  } catch {
    // Answered below, in AWS's words.
  }
  throw new ApiError('SerializationException', 'Unable to parse the request body as a JSON object.');
}
