import { booleanSelector, loadConfig, SelectorType } from '@smithy/core/config';

/** A profile as the SDK reads it, and the whole file that it stands in. */
type Section = Record<string, string | undefined>;

/**
 * The endpoint that the environment or the profile sets for a service, in the order of the AWS SDKs' reference
 * ("Service-specific endpoints"): AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's `services` section, its
 * `endpoint_url`. The SDK's clients look at the default profile only, whatever profile they are given.
 * @param serviceId the SDK's id of the service, as `Elastic Load Balancing v2`
 */
export async function configuredEndpoint(serviceId: string, profile: string | undefined): Promise<string | undefined> {
  const source = { ...(profile ? { profile } : {}), ignoreCache: true };
  const ignored = await loadConfig(
    {
      environmentVariableSelector: (env) =>
        booleanSelector(env, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', SelectorType.ENV),
      configFileSelector: (section) => booleanSelector(section, 'ignore_configured_endpoint_urls', SelectorType.CONFIG),
      default: false,
    },
    source,
  )();
  if (ignored) return undefined;
  const name = serviceId.replaceAll(' ', '_');
  return loadConfig<string | undefined>(
    {
      environmentVariableSelector: (env) =>
        env[`AWS_ENDPOINT_URL_${name.toUpperCase()}`] || env['AWS_ENDPOINT_URL'] || undefined,
      configFileSelector: (section, file) => ofProfile(section, file as Record<string, Section> | undefined, name),
      default: undefined,
    },
    source,
  )();
}

function ofProfile(profile: Section, file: Record<string, Section> | undefined, name: string): string | undefined {
  const services = profile['services'] ? file?.[`services.${profile['services']}`] : undefined;
  return services?.[`${name.toLowerCase()}.endpoint_url`] || profile['endpoint_url'] || undefined;
}
