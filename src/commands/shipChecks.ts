import * as vscode from 'vscode';
import type { Connection } from '../aws/api';
import type { Clock } from '../core/clock';
import { checkBuild } from '../deploy/preflight/build';
import type { Check, CheckAction } from '../deploy/preflight/check';
import { preflight, type PreflightSubject } from '../deploy/preflight/preflight';
import { Remembered } from '../deploy/preflight/remembered';
import type { Plan } from '../deploy/plan';
import type { ContainerEngine } from '../engine/containerEngine';
import { readDockerfile } from '../engine/dockerfile';
import type { DockerfilePlace } from '../ui/dockerfiles';

const native = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;

/** The checks of one ship. */
export interface RunningChecks {
  /** What concerns the build, known at once. */
  readonly build: readonly Check[];
  /** All of them. */
  readonly all: Promise<readonly Check[]>;
  /** Does what Gantry can do about a check, and looks again. */
  readonly mend: (action: CheckAction) => Promise<readonly Check[]>;
}

/** Looks before ships at what would make them fail. */
export class ShipChecks {
  private readonly remembered: Remembered;

  constructor(clock: Clock) {
    this.remembered = new Remembered(clock);
  }

  /** Begins to look; the answers come while the image is built. */
  async start(
    connection: Connection,
    plan: Plan,
    engine: ContainerEngine | undefined,
    dockerfile: DockerfilePlace,
    signal: AbortSignal,
  ): Promise<RunningChecks> {
    const subject: PreflightSubject = { plan, engine: engine?.engine, native, exposed: await exposedBy(dockerfile) };
    const look = (): Promise<readonly Check[]> => preflight(connection, subject, this.remembered, signal);
    const all = look();
    // A ship that ends before it looks at the answer must not leave an unhandled rejection.
    all.catch(() => undefined);
    return {
      build: checkBuild(plan, engine?.engine, native),
      all,
      mend: async ({ name }) => {
        await connection.logs.createGroup(name, signal);
        return look();
      },
    };
  }
}

/** A Dockerfile that is missing says nothing here; the build says it. */
async function exposedBy({ uri }: DockerfilePlace): Promise<readonly number[]> {
  try {
    return readDockerfile(Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8')).ports;
  } catch {
    return [];
  }
}
