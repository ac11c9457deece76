import type { Sandbox } from './sandboxProcess';

/** A JSON service of AWS: its name in signatures and the prefix of its targets. */
export interface JsonService {
  readonly name: string;
  readonly target: string;
}

export const ecs: JsonService = { name: 'ecs', target: 'AmazonEC2ContainerServiceV20141113' };
export const ecr: JsonService = { name: 'ecr', target: 'AmazonEC2ContainerRegistry_V20150921' };

export interface PostAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A request as it goes over the wire, for what no well-behaved client would send. A text is sent as it is. */
export async function signedPost(
  sandbox: Sandbox,
  { name, target }: JsonService,
  operation: string,
  input: unknown,
): Promise<PostAnswer> {
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const credential = `AKIAIOSFODNN7EXAMPLE/${date.slice(0, 8)}/us-east-1/${name}/aws4_request`;
  const answer = await fetch(sandbox.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${target}.${operation}`,
      'x-amz-date': date,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    },
    body: typeof input === 'string' ? input : JSON.stringify(input),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
