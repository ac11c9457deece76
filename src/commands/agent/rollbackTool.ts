import * as vscode from 'vscode';
import { nameOf } from '../../core/arn';
import { GantryError } from '../../core/errors';
import { message } from '../../core/message';
import { requireWritable } from '../../ui/changes';
import { plainName } from '../../ui/connections';
import { say } from '../../ui/say';
import { prepareRollback, type PreparedRollback } from '../rollouts/rollBack';
import type { RolloutContext } from '../rollouts/rolloutVerbs';
import { serviceNamed, type ServiceInput } from './agentPlace';
import type { AgentTool } from './agentTool';

export function rollbackTool(context: RolloutContext): AgentTool<ServiceInput> {
  const prepare = async (input: ServiceInput, signal: AbortSignal): Promise<PreparedRollback> => {
    const { session, cluster, service } = await serviceNamed(context.connections, input, signal);
    requireWritable(session);
    return prepareRollback(context, { session, cluster, service: service.name }, notForModels);
  };
  return {
    title: ({ service }) => vscode.l10n.t('Rolling back “{0}”', service),
    async confirm(input, signal) {
      const { question, detail, place } = await prepare(input, signal);
      const { account, region } = await place.session.connection.identity(signal);
      const service = `${nameOf(place.cluster)} / ${place.service}`;
      const where = vscode.l10n.t('Account {0}, {1}', account, region);
      return { question, detail: [service, where, plainName(place.session.spec), detail].join('\n') };
    },
    async run(input, signal) {
      const result = await (await prepare(input, signal)).carryOut();
      if (!result) return 'ECS takes the deployment back; the rollout that is watched already shows how it ends.';
      return `Verdict: ${result.verdict.kind}. ${result.verdict.reason ? say(result.verdict.reason) : ''}`.trim();
    },
  };
}

/** @throws GantryError notFound: which revision is good, a person has to say. */
function notForModels({ service }: { readonly service: string }): Promise<never> {
  return Promise.reject(
    new GantryError(
      'notFound',
      message('Nothing says which revision of “{0}” went well; a person can choose one with “Roll Back…”.', service),
    ),
  );
}
