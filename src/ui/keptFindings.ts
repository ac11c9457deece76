import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../deploy/finding';
import { writeWhole } from './wholeFile';

/** Changes when older findings can no longer be read. */
const version = 1;

/** How many deployments of one service are kept, how many services, and for how long (milliseconds). */
const limits = { deployments: 5, services: 200, age: 30 * 24 * 3_600_000 };

/** The findings about one deployment. */
export interface KeptDeployment {
  /** `ecs-svc/…` */
  readonly deploymentId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly findings: readonly Finding[];
}

interface Kept {
  readonly version: number;
  /** Newest first. */
  readonly deployments: readonly KeptDeployment[];
}

/**
 * Keeps findings on the disk, one file a service: ECS forgets a stopped task after an hour, and with it the cause. Log
 * lines, in which secrets may stand, are not kept; where they are is.
 */
export class KeptFindings {
  /** Writes of this window, one after the other. */
  private writing: Promise<void> = Promise.resolve();

  /** @param folder where they are kept; made when the first one is written */
  constructor(
    private readonly folder: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** What was found about a service, the newest deployment first; empty when there is nothing that can be read. */
  async read(service: string): Promise<readonly KeptDeployment[]> {
    try {
      const kept = JSON.parse(await readFile(this.fileOf(service), 'utf8')) as Kept;
      if (kept.version !== version) return [];
      return kept.deployments.filter(({ at }) => this.now() - at < limits.age);
    } catch {
      return [];
    }
  }

  /** Adds what was found about a deployment, in the place of what was found before. */
  add(service: string, deploymentId: string, findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return Promise.resolve();
    this.writing = this.writing
      .then(() => this.write(service, { deploymentId, at: this.now(), findings: findings.map(withoutLines) }))
      // Not to keep something is no failure of what is being done.
      .catch(() => undefined);
    return this.writing;
  }

  private async write(service: string, deployment: KeptDeployment): Promise<void> {
    const others = (await this.read(service)).filter(({ deploymentId }) => deploymentId !== deployment.deploymentId);
    const kept: Kept = { version, deployments: [deployment, ...others].slice(0, limits.deployments) };
    await writeWhole(this.fileOf(service), JSON.stringify(kept));
    await this.prune();
  }

  private async prune(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.json'));
    if (names.length <= limits.services) return;
    const files = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(path.join(this.folder, name))).mtimeMs })),
    );
    const oldest = files.sort((a, b) => b.at - a.at).slice(limits.services);
    await Promise.all(oldest.map(({ name }) => rm(path.join(this.folder, name), { force: true })));
  }

  private fileOf(service: string): string {
    return path.join(this.folder, `${createHash('sha256').update(service).digest('hex').slice(0, 32)}.json`);
  }
}

function withoutLines(finding: Finding): Finding {
  return {
    ...finding,
    evidence: finding.evidence.filter(({ kind }) => kind !== 'log'),
    log: finding.log && { ...finding.log, lines: [] },
  };
}
