import { type ApiModel, noService } from './apiModel';
import { findViolations } from './violations';

/** An answer of the sandbox, or a request of Gantry's own, that breaks AWS's model: always a defect. */
export interface AnswerViolation {
  readonly service: string;
  readonly operation: string;
  readonly problem: string;
}

/** Lists in which AWS answers more than its own model allows: ListImages gives 1000 ids, where the shape says 100. */
const exceeded = new Set(['ecr ListImages imageIds']);

/** Every place where an answer breaks the model of its operation. AWS itself answers empty lists where one is wanted. */
export function checkAnswer(model: ApiModel, service: string, operation: string, answer: unknown): AnswerViolation[] {
  const { shapes, ops } = model.services[service] ?? noService;
  const name = ops[operation]?.out;
  const problems: AnswerViolation[] = [];
  if (!name) {
    if (Object.keys(answer ?? {}).length > 0) problems.push({ service, operation, problem: 'answer must be empty' });
    return problems;
  }
  findViolations(shapes, name, answer, '', ({ kind, path, shape, value }) => {
    // EC2 answers `available` where its model says `Available` (endpoints) or `attached` (internet gateways).
    if (service === 'ec2' && kind === 'enum' && value === 'available' && path.endsWith('State')) return;
    // Events show the stack's own statuses too; their model leaves two of them out.
    const ofStack = /^REVIEW_IN_PROGRESS$|_CLEANUP_IN_PROGRESS$/;
    if (service === 'cloudformation' && kind === 'enum' && ofStack.test(String(value))) return;
    if (kind === 'bounds' && typeof value === 'object') {
      const size = Object.keys(value ?? {}).length;
      if (size <= (shape.max ?? Infinity) || exceeded.has(`${service} ${operation} ${path}`)) return;
    }
    problems.push({ service, operation, problem: `${kind} at ${path}: ${JSON.stringify(value)?.slice(0, 200)}` });
  });
  return problems;
}

/** An error code that the operation's model does not list is a violation too, apart from the codes common to all. */
export function checkErrorCode(
  model: ApiModel,
  service: string,
  operation: string,
  code: string,
): AnswerViolation | undefined {
  const known = model.services[service]?.ops[operation]?.errors;
  if (!known || known.length === 0 || known.includes(code) || commonErrors.has(code)) return undefined;
  return { service, operation, problem: `error code ${code} is not one of ${known.join(', ')}` };
}

/** Codes that every service may answer; AWS leaves them out of its models. */
const commonErrors = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InternalFailure',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'SerializationException',
  'ServerException',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationError',
  'ValidationException',
]);
