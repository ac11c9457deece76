import * as vscode from 'vscode';
import type { ExpressScaling } from '../ecs/express';
import { findService } from '../ecs/findService';
import type { ServicePlace } from '../ui/askService';
import { confirmChange, confirmInProduction } from '../ui/changes';
import { ask } from '../ui/pick';

/**
 * Changes between how many tasks Express Mode keeps a service; its Auto Scaling does the rest. No new deployment starts
 * by that.
 */
export async function scaleExpress({ session, cluster, service }: ServicePlace, most: number): Promise<void> {
  const { connection, signal } = session;
  const { scaling } = await connection.ecs.describeExpress(service.arn, signal);
  const title = vscode.l10n.t('Scale “{0}”', service.name);
  const now = vscode.l10n.t('now between {0} and {1}', scaling.minTaskCount, scaling.maxTaskCount);
  const least = await askCount(title, vscode.l10n.t('At least so many tasks; {0}', now), scaling.minTaskCount, 0, most);
  const upper = Math.max(least, scaling.maxTaskCount, 1);
  const up = await askCount(title, vscode.l10n.t('At most so many tasks; {0}', now), upper, Math.max(1, least), most);
  const wanted: ExpressScaling = { ...scaling, minTaskCount: least, maxTaskCount: up };
  if (least === scaling.minTaskCount && up === scaling.maxTaskCount) return;
  const change = {
    verb: vscode.l10n.t('Scale'),
    question: vscode.l10n.t('Scale “{0}” to {1}–{2} tasks?', service.name, least, up),
    detail: vscode.l10n.t('{0}. Auto Scaling chooses in between.', now),
  };
  if (up < service.running) await confirmChange(session, change);
  else await confirmInProduction(session, change);
  await connection.ecs.updateExpress(service.arn, { scalingTarget: wanted }, signal);
  session.ecs.put(await findService(connection.ecs, cluster, service.name, signal));
}

async function askCount(title: string, prompt: string, value: number, low: number, high: number): Promise<number> {
  const text = await ask({
    ...{ title, prompt, value: String(value) },
    validateInput: (given) => {
      const count = Number(given);
      const isGood = /^\d+$/.test(given.trim()) && count >= low && count <= high;
      return isGood ? undefined : vscode.l10n.t('A whole number from {0} to {1}', low, high);
    },
  });
  return Number(text);
}
