import * as vscode from 'vscode';
import { Setting } from '../core/contributions';
import type { Runner } from '../engine/command';
import { ContainerEngine, findEngine } from '../engine/containerEngine';
import { engineNames } from '../engine/engine';

/** The container engine that the setting names, or the first that answers. @throws GantryError engine… */
export async function chosenEngine(processes: Runner, signal: AbortSignal): Promise<ContainerEngine> {
  const setting = vscode.workspace.getConfiguration('gantry').get<string>(Setting.engine);
  const wanted = engineNames.find((name) => name === setting) ?? 'auto';
  return new ContainerEngine(await findEngine(wanted, processes, signal), processes);
}
