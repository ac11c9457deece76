import { formatImageReference } from '../../core/imageRef';
import { message } from '../../core/message';
import { dockerPlatform, samePlatform } from '../../core/platform';
import { summarize } from '../../ecs/taskDefinition';
import type { Engine } from '../../engine/engine';
import { baseOf, type Plan } from '../plan';
import { failed, passed, warning, type Check } from './check';

/**
 * What concerns the build.
 * @param native the platform of this machine, `linux/amd64`
 */
export function checkBuild(plan: Plan, engine: Engine | undefined, native: string): Check[] {
  return [...(engine ? [checkEngine(plan, engine, native)] : []), ...checkPlatform(plan), checkRepository(plan)];
}

/** Docker's classic builder ignores the platform of stages that it has to emulate (docker build, `--platform`). */
function checkEngine({ platform = '' }: Plan, { name, builder }: Engine, native: string): Check {
  const isForeign = platform !== '' && !samePlatform(platform, native);
  if (!isForeign) return passed('engine', message('{0} builds for {1}.', name, platform || native));
  if (builder === 'classic') {
    return failed(
      'engine',
      message('Docker’s old builder cannot build for {0} on {1}.', platform, native),
      message('Install the plugin docker-buildx.'),
    );
  }
  return passed('engine', message('{0} builds for {1} by emulation, which takes longer.', name, platform));
}

function checkPlatform({ platform, redeploy }: Plan): Check[] {
  if (!redeploy || !platform) return [];
  const wanted = dockerPlatform(summarize(baseOf(redeploy)).runtimePlatform);
  if (samePlatform(platform, wanted)) return [passed('platform', message('The tasks run on {0}.', wanted))];
  return [
    failed(
      'platform',
      message('The image is built for {0}, but the tasks run on {1}.', platform, wanted),
      message('Take “platform” out of the target, or set it to {0}.', wanted),
    ),
  ];
}

function checkRepository({ image, repository, taken }: Plan): Check {
  if (!taken) return passed('repository', message('{0} can be pushed.', formatImageReference(image)));
  return warning(
    'repository',
    message('The tag “{0}” exists in “{1}”, whose tags are immutable.', image.tag ?? '', repository.name),
    message('Push under another tag, or deploy the image that is there ({0}).', taken.digest),
  );
}
