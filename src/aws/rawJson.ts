import type { Client, Command } from '@smithy/core/client';

/* eslint-disable @typescript-eslint/no-explicit-any -- the SDK's middleware types are generic over every command */
type AnyCommand = Command<any, any, any, any, any> & {
  readonly middlewareStack: Client<any, any, any, any>['middlewareStack'];
};

/**
 * Reads the answer's JSON as it came over the wire. The SDK silently drops members that it does not know, so a field
 * newer than the bundled SDK would be lost between DescribeTaskDefinition and RegisterTaskDefinition.
 */
export function captureAnswer(command: AnyCommand): () => Record<string, unknown> {
  let text = '{}';
  command.middlewareStack.add(
    (next: any) => async (args: any) => {
      const output = await next(args);
      const bytes = await readAll(output.response.body);
      text = Buffer.from(bytes).toString('utf8');
      output.response.body = bytes;
      return output;
    },
    // The lowest priority of this step stands nearest to the wire: before the SDK's own deserializer.
    { step: 'deserialize', priority: 'low', name: 'gantryCaptureAnswer' },
  );
  return () => JSON.parse(text) as Record<string, unknown>;
}

/** Sends this JSON instead of what the SDK would make of the command's input; it drops unknown members here too. */
export function replaceRequest(command: AnyCommand, body: Readonly<Record<string, unknown>>): void {
  command.middlewareStack.add(
    (next: any) => (args: any) => {
      args.request.body = JSON.stringify(body);
      return next(args);
    },
    // After the SDK's serializer, before the length is counted and the request is signed.
    { step: 'serialize', priority: 'low', name: 'gantryReplaceRequest' },
  );
}

async function readAll(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
