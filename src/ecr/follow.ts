import { sleep, type Clock } from '../core/clock';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { Page } from '../core/paging';
import type { Finding } from './findings';
import type { EcrGateway } from './gateway';
import type { ExpiringImage, ScanSummary } from './model';

/** Milliseconds between two questions. */
const pause = 2_000;

/** Milliseconds after which a scan or preview is not waited for any more; it goes on in AWS. */
const longest = 10 * 60_000;

/** Starts a scan and waits for its end, however it ends. @throws GantryError timedOut, cancelled, refused … */
export async function scanToTheEnd(
  ecr: EcrGateway,
  clock: Clock,
  repository: string,
  digest: string,
  signal: AbortSignal,
): Promise<ScanSummary> {
  await ecr.startScan(repository, digest, signal);
  const page = await until(
    () => ecr.scanFindings(repository, digest, undefined, signal),
    (answer) => answer !== undefined && !['IN_PROGRESS', 'PENDING'].includes(answer.scan.status ?? ''),
    clock,
    signal,
  );
  return page?.scan ?? { status: undefined, description: undefined, counts: {}, completedAt: undefined };
}

/** All findings of the last scan; undefined when there was none. */
export async function allFindings(
  ecr: EcrGateway,
  repository: string,
  digest: string,
  signal: AbortSignal,
): Promise<{ scan: ScanSummary; findings: Finding[] } | undefined> {
  const first = await ecr.scanFindings(repository, digest, undefined, signal);
  if (!first) return undefined;
  const findings = await rest(first, (token) => ecr.scanFindings(repository, digest, token, signal));
  return { scan: first.scan, findings };
}

/**
 * Asks what a lifecycle policy would take now.
 * @param text a policy; without one, that which is in force
 * @throws GantryError refused when the policy is no policy, notFound when there is none; timedOut, cancelled …
 */
export async function previewLifecycle(
  ecr: EcrGateway,
  clock: Clock,
  repository: string,
  text: string | undefined,
  signal: AbortSignal,
): Promise<ExpiringImage[]> {
  await ecr.startLifecyclePreview(repository, text, signal);
  const first = await until(
    () => ecr.lifecyclePreview(repository, undefined, signal),
    ({ status }) => status !== 'IN_PROGRESS',
    clock,
    signal,
  );
  if (first.status !== 'COMPLETE') {
    throw new GantryError('refused', message('The preview ended with {0}.', first.status));
  }
  return rest(first, (token) => ecr.lifecyclePreview(repository, token, signal));
}

async function rest<T>(first: Page<T>, next: (token: string) => Promise<Page<T> | undefined>): Promise<T[]> {
  const items = [...first.items];
  for (let token = first.nextToken; token;) {
    const page = await next(token);
    items.push(...(page?.items ?? []));
    token = page?.nextToken;
  }
  return items;
}

async function until<T>(
  ask: () => Promise<T>,
  isDone: (answer: T) => boolean,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  for (const end = clock.now() + longest; ;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    if (clock.now() >= end) throw new GantryError('timedOut', message('It is not done yet; it goes on in AWS.'));
    await sleep(clock, pause, signal);
  }
}
