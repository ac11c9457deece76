import type * as vscode from 'vscode';
import type { Choices } from '../../provision/choices';
import type { ServicePlace } from '../../ui/askService';
import type { CreationContext } from './creationContext';
import { createCluster } from './createCluster';
import { deleteCreated } from './deleteCreated';
import { deployNewService, type CreationPlace } from './deployNewService';
import { deployTemplate, editTemplate } from './templateVerbs';

/** Everything that makes what was not there before, and takes it away again. */
export interface Creation {
  deployNewService(kind: Choices['kind'], place: CreationPlace): Promise<void>;
  createCluster(): Promise<void>;
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
    createCluster: () => createCluster(context),
    editTemplate: (place) => editTemplate(context, place),
    deployTemplate: (uri) => deployTemplate(context, uri),
    deleteCreated: (place) => deleteCreated(context, place),
  };
}
