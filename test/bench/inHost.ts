import { writeFileSync } from 'node:fs';
import { hrtime } from 'node:process';
import * as vscode from 'vscode';

/** Runs inside a fresh extension host: how long from asking for Gantry to having it. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('gantry.gantry');
  const file = process.env['GANTRY_BENCH_RESULT'];
  if (extension === undefined || file === undefined) throw new Error('Gantry or GANTRY_BENCH_RESULT is not there.');
  if (extension.isActive) throw new Error('Gantry was active before anybody asked for it.');
  // What starts with the host has come to rest.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const start = hrtime.bigint();
  await extension.activate();
  writeFileSync(file, JSON.stringify(Number(hrtime.bigint() - start) / 1e6));
}
