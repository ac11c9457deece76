/** Where the sandbox pretends to be. One account, one Region, one world. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** `127.0.0.1:PORT` of the registry; known once the port is bound. */
  registryHost: string;
  /** Names that the registry had in earlier runs on the same state; images may still carry them. */
  readonly formerHosts: readonly string[];
}

export function ecsArn(place: Place, resource: string): string {
  return `arn:aws:ecs:${place.region}:${place.account}:${resource}`;
}
