import { message } from '../../core/message';
import type { Service } from '../../ecs/model';
import { canReplace, describeReplacement } from '../replacement';
import { failed, passed, warning, type Check } from './check';

/** Whether Gantry can deploy to the service, whether ECS can replace its tasks, and what happens when it fails. */
export function checkDeployment(service: Service): Check[] {
  return [checkController(service), checkReplacement(service), checkBreaker(service)];
}

function checkController({ name, controller, express }: Service): Check {
  if (express) return passed('controller', message('Express Mode deploys “{0}”.', name));
  if (controller === 'CODE_DEPLOY') return passed('controller', message('CodeDeploy deploys “{0}”.', name));
  if (controller === 'ECS') return passed('controller', message('ECS deploys “{0}” itself.', name));
  return failed(
    'controller',
    message('“{0}” is deployed by an {1} controller, which only its own tool can drive.', name, controller),
    message('Push the image with Gantry and deploy it with that tool.'),
  );
}

function checkReplacement(service: Service): Check {
  const what = describeReplacement(service);
  if (canReplace(service)) return passed('replacement', what);
  const fix =
    service.scheduling === 'DAEMON'
      ? message('Set minimumHealthyPercent of “{0}” below 100.', service.name)
      : message('Set maximumPercent of “{0}” to 200, or minimumHealthyPercent below 100.', service.name);
  return failed('replacement', what, fix);
}

/** The breaker belongs to rolling deployments; the others roll back by themselves when they fail. */
function checkBreaker({ name, rules: { breaker }, strategy, controller }: Service): Check {
  if (controller === 'CODE_DEPLOY') {
    return passed('breaker', message('CodeDeploy rolls back where its deployment group says so.'));
  }
  if (strategy !== 'ROLLING') return passed('breaker', message('{0} deployments need no circuit breaker.', strategy));
  if (breaker.enabled && breaker.rollback) {
    return passed('breaker', message('A deployment that fails is rolled back.'));
  }
  const fix = message('Switch the deployment circuit breaker of “{0}” on, with rollback.', name);
  return breaker.enabled
    ? warning('breaker', message('A deployment that fails ends, but is not rolled back.'), fix)
    : warning('breaker', message('The circuit breaker is off: a deployment that fails goes on trying.'), fix);
}
