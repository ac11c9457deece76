import { execFileSync } from 'node:child_process';
import http from 'node:http';
import { hrtime } from 'node:process';
import { type Sandbox, startSandbox } from '../contract/sandboxProcess';
import { type Figure, median } from './figure';
import { registryPush } from './registryPush';

const elapsed = (since: bigint): number => Number(hrtime.bigint() - since) / 1e6;

/** Resident memory of a process in MiB. */
function residentMiB(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

/** From the start of the process to its line of readiness; `large` is seeded by then. */
async function startUp(seed: string, rounds: number): Promise<{ ms: number[]; memory: number[] }> {
  const ms: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = hrtime.bigint();
    const sandbox = await startSandbox({ seed });
    ms.push(elapsed(start));
    await describeTen(sandbox, 100);
    memory.push(residentMiB(sandbox.info.pid));
    await sandbox.stop();
  }
  return { ms, memory };
}

/** DescribeServices with ten of the large seed's services, one call after the other on one connection. In ms. */
async function describeTen(sandbox: Sandbox, calls: number): Promise<number[]> {
  const services = Array.from({ length: 10 }, (_, index) => `service-${String(index).padStart(4, '0')}`);
  const body = JSON.stringify({ cluster: 'cluster-0000', services });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const start = hrtime.bigint();
    await post(sandbox, agent, body);
    times.push(elapsed(start));
  }
  agent.destroy();
  return times;
}

function post({ endpoint }: Sandbox, agent: http.Agent, body: string): Promise<void> {
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const credential = `AKIAIOSFODNN7EXAMPLE/${date.slice(0, 8)}/us-east-1/ecs/aws4_request`;
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
    'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeServices',
    'x-amz-date': date,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  };
  return new Promise((resolve, reject) => {
    const request = http.request(endpoint, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve());
      answer.once('error', reject);
    });
    request.once('error', reject);
    request.end(body);
  });
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** What the sandbox costs: start, memory, answers, and a push beside Debian's registry. */
export async function sandboxFigures(rounds: number): Promise<readonly Figure[]> {
  const tiny = await startUp('tiny', rounds);
  const large = await startUp('large', rounds);
  const sandbox = await startSandbox({ seed: 'large' });
  await describeTen(sandbox, 500);
  const runs: number[][] = [];
  for (let round = 0; round < rounds; round += 1) runs.push(await describeTen(sandbox, 1000));
  await sandbox.stop();
  const part = (share: number): number[] => runs.map((run) => percentile(run, share));
  const seeding = large.ms.map((ms) => Math.max(0, ms - median(tiny.ms)));
  return [
    { name: 'sandbox: start (tiny)', unit: 'ms', values: tiny.ms, aim: 150 },
    { name: 'sandbox: resident memory (tiny)', unit: 'MiB', values: tiny.memory, aim: 250 },
    { name: 'sandbox: seeding large', unit: 'ms', values: seeding, aim: 2000 },
    { name: 'sandbox: resident memory (large)', unit: 'MiB', values: large.memory, aim: 250 },
    { name: 'sandbox: DescribeServices of 10, p50', unit: 'ms', values: part(0.5), aim: 1, note: 'in large' },
    { name: 'sandbox: DescribeServices of 10, p99', unit: 'ms', values: part(0.99), note: 'in large' },
    await registryPush(rounds),
  ];
}
