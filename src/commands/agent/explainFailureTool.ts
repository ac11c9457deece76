import * as vscode from 'vscode';
import { findingsReport } from '../../deploy/findingsReport';
import type { Connections } from '../../ui/connections';
import { formatDate } from '../../ui/format';
import type { KeptFindings } from '../../ui/keptFindings';
import { say } from '../../ui/say';
import { whyServiceFails } from '../whyFailing';
import { serviceNamed, type ServiceInput } from './agentPlace';
import type { AgentTool } from './agentTool';

export function explainFailureTool(connections: Connections, kept: KeptFindings): AgentTool<ServiceInput> {
  return {
    title: ({ service }) => vscode.l10n.t('Looking for why “{0}” fails', service),
    async run(input, signal) {
      const place = await serviceNamed(connections, input, signal);
      const { head, findings, unread } = await whyServiceFails(kept, { kind: 'service', place }, signal);
      if (findings.length === 0 && unread.length === 0) return `${head.title}: nothing is known to fail.`;
      return findingsReport(head, findings, unread, { say, date: (at) => formatDate(at) ?? '' });
    },
  };
}
