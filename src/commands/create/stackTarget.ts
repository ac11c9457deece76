import * as vscode from 'vscode';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { describeTarget, type Target } from '../../deploy/target';
import { stackNameOf } from '../../provision/serviceFromDefinition';
import type { ServicePlace } from '../../ui/askService';
import { pick } from '../../ui/pick';
import { Targets } from '../../ui/targets';

/** A target that Gantry has made everything for, with the folder that it is saved in. */
export interface StackTarget {
  readonly folder: vscode.WorkspaceFolder;
  readonly target: Target & { readonly stack: string };
}

/** What Gantry has made by one stack: for a target, or a service alone. */
export interface MadeStack {
  /** Of the target or the service. */
  readonly name: string;
  readonly stack: string;
  /** Undefined for a service that was made from a task definition: it belongs to no Dockerfile. */
  readonly chosen: StackTarget | undefined;
}

/**
 * The stack that is meant: of a service or, without one, of a target that is chosen.
 * @throws GantryError notFound where there is none; cancelled
 */
export async function askStack(title: string, place: ServicePlace | undefined): Promise<MadeStack> {
  const own = place && targetsWithStacks().some((each) => isFor(each, place)) ? undefined : await stackOf(place);
  if (place && own) return { name: place.service.name, stack: own, chosen: undefined };
  const chosen = await askStackTarget(title, place);
  return { name: chosen.target.name, stack: chosen.target.stack, chosen };
}

/** The stack of a service that was made alone: known by its name, and by holding the service. */
async function stackOf(place: ServicePlace | undefined): Promise<string | undefined> {
  if (!place) return undefined;
  const { session, cluster, service } = place;
  const { stacks } = session.connection;
  const stack = await stacks.findStack(stackNameOf(cluster, service.name), session.signal);
  const resources = stack ? await stacks.listResources(stack.id, session.signal) : [];
  return resources.some(({ physicalId }) => physicalId === service.arn) ? stack?.name : undefined;
}

/**
 * The target that is meant: the one of a service, or a choice of those that have a stack.
 * @throws GantryError notFound where there is none; cancelled
 */
export async function askStackTarget(title: string, place: ServicePlace | undefined): Promise<StackTarget> {
  const all = targetsWithStacks();
  const found = place ? all.filter((each) => isFor(each, place)) : all;
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

function targetsWithStacks(): StackTarget[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
    new Targets().list(folder).flatMap((target) => (hasStack(target) ? [{ folder, target }] : [])),
  );
}

function isFor({ target }: StackTarget, { cluster, service }: ServicePlace): boolean {
  return target.service === service.name && target.cluster === cluster;
}

function hasStack(target: Target): target is StackTarget['target'] {
  return target.stack !== undefined;
}
