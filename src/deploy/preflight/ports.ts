import { message } from '../../core/message';
import type { Service } from '../../ecs/model';
import type { TaskNeeds } from '../../ecs/taskNeeds';
import { failed, passed, warning, type Check } from './check';

/**
 * Whether the load balancer, the task definition and the image speak of the same port.
 * @param container the one that gets the new image
 * @param exposed ports that the Dockerfile EXPOSEs; none says nothing
 */
export function checkPorts(service: Service, needs: TaskNeeds, container: string, exposed: readonly number[]): Check[] {
  const behind = service.targetGroups.map((group) => checkTarget(needs, group.container, group.containerPort));
  const broken = behind.filter(({ state }) => state !== 'passed');
  if (broken.length > 0) return broken;
  const image = checkImage(service, needs, container, exposed);
  return image ? [image] : behind;
}

function checkTarget({ containers }: TaskNeeds, name: string | undefined, port: number | undefined): Check {
  const found = containers.find((each) => each.name === name);
  if (found && port !== undefined && found.ports.includes(port)) {
    return passed('port', message('“{0}” listens on {1}, where the requests come.', found.name, port));
  }
  return failed(
    'port',
    message('Requests come to “{0}” on {1}, which is not among its port mappings.', name ?? '', port ?? ''),
    message('Add the port to the task definition, or correct the load balancer of the service.'),
  );
}

/** EXPOSE is a word of the author: wrong ports behind a load balancer never become healthy, elsewhere they may do. */
function checkImage(
  service: Service,
  { containers }: TaskNeeds,
  container: string,
  exposed: readonly number[],
): Check | undefined {
  const own = containers.find(({ name }) => name === container);
  const wanted = own?.ports ?? [];
  if (!own || exposed.length === 0 || wanted.length === 0) return undefined;
  const missing = wanted.filter((port) => !exposed.includes(port) && Number(own.portVariable) !== port);
  if (missing.length === 0) {
    return passed('port', message('The image EXPOSEs {0}, where “{1}” is asked.', wanted.join(', '), container));
  }
  const cause = message(
    '“{0}” is asked on {1}, but the Dockerfile EXPOSEs {2}.',
    container,
    missing.join(', '),
    exposed.join(', '),
  );
  const fix = message(
    'Make the program listen on {0} and EXPOSE it, or change the task definition.',
    missing.join(', '),
  );
  const isAsked = service.targetGroups.some(
    (group) => group.container === container && missing.includes(group.containerPort ?? 0),
  );
  return isAsked ? failed('port', cause, fix) : warning('port', cause, fix);
}
