import { parseArn } from '../../core/arn';
import type { Identity } from '../../core/connection';
import { message } from '../../core/message';
import type { SecretGateway } from '../../ecs/secrets';
import type { SecretNeed } from '../../ecs/taskNeeds';
import { known } from '../../network/known';
import { failed, passed, skipped, type Check } from './check';
import { secretArnOf } from '../../ecs/secretReference';

/** Where a secret is. */
export type SecretSource =
  | { readonly kind: 'secret'; readonly id: string }
  | { readonly kind: 'parameter'; readonly id: string }
  | { readonly kind: 'elsewhere'; readonly id: string };

/**
 * Reads `valueFrom`: the ARN of a secret, which may go on with a JSON key, a stage and a version; the ARN of a
 * parameter; or a parameter's name (ECS API, Secret).
 */
export function sourceOf(valueFrom: string, { account, region }: Identity): SecretSource {
  const arn = parseArn(valueFrom);
  if (!arn) return { kind: 'parameter', id: valueFrom };
  if (arn.account !== account || arn.region !== region) return { kind: 'elsewhere', id: valueFrom };
  if (arn.service === 'ssm') {
    const name = arn.resource.replace(/^parameter\//, '');
    // The ARN of `/team/key` and of `team/key` is the same; a name with a path has to begin with a slash.
    return { kind: 'parameter', id: name.includes('/') ? `/${name}` : name };
  }
  return { kind: 'secret', id: secretArnOf(valueFrom) };
}

/** Whether what containers are given as secrets is there. No value is read. */
export async function checkSecrets(
  gateway: SecretGateway,
  needs: readonly SecretNeed[],
  identity: Identity,
  signal: AbortSignal,
): Promise<Check[]> {
  const sources = needs.map(({ valueFrom }) => sourceOf(valueFrom, identity));
  const idsOf = (kind: SecretSource['kind']): string[] => [
    ...new Set(sources.filter((source) => source.kind === kind).map(({ id }) => id)),
  ];
  const elsewhere = idsOf('elsewhere').map((id) =>
    skipped('secret', { reason: message('“{0}” is in another account or Region.', id) }),
  );
  const checks = await Promise.all([
    ...idsOf('secret').map((id) => checkSecret(gateway, id, signal)),
    checkParameters(gateway, idsOf('parameter'), signal),
  ]);
  return [...checks.flat(), ...elsewhere];
}

async function checkSecret(gateway: SecretGateway, id: string, signal: AbortSignal): Promise<Check[]> {
  const found = await known('secretsmanager:DescribeSecret', () => gateway.findSecret(id, signal));
  if (!found.known) return [skipped('secret', found.gap)];
  return [found.value ? passed('secret', message('“{0}” exists.', id)) : missing(id)];
}

async function checkParameters(
  gateway: SecretGateway,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Check[]> {
  if (names.length === 0) return [];
  const found = await known('ssm:DescribeParameters', () => gateway.findParameters(names.slice(0, 50), signal));
  if (!found.known) return [skipped('secret', found.gap)];
  return names
    .slice(0, 50)
    .map((name) =>
      found.value.includes(name) ? passed('secret', message('The parameter “{0}” exists.', name)) : missing(name),
    );
}

function missing(id: string): Check {
  return failed(
    'secret',
    message('“{0}” does not exist, so no container that needs it can start.', id),
    message('Create it, or correct valueFrom in the task definition.'),
  );
}
