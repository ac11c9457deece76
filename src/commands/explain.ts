import { diagnose } from '../deploy/diagnosis';
import { stoppedTasksOf } from '../deploy/evidence';
import { primaryOf } from '../ecs/primary';
import type { Service } from '../ecs/model';
import type { Session } from '../ui/connections';
import type { KeptFindings } from '../ui/keptFindings';
import { say } from '../ui/say';

/** Why the newest deployment of a service fails, in a few words; undefined when neither its stopped tasks nor what was found before tells. */
export async function explain(
  kept: KeptFindings,
  session: Session,
  cluster: string,
  service: Service,
): Promise<string | undefined> {
  const primary = primaryOf(service);
  if (!primary) return undefined;
  const { connection, signal } = session;
  const [finding] = diagnose(await stoppedTasksOf(connection.ecs, cluster, service.name, primary.id, signal));
  if (finding) return say(finding.brief);
  const before = (await kept.read(service.arn)).find(({ deploymentId }) => deploymentId === primary.id);
  return before?.findings[0] && say(before.findings[0].brief);
}
