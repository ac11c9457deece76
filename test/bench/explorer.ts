import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hrtime } from 'node:process';
import { Finder } from '../../src/commands/fuzzy';
import { type Sandbox, type SandboxCall, startSandbox } from '../contract/sandboxProcess';
import { ensureAwsCli } from '../kit/awsCli';
import { must } from '../kit/command';
import { copySample } from '../kit/sampleWorkspace';
import { say } from '../kit/say';
import { openWorkbench } from '../workbench/kit/openWorkbench';
import type { Workbench } from '../workbench/kit/workbench';
import type { Figure } from './figure';
import { extensionHost, residentMiB } from './hostProcess';

/** What the seed `large` has in its first cluster and its first repository. */
const [services, images] = [2_000, 10_000];

const [listCalls, describeCalls] = [services / 100, services / 10];

/** Seconds that half of ECS's bucket for service reads (100 at once, 20 a second) needs for all of them. */
const atHalfRate = (listCalls + describeCalls - 50) / 10;

const since = (start: bigint): number => Number(hrtime.bigint() - start) / 1e6;

interface Look {
  readonly firstRow: number;
  readonly allServices: number;
  readonly growth: number;
  readonly firstImage: number;
  readonly allImages: number;
  readonly calls: readonly SandboxCall[];
}

function countOf(calls: readonly SandboxCall[], operation: string): number {
  return calls.filter((call) => call.operation === operation).length;
}

/** Opens the large cluster and the large repository in a fresh window, with AWS's throttles in force. */
async function look(vsix: string): Promise<Look> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'gantry-bench-'));
  const folder = await copySample(path.join(home, 'sample'));
  const sandbox = await startSandbox({ seed: 'large' });
  await sandbox.addFault({ match: { service: 'ecs' }, fault: { kind: 'throttle' } });
  const env = { GANTRY_SANDBOX: JSON.stringify(sandbox.info) };
  const workbench = await openWorkbench({ folder, env, extensions: [vsix], viewport: { width: 1280, height: 1600 } });
  try {
    await workbench.activity('Gantry');
    await workbench.view('ECS').waitForRow('cluster-0000', 'services');
    await sandbox.resetCalls();
    const before = hostMemory(workbench);
    const { firstRow, allServices } = await openCluster(workbench, sandbox);
    const growth = hostMemory(workbench) - before;
    const { firstImage, allImages } = await openRepository(workbench);
    return { firstRow, allServices, growth, firstImage, allImages, calls: await sandbox.calls() };
  } finally {
    await workbench.close();
    await sandbox.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function openCluster(workbench: Workbench, sandbox: Sandbox): Promise<{ firstRow: number; allServices: number }> {
  const ecs = workbench.view('ECS');
  const [start, startedAt] = [hrtime.bigint(), Date.now()];
  await ecs.row('cluster-0000').click();
  await ecs.row('service-0000').waitFor();
  const firstRow = since(start);
  let last: SandboxCall | undefined;
  for (let done = 0; done < describeCalls;) {
    await workbench.page.waitForTimeout(250);
    const answered = (await sandbox.calls()).filter((call) => call.operation === 'DescribeServices' && !call.error);
    [done, last] = [answered.length, answered.at(-1)];
  }
  return { firstRow, allServices: (last?.at ?? 0) - startedAt };
}

async function openRepository(workbench: Workbench): Promise<{ firstImage: number; allImages: number }> {
  const ecr = workbench.view('ECR');
  const start = hrtime.bigint();
  await ecr.row('large/repository-0000').click();
  await ecr.row(/v\d{4}/).waitFor();
  const firstImage = since(start);
  // The newest image, once nothing newer can come.
  await ecr.row('v9999').waitFor();
  await ecr.row('Reading images').waitFor({ state: 'detached' });
  return { firstImage, allImages: since(start) };
}

function hostMemory(workbench: Workbench): number {
  const server = workbench.server.child.pid;
  const host = server === undefined ? undefined : extensionHost(server);
  if (host === undefined) throw new Error('There is no extension host below the server.');
  return residentMiB(host);
}

/** The AWS CLI's time for the same listing; a tenth of its describing is measured and the rest reckoned. */
async function byCli(): Promise<number> {
  const [aws, sandbox] = [await ensureAwsCli(), await startSandbox({ seed: 'large' })];
  const env = { ...process.env, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_DEFAULT_REGION: 'us-east-1' };
  const ask = (...args: string[]): Promise<string> =>
    must(aws, ['ecs', ...args, '--cluster', 'cluster-0000', '--endpoint-url', sandbox.endpoint], { env });
  try {
    const start = hrtime.bigint();
    await ask('list-services', '--output', 'text');
    const listed = since(start);
    const describing = hrtime.bigint();
    for (let batch = 0; batch < describeCalls / 10; batch++) {
      const names = Array.from({ length: 10 }, (_, index) => `service-${String(batch * 10 + index).padStart(4, '0')}`);
      await ask('describe-services', '--services', ...names);
    }
    return listed + since(describing) * 10;
  } finally {
    await sandbox.stop();
  }
}

/** Finding among 10 000 names while somebody types, one figure for each key. */
function typing(): number[] {
  const finder = new Finder<{ label: string; description: string }>();
  const kinds = ['orders', 'payments', 'search', 'storefront', 'worker'];
  finder.set(
    Array.from({ length: 10_000 }, (_, index) => ({
      label: `${kinds[index % kinds.length] ?? ''}-${String(index).padStart(5, '0')}-service`,
      description: `cluster-${index % 50}`,
    })),
  );
  const text = 'front 042';
  const times: number[] = [];
  for (let length = 1; length <= text.length; length++) {
    const start = hrtime.bigint();
    finder.find(text.slice(0, length));
    times.push(since(start));
  }
  return times;
}

/** What looking at a very large account costs. */
export async function explorer(vsix: string, rounds: number): Promise<readonly Figure[]> {
  const looks: Look[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`A cluster of ${services} services and a repository of ${images} images, round ${round} of ${rounds}.`);
    looks.push(await look(vsix));
  }
  const cli = await byCli();
  const calls = (operation: string): number[] => looks.map((one) => countOf(one.calls, operation));
  return [
    { name: `${services} services: first rows`, unit: 'ms', values: looks.map((one) => one.firstRow), aim: 300 },
    {
      ...{ name: `${services} services: all described, AWS's throttles on`, unit: 'ms' as const },
      ...{ values: looks.map((one) => one.allServices), aim: atHalfRate * 1_200 },
      note: `half of the bucket allows it in ${atHalfRate} s`,
    },
    { name: '… by the AWS CLI, no throttles', unit: 'ms', values: [cli], note: 'describing reckoned from a tenth' },
    { name: '… ListServices', unit: 'calls', values: calls('ListServices'), aim: listCalls, exact: true },
    { name: '… DescribeServices', unit: 'calls', values: calls('DescribeServices'), aim: describeCalls, exact: true },
    { name: '… extension host grows by', unit: 'MiB', values: looks.map((one) => one.growth), aim: 60 },
    { name: `${images} images: first rows`, unit: 'ms', values: looks.map((one) => one.firstImage), aim: 500 },
    { name: '… all read and in order', unit: 'ms', values: looks.map((one) => one.allImages), note: 'ten pages' },
    { name: '… DescribeImages', unit: 'calls', values: calls('DescribeImages'), aim: images / 1000, exact: true },
    { name: 'Go to Service, 10 000 names: a key', unit: 'ms', values: typing(), aim: 16 },
  ];
}
