import type { ServiceModel } from '../model/apiModel';
import { escapeXml } from './queryProtocol';

/*
 * EC2 speaks a dialect of its own: lists are numbered without `member`, names of answers begin with a small letter,
 * and many members are called differently on the wire.
 */

type Model = Pick<ServiceModel, 'shapes' | 'names'>;

/** Renames the members of a form's keys from the wire's names to the model's. */
export function ec2Form(model: Model, name: string | null, form: URLSearchParams): URLSearchParams {
  const renamed = new URLSearchParams();
  for (const [key, value] of form) {
    const path = name === null || key === 'Action' || key === 'Version' ? key : modelPath(model, name, key.split('.'));
    renamed.append(path, value);
  }
  return renamed;
}

function modelPath({ shapes, names: wire }: Model, root: string, parts: readonly string[]): string {
  let shape = root;
  const path: string[] = [];
  for (const part of parts) {
    const { t: type, e: element, m: members } = shapes[shape] ?? { t: 'string' as const };
    if (type === 'list') {
      path.push(part);
      shape = element ?? '';
      continue;
    }
    const names = wire?.request[shape] ?? {};
    const member = Object.keys(names).find((candidate) => names[candidate] === part) ?? part;
    path.push(member);
    shape = (Object.hasOwn(members ?? {}, member) ? members?.[member] : undefined) ?? '';
  }
  return path.join('.');
}

function toXml(model: Model, name: string, value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  const shape = model.shapes[name];
  if (Array.isArray(value)) return value.map((item) => `<item>${toXml(model, shape?.e ?? '', item)}</item>`).join('');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([member, inner]) => {
      const tag = model.names?.answer[name]?.[member] ?? member.charAt(0).toLowerCase() + member.slice(1);
      return `<${tag}>${toXml(model, shape?.m?.[member] ?? '', inner)}</${tag}>`;
    })
    .join('');
}

/** The document around a successful answer of EC2. */
export function ec2Answer(
  model: Model,
  { operation, shape, requestId }: { operation: string; shape: string | null; requestId: string },
  answer: unknown,
): string {
  const members = shape === null ? '' : toXml(model, shape, answer);
  const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';
  return `<${operation}Response xmlns="${namespace}"><requestId>${requestId}</requestId>${members}</${operation}Response>`;
}

/** The document around an error of EC2. */
export function ec2Error(code: string, message: string, requestId: string): string {
  const error = `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return `<Response><Errors>${error}</Errors><RequestID>${requestId}</RequestID></Response>`;
}
