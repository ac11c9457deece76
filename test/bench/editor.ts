import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { copySample } from '../kit/sampleWorkspace';
import { openWorkbench } from '../workbench/kit/openWorkbench';
import type { Workbench } from '../workbench/kit/workbench';
import { median } from './figure';
import { extensionHost, residentMiB } from './hostProcess';

/** What one fresh editor told. */
export interface EditorSample {
  /** What "Developer: Show Running Extensions" says about Gantry: loading the code and running `activate()`. */
  readonly activationMs?: number;
  /** The extension host some seconds after its start, with nothing done. */
  readonly idleMiB: number;
  /** The same after Gantry's views have been looked at. */
  readonly usedMiB: number;
}

const settleMs = 6_000;

async function memory(workbench: Workbench): Promise<number> {
  const server = workbench.server.child.pid;
  const host = server === undefined ? undefined : extensionHost(server);
  if (host === undefined) throw new Error('There is no extension host below the server.');
  const samples: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    await workbench.page.waitForTimeout(500);
    samples.push(residentMiB(host));
  }
  return median(samples);
}

async function activation(workbench: Workbench): Promise<number> {
  // The slowest come first, and rows that are out of sight do not exist.
  await workbench.page.setViewportSize({ width: 1280, height: 4_000 });
  await workbench.palette('Developer: Show Running Extensions');
  const list = workbench.page.getByRole('list', { name: 'Runtime Extensions' });
  const text = await list
    .getByRole('listitem', { name: 'gantry', exact: true })
    .locator('.activation-time')
    .innerText();
  const ms = /(\d+) ?ms/.exec(text)?.[1];
  if (ms === undefined) throw new Error(`No activation time in "${text}".`);
  return Number(ms);
}

/** Opens a fresh editor on the sample, leaves it alone for a while, looks at Gantry's views if it is there, and ends it. */
export async function sampleEditor(vsix: string | undefined): Promise<EditorSample> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'gantry-bench-'));
  const folder = await copySample(path.join(home, 'sample'));
  const workbench = await openWorkbench({ folder, extensions: vsix === undefined ? [] : [vsix] });
  try {
    await workbench.page.waitForTimeout(settleMs);
    const idleMiB = await memory(workbench);
    if (vsix !== undefined) await workbench.activity('Gantry');
    await workbench.page.waitForTimeout(settleMs);
    const usedMiB = await memory(workbench);
    return vsix === undefined ? { idleMiB, usedMiB } : { idleMiB, usedMiB, activationMs: await activation(workbench) };
  } finally {
    await workbench.close();
    rmSync(home, { recursive: true, force: true });
  }
}
