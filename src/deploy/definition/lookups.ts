import type { Connection } from '../../aws/api';
import type { Identity } from '../../core/connection';
import { reasonOf } from '../../core/errors';
import { formatImageReference, parseImageReference, type ImageReference } from '../../core/imageRef';
import { message } from '../../core/message';
import { dockerPlatform, samePlatform } from '../../core/platform';
import { platformsOf } from '../../ecr/imagePlatform';
import type { RawTaskDefinition } from '../../ecs/gateway';
import { containersOf, summarize } from '../../ecs/taskDefinition';
import { needsOf } from '../../ecs/taskNeeds';
import { known } from '../../network/known';
import { failed, passed, skipped, type Check } from '../preflight/check';
import { checkLogGroups } from '../preflight/logGroups';
import type { Remembered } from '../preflight/remembered';
import { checkRoles } from '../preflight/roles';
import { checkSecrets } from '../preflight/secrets';
import type { MemberPath } from './document';
import { isSound, wantsFargate, type Problem } from './problems';

/** Where a definition is looked up. */
export interface LookupPlace {
  readonly connection: Pick<Connection, 'roles' | 'logs' | 'secrets' | 'ecr'>;
  readonly identity: Identity;
  /** Whether a registry's host is ECR in this account and Region. */
  readonly isOwnRegistry: (host: string) => boolean;
  /** Tells the answers of one connection from those of others. */
  readonly key: string;
}

/** One thing that AWS is asked about, with the members that name it. */
interface Lookup {
  readonly subject: string;
  readonly paths: (check: Check) => readonly MemberPath[];
  readonly ask: () => Promise<readonly Check[]>;
}

/**
 * What the definition names and AWS does not have: roles, log groups, secrets and images of this account and Region.
 * What may not be asked is no problem. Every answer is believed for a while.
 * @throws GantryError cancelled
 */
export async function lookupProblems(
  place: LookupPlace,
  input: RawTaskDefinition,
  remembered: Remembered,
  signal: AbortSignal,
): Promise<Problem[]> {
  if (!isSound(input)) return [];
  const lookups = [...roleLookups(place, input, signal), ...partLookups(place, input, signal)];
  const found = await Promise.all(
    lookups.map(async ({ subject, paths, ask }) => {
      const checks = await remembered.checks(`${place.key} ${subject}`, ask);
      return checks
        .filter(({ state }) => state === 'failed')
        .flatMap((check) => paths(check).map((path): Problem => toProblem(path, check)));
    }),
  );
  return found.flat();
}

const toProblem = (path: MemberPath, { cause, fix }: Check): Problem => ({
  ...{ path, severity: 'warning', sentence: cause, fix },
});

function roleLookups({ connection, identity }: LookupPlace, input: RawTaskDefinition, signal: AbortSignal): Lookup[] {
  const needs = needsOf(input);
  const { executionRole, taskRole, logGroups, secrets, containers } = needs;
  const isPrivate = containers.some(({ image }) => /\.dkr[.-]ecr/.test(image));
  const role = { repository: '', needsRole: wantsFargate(input) && (logGroups.length > 0 || isPrivate) };
  return [
    {
      subject: JSON.stringify([executionRole, taskRole, role.needsRole, logGroups, secrets]),
      paths: ({ id }) => [[id === 'taskRole' ? 'taskRoleArn' : 'executionRoleArn']],
      ask: () => checkRoles(connection.roles, needs, identity, role, signal),
    },
  ];
}

/** Log groups, secrets and images, each asked about once however often it is named. */
function partLookups(place: LookupPlace, input: RawTaskDefinition, signal: AbortSignal): Lookup[] {
  const { connection, identity, isOwnRegistry } = place;
  const platform = dockerPlatform(summarize({ taskDefinition: input, tags: [] }).runtimePlatform);
  const lookup = (subject: string, paths: readonly MemberPath[], ask: Lookup['ask']): Lookup => ({
    ...{ subject, ask },
    paths: () => paths,
  });
  const { logGroups, secrets } = needsOf(input);
  const sources = [...new Map(secrets.map((need) => [need.valueFrom, need])).values()];
  const images = [...new Set(containersOf(input).map(({ image }) => String(image ?? '')))];
  return [
    ...logGroups.map((need) =>
      lookup(JSON.stringify(need), textPaths(input, 'awslogs-group', need.name), () =>
        checkLogGroups(connection.logs, [need], identity.region, signal),
      ),
    ),
    ...sources.map((need) =>
      lookup(need.valueFrom, textPaths(input, /^(valueFrom|credentialsParameter)$/, need.valueFrom), () =>
        checkSecrets(connection.secrets, [need], identity, signal),
      ),
    ),
    ...images.flatMap((image) => {
      const reference = parseImageReference(image);
      if (!reference?.host || !isOwnRegistry(reference.host)) return [];
      return [
        lookup(`${image} ${platform}`, textPaths(input, 'image', image), async () => [
          await checkImage(connection.ecr, reference, platform, signal),
        ]),
      ];
    }),
  ];
}

/** Where members of a name have a text, anywhere in the containers. */
function textPaths(input: RawTaskDefinition, name: string | RegExp, text: string): MemberPath[] {
  const isName = (key: string): boolean => (typeof name === 'string' ? key === name : name.test(key));
  const walk = (value: unknown, path: MemberPath): MemberPath[] => {
    if (Array.isArray(value)) return value.flatMap((item, index) => walk(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) =>
      item === text && isName(key) ? [[...path, key]] : walk(item, [...path, key]),
    );
  };
  return walk(input['containerDefinitions'], ['containerDefinitions']);
}

/** Whether an image is in ECR, and is built for the platform that the tasks run on as far as it may be read. */
async function checkImage(
  ecr: Connection['ecr'],
  reference: ImageReference,
  platform: string,
  signal: AbortSignal,
): Promise<Check> {
  const { repository, tag = 'latest', digest } = reference;
  const name = formatImageReference(reference);
  const missing = failed(
    'repository',
    message('The image {0} does not exist.', name),
    message('Push it, or name another one.'),
  );
  const found = await known('ecr:BatchGetImage', async () => {
    try {
      const wanted = digest ?? (await ecr.findImage(repository, tag, signal))?.digest;
      if (wanted === undefined) return undefined;
      return (await ecr.getManifests(repository, [wanted], signal))[0];
    } catch (error) {
      if (reasonOf(error) === 'notFound') return undefined;
      throw error;
    }
  });
  if (!found.known) return skipped('repository', found.gap);
  if (!found.value) return missing;
  const manifest = found.value;
  const read = await known('ecr:GetDownloadUrlForLayer', () => platformsOf(ecr, repository, manifest, signal));
  const platforms = read.known ? read.value : [];
  if (platforms.length === 0 || platforms.some((each) => samePlatform(each, platform))) {
    return passed('repository', message('The image {0} exists.', name));
  }
  return failed(
    'platform',
    message('The image is built for {0}, but the tasks run on {1}.', platforms.join(', '), platform),
    message('Push an image for {0}, or change “runtimePlatform”.', platform),
  );
}
