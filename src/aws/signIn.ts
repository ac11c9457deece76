import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import { sleep, systemClock } from '../core/clock';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import type { DeviceCode, Prompts } from './api';
import { useToken, type SsoSession } from './credentials';
import { translateError } from './translateError';

const grant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Milliseconds between two questions unless the service names others (RFC 8628, section 3.5). */
const usualInterval = 5_000;

/**
 * Signs in to IAM Identity Center with a code that a person confirms in the browser (OAuth 2.0 Device Authorization
 * Grant). The token goes to the system's own secret store, never into a file.
 * @param show called with the page to open
 * @throws GantryError cancelled, timedOut, accessDenied …
 */
export async function signInWithSso(
  session: SsoSession,
  prompts: Prompts,
  show: (code: DeviceCode) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = new SSOOIDCClient({ region: session.region, credentials: { accessKeyId: '', secretAccessKey: '' } });
  const options = { abortSignal: signal };
  try {
    const registered = await client.send(
      new RegisterClientCommand({ clientName: 'gantry', clientType: 'public', scopes: [...session.scopes] }),
      options,
    );
    const { clientId, clientSecret } = registered;
    const started = await client.send(
      new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl: session.startUrl }),
      options,
    );
    show({ code: started.userCode ?? '', url: started.verificationUriComplete ?? started.verificationUri ?? '' });
    const token = await waitForToken(
      client,
      { clientId, clientSecret, deviceCode: started.deviceCode },
      started,
      signal,
    );
    const kept = {
      startUrl: session.startUrl,
      region: session.region,
      accessToken: token.accessToken,
      expiresAt: new Date(Date.now() + (token.expiresIn ?? 0) * 1000).toISOString(),
      clientId,
      clientSecret,
      registrationExpiresAt: new Date((registered.clientSecretExpiresAt ?? 0) * 1000).toISOString(),
      ...(token.refreshToken ? { refreshToken: token.refreshToken } : {}),
    };
    await prompts.keepToken(session.id, JSON.stringify(kept));
    useToken(session.id, kept);
  } catch (error) {
    throw translateError(error, 'sso-oidc:CreateToken', signal);
  } finally {
    client.destroy();
  }
}

interface Device {
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly deviceCode: string | undefined;
}

/** Asks until the person has answered in the browser. */
async function waitForToken(
  client: SSOOIDCClient,
  device: Device,
  { interval, expiresIn }: { interval?: number | undefined; expiresIn?: number | undefined },
  signal: AbortSignal,
): Promise<{ accessToken?: string | undefined; refreshToken?: string | undefined; expiresIn?: number | undefined }> {
  const end = Date.now() + (expiresIn ?? 600) * 1000;
  let pause = interval ? interval * 1000 : usualInterval;
  while (Date.now() < end) {
    await sleep(systemClock, pause, signal);
    try {
      return await client.send(new CreateTokenCommand({ ...device, grantType: grant }), { abortSignal: signal });
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'SlowDownException') pause += usualInterval;
      else if (name !== 'AuthorizationPendingException') throw error;
    }
  }
  throw new GantryError('timedOut', message('Nobody confirmed the sign-in in the browser in time.'));
}
