import * as path from 'node:path';
import * as vscode from 'vscode';
import { canPush, canShip, describeTarget, type Target } from '../deploy/target';
import type { Repository } from '../ecr/model';
import type { Runner } from '../engine/command';
import { readSourceState } from '../engine/git';
import type { ServicePlace } from '../ui/askService';
import type { Connections, Session } from '../ui/connections';
import { askDockerfile, placeDockerfile, type DockerfilePlace } from '../ui/dockerfiles';
import { NewTarget } from '../ui/newTarget';
import { pick } from '../ui/pick';
import type { Targets } from '../ui/targets';

/** How far a ship goes. */
export type Level = 'build' | 'push' | 'ship';

/** What the place where a command was called already says. */
export interface ShipRequest {
  readonly level: Level;
  /** The connection of the row on which the command was called. */
  readonly session?: Session;
  readonly dockerfile?: vscode.Uri;
  readonly place?: ServicePlace;
  readonly repository?: Repository;
  /** Build for this platform, whatever the target says. */
  readonly platform?: string;
  /** Ask for a new target even where there is one. */
  readonly newTarget?: boolean;
}

/** A target with the Dockerfile that it is for. */
export interface Chosen {
  readonly target: Target;
  readonly dockerfile: DockerfilePlace;
  /** The connection of the row on which the command was called. */
  readonly session?: Session | undefined;
  /** Just made: its plan is shown before anything changes, and then it is saved. */
  readonly isNew: boolean;
}

/** Finds out which target is meant, and asks for a new one where there is none. */
export class TargetChooser {
  constructor(
    private readonly connections: Connections,
    private readonly targets: Targets,
    private readonly processes: Runner,
  ) {}

  /** Finds the target that is meant, or asks for a new one. */
  async choose(request: ShipRequest): Promise<Chosen> {
    const saved = request.dockerfile ? undefined : await this.savedFor(request);
    if (saved) return saved;
    const dockerfile = request.dockerfile
      ? placeDockerfile(request.dockerfile)
      : await askDockerfile(titleOfLevel(request.level));
    const candidates = this.targets
      .forDockerfile(dockerfile.folder, dockerfile.path)
      .filter((target) => matches(target, request));
    const usable = candidates.filter((target) => isComplete(target, request.level));
    if (!request.newTarget && usable.length > 0) return this.pickTarget(request, dockerfile, usable);
    if (request.level === 'build')
      return { target: candidates[0] ?? plainTarget(dockerfile), dockerfile, isNew: false };
    return this.ask(request, dockerfile, request.newTarget ? undefined : candidates[0]);
  }

  /** The saved target of a service or repository, when the command was called on one. */
  private savedFor(request: ShipRequest): Chosen | undefined {
    if (!request.place && !request.repository) return undefined;
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const found = this.targets
        .list(folder)
        .filter((target) => matches(target, request) && isComplete(target, request.level));
      const target = found[0];
      if (found.length !== 1 || !target) continue;
      const uri = vscode.Uri.joinPath(folder.uri, target.dockerfile);
      return { target, dockerfile: { uri, folder, path: target.dockerfile }, isNew: false };
    }
    return undefined;
  }

  private async pickTarget(
    request: ShipRequest,
    dockerfile: DockerfilePlace,
    usable: readonly Target[],
  ): Promise<Chosen> {
    const only = usable.length === 1 ? usable[0] : undefined;
    if (only) return { target: only, dockerfile, isNew: false };
    const choices = usable.map((value) => ({ label: value.name, description: describeTarget(value), value }));
    const another = { label: vscode.l10n.t('New Target…'), iconPath: new vscode.ThemeIcon('add'), value: undefined };
    const chosen = await pick<Target | undefined>(titleOfLevel(request.level), vscode.l10n.t('Target'), [
      ...choices,
      another,
    ]);
    return chosen ? { target: chosen, dockerfile, isNew: false } : this.ask(request, dockerfile, undefined);
  }

  private async ask(request: ShipRequest, dockerfile: DockerfilePlace, base: Target | undefined): Promise<Chosen> {
    const session = request.session ?? this.connections.session;
    const source = await readSourceState(path.dirname(dockerfile.uri.fsPath), this.processes, session.signal);
    const questions = new NewTarget(session, dockerfile, source);
    const target = await questions.ask(request.level === 'ship', {
      ...(request.place ? { place: request.place } : {}),
      ...(request.repository ? { repository: request.repository } : {}),
      ...(base ? { base } : {}),
      taken: this.targets.list(dockerfile.folder).map(({ name }) => name),
    });
    return { target, dockerfile, isNew: true };
  }
}

function matches(target: Target, { place, repository }: ShipRequest): boolean {
  if (place && (target.service !== place.service.name || target.cluster !== place.cluster))
    return target.service === undefined;
  return !repository || (target.repository ?? repository.name) === repository.name;
}

function isComplete(target: Target, level: Level): boolean {
  if (level === 'ship') return canShip(target);
  return level === 'build' || canPush(target);
}

/** A target for a build alone: it needs nothing but the file. */
function plainTarget(dockerfile: DockerfilePlace): Target {
  const context = path.posix.dirname(dockerfile.path);
  return {
    name: context === '.' ? dockerfile.folder.name : path.posix.basename(context),
    dockerfile: dockerfile.path,
    context,
  };
}

/** The name of the command. */
export function titleOfLevel(level: Level): string {
  if (level === 'build') return vscode.l10n.t('Build Image');
  return level === 'push' ? vscode.l10n.t('Build and Push') : vscode.l10n.t('Build, Push and Redeploy');
}
