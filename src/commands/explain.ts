import { diagnose } from '../deploy/diagnosis';
import { stoppedTasksOf } from '../deploy/evidence';
import type { Service } from '../ecs/model';
import type { Session } from '../ui/connections';
import { say } from '../ui/say';

/** Why the newest deployment of a service fails, in a few words; undefined when its stopped tasks do not tell. */
export async function explain(session: Session, cluster: string, service: Service): Promise<string | undefined> {
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  if (!primary) return undefined;
  const { connection, signal } = session;
  const [finding] = diagnose(await stoppedTasksOf(connection.ecs, cluster, service.name, primary.id, signal));
  return finding && say(finding.brief);
}
