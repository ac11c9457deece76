import type * as vscode from 'vscode';
import type { Choices } from '../../provision/choices';
import type { ServicePlace } from '../../ui/askService';
import type { CreationContext } from './creationContext';
import type { EcrPlace } from '../ecrPlace';
import type { RevisionRef } from '../taskDefinitions';
import { createCluster } from './createCluster';
import { createService, type ServiceCreationPlace } from './createService';
import { createTaskDefinition } from './createTaskDefinition';
import { deleteCreated } from './deleteCreated';
import { deployNewService, type CreationPlace } from './deployNewService';
import { runDefinition } from './runDefinition';
import { deployTemplate, editTemplate } from './templateVerbs';

/** Everything that makes what was not there before, and takes it away again. */
export interface Creation {
  deployNewService(kind: Choices['kind'], place: CreationPlace): Promise<void>;
  createCluster(): Promise<void>;
  /** A draft in the editor; nothing is registered by it. */
  createTaskDefinition(place: EcrPlace | undefined): Promise<void>;
  createService(place: ServiceCreationPlace | undefined): Promise<void>;
  /** Runs a task of a definition once. */
  runDefinition(ref: RevisionRef | undefined): Promise<void>;
  editTemplate(place: ServicePlace | undefined): Promise<void>;
  deployTemplate(uri: vscode.Uri | undefined): Promise<void>;
  deleteCreated(place: ServicePlace | undefined): Promise<void>;
}

/** What `dist/create.js` exports. It is loaded on first use. */
export interface CreationModule {
  createCreation(context: CreationContext): Creation;
}

/** Puts the verbs together. */
export function createCreation(context: CreationContext): Creation {
  return {
    deployNewService: (kind, place) => deployNewService(context, kind, place),
    createCluster: async () => void (await createCluster(context)),
    createTaskDefinition: (place) => createTaskDefinition(context, place),
    createService: (place) => createService(context, place),
    runDefinition: (ref) => runDefinition(context, ref),
    editTemplate: (place) => editTemplate(context, place),
    deployTemplate: (uri) => deployTemplate(context, uri),
    deleteCreated: (place) => deleteCreated(context, place),
  };
}
