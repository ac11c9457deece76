import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { pick } from './pick';
import { relativePath } from './targets';

/** A Dockerfile with the workspace folder that it is in. */
export interface DockerfilePlace {
  readonly uri: vscode.Uri;
  readonly folder: vscode.WorkspaceFolder;
  /** Path inside the folder, with slashes. */
  readonly path: string;
}

const pattern = '**/{Dockerfile,Dockerfile.*,*.Dockerfile,*.dockerfile,Containerfile,Containerfile.*}';

/** Files that look like Dockerfiles and are none. */
const notDockerfiles = /\.(dockerignore|containerignore|md|txt|sh|ya?ml|json)$/i;

/** Places a Dockerfile. @throws GantryError dockerfileMissing for a file outside the workspace */
export function placeDockerfile(uri: vscode.Uri): DockerfilePlace {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder || uri.scheme !== 'file') {
    throw new GantryError(
      'dockerfileMissing',
      message('Open the folder of {0} first; targets belong to a folder.', uri.fsPath),
    );
  }
  return { uri, folder, path: relativePath(folder, uri) };
}

/** Finds the Dockerfile that is meant: the one in the active editor, the only one of the workspace, or a choice. */
export async function askDockerfile(title: string): Promise<DockerfilePlace> {
  const active = vscode.window.activeTextEditor?.document;
  if (active?.languageId === 'dockerfile' && vscode.workspace.getWorkspaceFolder(active.uri)) {
    return placeDockerfile(active.uri);
  }
  const found = (await vscode.workspace.findFiles(pattern, '**/{node_modules,.git}/**', 200))
    .filter((uri) => !notDockerfiles.test(uri.path))
    .map(placeDockerfile)
    .sort((a, b) => a.path.length - b.path.length);
  if (found.length === 0) {
    throw new GantryError('dockerfileMissing', message('There is no Dockerfile in this workspace.'));
  }
  if (found.length === 1 && found[0]) return found[0];
  return pick(
    title,
    vscode.l10n.t('Dockerfile'),
    found.map((value) => ({ label: value.path, description: value.folder.name, value })),
  );
}
