import { ApiError } from '../http/apiError';
import type { Place } from '../place';
import { type Roles, mayPass } from './roles';

/**
 * Whether roles that are named must exist, trust the service that takes them on, and may be passed by the caller.
 * Switched off unless somebody asks for it: in a learner's world roles are names only.
 */
export class RoleChecks {
  on: boolean;
  /** ARNs for which the caller has no `iam:PassRole`. */
  denied: ReadonlySet<string> = new Set();
  readonly #roles: Roles;
  readonly #place: Place;

  constructor(roles: Roles, place: Place, on: boolean) {
    this.#roles = roles;
    this.#place = place;
    this.on = on;
  }

  /** `{ "check": true, "denied": ["arn:…"] }`. @throws Error when it is not of this form. */
  configure(request: unknown): void {
    const { check, denied = [] } = (request ?? {}) as { check?: unknown; denied?: unknown };
    if (typeof check !== 'boolean' || !Array.isArray(denied)) throw new Error('check must be true or false');
    this.on = check;
    this.denied = new Set(denied.map(String));
  }

  /** @throws ApiError `refusal` when the role is not there or does not trust `service`, or that it may not be passed. */
  check(arn: string | undefined, service: string, refusal: () => ApiError, operation: string): void {
    if (!this.on || arn === undefined) return;
    const { account } = this.#place;
    const role = this.#roles.get(arn.slice(arn.lastIndexOf('/') + 1));
    const named = arn.startsWith('arn:') ? arn === `arn:aws:iam::${account}:role${role?.path}${role?.name}` : true;
    if (!role || !named || !mayPass(this.#roles, arn, service)) throw refusal();
    if (!this.denied.has(arn)) return;
    throw new ApiError(
      'AccessDeniedException',
      `User: arn:aws:iam::${account}:user/sandbox is not authorized to perform: iam:PassRole on resource: ${arn} ` +
        `because no identity-based policy allows the iam:PassRole action (${operation})`,
    );
  }
}
