import * as vscode from 'vscode';
import { Command, type EcrCommand } from '../core/contributions';
import { deleteImages, deleteUntagged, removeTags } from './deleteImages';
import type { EcrContext, EcrPlace } from './ecrPlace';
import { findUses } from './findUses';
import { deletePolicy, editPolicy, previewPolicy } from './policies';
import { PolicyFiles } from './policyFiles';
import { Reports } from './reports';
import { createRepository, deleteRepository } from './repositories';
import { retagImage } from './retagImage';
import { scanImage, showFindings } from './scans';

/** The verbs on repositories and images. */
export interface EcrVerbs {
  /** @param argument what the command was called with, where that was no row */
  run(command: EcrCommand, given: EcrPlace | undefined, argument: unknown): Promise<void>;
  readonly reports: Reports;
  readonly policies: PolicyFiles;
}

/** Puts the verbs on repositories and images together. */
export function createEcrVerbs(context: EcrContext): EcrVerbs {
  const reports = new Reports(context.reportChanges);
  const policies = new PolicyFiles(context.connections, context.policyChanges);
  const verbs: Record<EcrCommand, (given: EcrPlace | undefined, argument: unknown) => Promise<void>> = {
    [Command.createRepository]: (_, argument) => createRepository(context, argument),
    [Command.deleteRepository]: (given) => deleteRepository(context, given),
    [Command.findUses]: (given) => findUses(context, given),
    [Command.showFindings]: (given) => showFindings(context, reports, given),
    [Command.scanImage]: (given) => scanImage(context, reports, given),
    [Command.retagImage]: (given) => retagImage(context, given),
    [Command.removeTags]: (given) => removeTags(context, given),
    [Command.deleteImages]: (given) => deleteImages(context, given),
    [Command.deleteUntagged]: (given) => deleteUntagged(context, given),
    [Command.editLifecyclePolicy]: (given) => editPolicy(context, 'lifecycle', given),
    [Command.previewLifecyclePolicy]: (given, argument) =>
      previewPolicy(context, policies, reports, argument instanceof vscode.Uri ? argument : given),
    [Command.deleteLifecyclePolicy]: (given) => deletePolicy(context, policies, 'lifecycle', given),
    [Command.editRepositoryPolicy]: (given) => editPolicy(context, 'repository', given),
    [Command.deleteRepositoryPolicy]: (given) => deletePolicy(context, policies, 'repository', given),
  };
  return { run: (command, given, argument) => verbs[command](given, argument), reports, policies };
}
