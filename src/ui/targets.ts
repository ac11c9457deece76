import * as path from 'node:path';
import * as vscode from 'vscode';
import { Setting } from '../core/contributions';
import { GantryError } from '../core/errors';
import { parseTargets, type Target, type TargetProblem } from '../deploy/target';

const section = 'gantry';

/** The targets of a workspace folder, in the setting `gantry.targets`. */
export class Targets {
  /** The targets that are well formed. */
  list(folder: vscode.WorkspaceFolder): Target[] {
    return parseTargets(this.raw(folder)).targets;
  }

  /** What is wrong with the others. */
  problems(folder: vscode.WorkspaceFolder): TargetProblem[] {
    return parseTargets(this.raw(folder)).problems;
  }

  /**
   * The targets of a Dockerfile.
   * @throws GantryError targetInvalid when a malformed entry may be the one that is meant; entries for other
   *   Dockerfiles are in nobody's way
   */
  forDockerfile(folder: vscode.WorkspaceFolder, dockerfile: string): Target[] {
    const isMeant = (path: string): boolean => normalize(path) === normalize(dockerfile);
    const problem = this.problems(folder).find((each) => each.dockerfile === undefined || isMeant(each.dockerfile));
    if (problem) throw new GantryError('targetInvalid', problem.sentence);
    return this.list(folder).filter((target) => isMeant(target.dockerfile));
  }

  /** Saves a target under its name; every other entry, malformed ones included, stays as it is. */
  async save(folder: vscode.WorkspaceFolder, target: Target): Promise<void> {
    const raw = this.raw(folder);
    const entries: unknown[] = Array.isArray(raw) ? [...(raw as unknown[])] : [];
    const at = entries.findIndex((entry) => (entry as Partial<Target> | null)?.name === target.name);
    entries.splice(at < 0 ? entries.length : at, at < 0 ? 0 : 1, target);
    await vscode.workspace
      .getConfiguration(section, folder.uri)
      .update(Setting.targets, entries, vscode.ConfigurationTarget.WorkspaceFolder);
  }

  /** Takes a target out; every other entry stays as it is. */
  async remove(folder: vscode.WorkspaceFolder, name: string): Promise<void> {
    const raw = this.raw(folder);
    const entries: unknown[] = Array.isArray(raw) ? (raw as unknown[]) : [];
    const left = entries.filter((entry) => (entry as Partial<Target> | null)?.name !== name);
    await vscode.workspace
      .getConfiguration(section, folder.uri)
      .update(Setting.targets, left.length > 0 ? left : undefined, vscode.ConfigurationTarget.WorkspaceFolder);
  }

  private raw(folder: vscode.WorkspaceFolder): unknown {
    return vscode.workspace.getConfiguration(section, folder.uri).get<unknown>(Setting.targets);
  }
}

/** A file's path inside its workspace folder, with slashes on every system. */
export function relativePath(folder: vscode.WorkspaceFolder, uri: vscode.Uri): string {
  return path.relative(folder.uri.fsPath, uri.fsPath).split(path.sep).join('/') || '.';
}

function normalize(file: string): string {
  return path.posix.normalize(file.replaceAll('\\', '/'));
}
