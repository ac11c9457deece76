import { Buffer } from 'node:buffer';

/**
 * Reads a text that AWS gave an address for.
 * @param most bytes; AWS answers with anything that somebody has pushed
 * @throws Error when the server refuses, or the text is longer
 */
export async function fetchText(url: string, most: number, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) throw new Error(`${new URL(url).host}: HTTP ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) throw new Error(`${new URL(url).host}: more than ${most} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}
