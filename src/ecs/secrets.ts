/** What a container can be given, by its name. */
export interface NamedSecret {
  readonly name: string;
  readonly arn: string;
}

/** What containers are given as secrets, without its values. Every method throws `GantryError`. */
export interface SecretGateway {
  /** DescribeSecret of Secrets Manager: whether there is one of this name or ARN that is not about to be deleted. */
  findSecret(id: string, signal: AbortSignal): Promise<boolean>;
  /** DescribeParameters of Systems Manager: those of these names that are there. At most 50 names. */
  findParameters(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** ListSecrets, all pages. */
  listSecrets(signal: AbortSignal): Promise<readonly NamedSecret[]>;
  /** DescribeParameters, all pages. */
  listParameters(signal: AbortSignal): Promise<readonly NamedSecret[]>;
}
