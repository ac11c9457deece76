import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock';

/** How long a registry password is good for, in milliseconds. Twelve hours, as in ECR. */
export const tokenLifetime = 12 * 3600_000;

/** The passwords that GetAuthorizationToken has handed out. */
export class RegistryTokens {
  readonly #clock: Clock;
  readonly #expiry = new Map<string, number>();

  constructor(clock: Clock, saved: ReadonlyMap<string, number> = new Map()) {
    this.#clock = clock;
    for (const [password, expiresAt] of saved) this.#expiry.set(password, expiresAt);
  }

  /** Passwords and when they expire, to be saved. */
  all(): ReadonlyMap<string, number> {
    return this.#expiry;
  }

  issue(): { password: string; expiresAt: number } {
    const now = this.#clock.now();
    // Expired ones stay known for a day, so that they are told apart from wrong ones.
    for (const [old, expiresAt] of this.#expiry) if (expiresAt < now - 24 * 3600_000) this.#expiry.delete(old);
    const password = randomBytes(48).toString('base64url');
    const expiresAt = now + tokenLifetime;
    this.#expiry.set(password, expiresAt);
    return { password, expiresAt };
  }

  /** Looks at a Basic `Authorization` header. */
  check(header: string | undefined): 'valid' | 'expired' | 'invalid' {
    const encoded = /^Basic\s+(\S+)$/i.exec(header ?? '')?.[1];
    const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
    const expiresAt = user === 'AWS' ? this.#expiry.get(password ?? '') : undefined;
    if (expiresAt === undefined) return 'invalid';
    return expiresAt > this.#clock.now() ? 'valid' : 'expired';
  }
}
