import * as vscode from 'vscode';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { describeTarget, type Target } from '../../deploy/target';
import type { ServicePlace } from '../../ui/askService';
import { pick } from '../../ui/pick';
import { Targets } from '../../ui/targets';

/** A target that Gantry has made everything for, with the folder that it is saved in. */
export interface StackTarget {
  readonly folder: vscode.WorkspaceFolder;
  readonly target: Target & { readonly stack: string };
}

/**
 * The target that is meant: the one of a service, or a choice of those that have a stack.
 * @throws GantryError notFound where there is none; cancelled
 */
export async function askStackTarget(title: string, place: ServicePlace | undefined): Promise<StackTarget> {
  const all = (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
    new Targets().list(folder).flatMap((target) => (hasStack(target) ? [{ folder, target }] : [])),
  );
  const found = place
    ? all.filter(({ target }) => target.service === place.service.name && target.cluster === place.cluster)
    : all;
  const [only] = found;
  if (only && found.length === 1 && place) return only;
  if (!only) {
    throw new GantryError(
      'notFound',
      message('No target of this workspace has a stack. “Deploy to New Service…” makes one.'),
    );
  }
  return pick(
    title,
    vscode.l10n.t('Target'),
    found.map((value) => ({ label: value.target.name, description: describeTarget(value.target), value })),
  );
}

function hasStack(target: Target): target is StackTarget['target'] {
  return target.stack !== undefined;
}
