/** A role of IAM. */
export interface Role {
  readonly arn: string;
  /** The trust policy as JSON. */
  readonly trust: string;
}

/** Whether a role's policies allow an action on a resource. */
export interface Decision {
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
}

/** Roles: one method per operation of IAM, every method throws `GantryError`. */
export interface RoleGateway {
  /** GetRole; undefined when there is none of this name. */
  findRole(name: string, signal: AbortSignal): Promise<Role | undefined>;
  /** ListRoles, all pages. */
  listRoles(signal: AbortSignal): Promise<readonly Role[]>;
  /** SimulatePrincipalPolicy: every action on every resource, by the policies of the role. */
  findDecisions(
    role: string,
    actions: readonly string[],
    resources: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Decision[]>;
}
