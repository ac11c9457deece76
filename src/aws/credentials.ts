import { createHash } from 'node:crypto';
import { externalDataInterceptor, loadSsoSessionData, parseKnownFiles } from '@smithy/core/config';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { Prompts } from './api';

type Section = Readonly<Record<string, string | undefined>>;

/** Variables that decide who calls when no profile is chosen, and where the files are. */
const variables = [
  ...['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
  ...['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/** The profile with those that it takes its credentials from. */
async function chainOf(profile: string): Promise<Section[]> {
  const profiles = await parseKnownFiles({ ignoreCache: true });
  const chain: Section[] = [];
  const seen = new Set<string>();
  for (let name: string | undefined = profile; name && !seen.has(name);) {
    seen.add(name);
    const section: Section | undefined = profiles[name];
    if (section) chain.push(section);
    name = section?.['source_profile'];
  }
  return chain;
}

/**
 * A text that changes whenever other credentials would be used: from the profile's settings and the environment. A
 * hash, because secrets are among them.
 */
export async function fingerprint(profile: string | undefined): Promise<string> {
  const chain = await chainOf(profile ?? process.env['AWS_PROFILE'] ?? 'default');
  const environment = variables.map((name) => process.env[name] ?? null);
  return createHash('sha256')
    .update(JSON.stringify([profile ?? null, chain, environment]))
    .digest('hex');
}

/** How a person renews a profile's session. */
export type SignInKind =
  | { readonly kind: 'sso'; readonly session: SsoSession }
  /** A session of `aws login`. */
  | { readonly kind: 'login' }
  | { readonly kind: 'other' };

export interface SsoSession {
  /** Name under which AWS's tools keep its token: the session's name, or the start URL of old profiles. */
  readonly id: string;
  readonly startUrl: string;
  readonly region: string;
  readonly scopes: readonly string[];
}

/** Finds out how the profile's session is renewed, through the profiles that it takes its credentials from. */
export async function signInKind(profile: string | undefined): Promise<SignInKind> {
  const sessions = await loadSsoSessionData({ ignoreCache: true } as Parameters<typeof loadSsoSessionData>[0]);
  for (const section of await chainOf(profile ?? process.env['AWS_PROFILE'] ?? 'default')) {
    if (section['login_session']) return { kind: 'login' };
    const name = section['sso_session'];
    const session: Section | undefined = name ? sessions[name] : section;
    const { sso_start_url: startUrl, sso_region: region, sso_registration_scopes: scopes } = session ?? {};
    if (!startUrl || !region) continue;
    const list = (scopes ?? 'sso:account:access').split(',').map((scope) => scope.trim());
    return { kind: 'sso', session: { id: name ?? startUrl, startUrl, region, scopes: list } };
  }
  return { kind: 'other' };
}

/** Credentials of one fingerprint, shared by every connection that uses them, so that MFA is asked once. */
const shared = new Map<string, AwsCredentialIdentityProvider>();

/**
 * Credentials of a profile by the SDK's own chain. Connections share them: a renewal that is under way is one for all.
 * When the files say something else, the next call uses that; a failure is not remembered.
 */
export function sharedCredentials(profile: string | undefined, prompts: Prompts): AwsCredentialIdentityProvider {
  return async (properties) => {
    const key = await fingerprint(profile);
    const known = shared.get(key);
    const provider = known ?? create(profile, prompts);
    shared.set(key, provider);
    try {
      return await provider(properties);
    } catch (error) {
      if (shared.get(key) === provider) shared.delete(key);
      throw error;
    }
  };
}

function create(profile: string | undefined, prompts: Prompts): AwsCredentialIdentityProvider {
  const chain = defaultProvider({
    ...(profile ? { profile } : {}),
    ignoreCache: true,
    mfaCodeProvider: (serial) => prompts.mfaCode(serial),
  });
  return async (properties): Promise<AwsCredentialIdentity> => {
    await recallToken(profile, prompts);
    return chain(properties);
  };
}

/** Gives the SDK the token of an earlier sign-in, which VS Code keeps in the system's own store. */
async function recallToken(profile: string | undefined, prompts: Prompts): Promise<void> {
  const found = await signInKind(profile).catch(() => undefined);
  if (found?.kind !== 'sso') return;
  const { id } = found.session;
  const text = await prompts.recallToken(id);
  const token = text ? (JSON.parse(text) as { readonly expiresAt?: string }) : undefined;
  // An old one must not stand before one that another tool has put on the disk since.
  if (token && Date.parse(token.expiresAt ?? '') > Date.now()) externalDataInterceptor.interceptToken(id, token);
}

/** A token of this sign-in, for every connection of this window. */
export function useToken(id: string, token: object): void {
  externalDataInterceptor.interceptToken(id, token);
  shared.clear();
}

/** Somebody signed in or out with another tool: what is remembered is no better than what is on the disk. */
export function forgetTokens(): void {
  const tokens = externalDataInterceptor.getTokenRecord();
  for (const id of Object.keys(tokens)) Reflect.deleteProperty(tokens, id);
  shared.clear();
}
