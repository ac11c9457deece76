import * as vscode from 'vscode';
import { nameOf } from '../../core/arn';
import type { RolloutRecord } from '../../deploy/rolloutRecord';
import type { Connections } from '../../ui/connections';
import { rolloutText } from '../../ui/rolloutText';
import { verdictText } from '../../ui/verdictMessage';
import type { Rollouts } from '../rollouts/rollouts';
import { serviceNamed, type ServiceInput } from './agentPlace';
import type { AgentTool } from './agentTool';

/** Rollouts that are listed when no service is named. */
const recent = 10;

export function rolloutStatusTool(connections: Connections, rollouts: Rollouts): AgentTool<Partial<ServiceInput>> {
  return {
    title: ({ service }) =>
      service ? vscode.l10n.t('Reading the rollout of “{0}”', service) : vscode.l10n.t('Reading the rollouts'),
    async run({ service, ...where }, signal) {
      if (!service) return listOf(await rollouts.all());
      const place = await serviceNamed(connections, { service, ...where }, signal);
      const record = await rollouts.newestOf(place.service.arn);
      const deployments = place.service.deployments.map(
        ({ id, status, rolloutState, rolloutReason, running, desired, failed, taskDefinition }) =>
          `${id}: ${status} ${rolloutState ?? ''}, ${nameOf(taskDefinition)}, ${running} of ${desired} running, ` +
          `${failed} failed. ${rolloutReason ?? ''}`,
      );
      return ['Deployments now:', ...deployments, '', record ? rolloutText(record, Date.now()) : ''].join('\n').trim();
    },
  };
}

function listOf(records: readonly RolloutRecord[]): string {
  if (records.length === 0) return 'No rollout was watched here yet.';
  return records
    .slice(0, recent)
    .map((record) => `${record.start.service}: ${record.verdict ? verdictText(record) : 'is rolling out'}`)
    .join('\n');
}
