/** What Gantry reads in a Dockerfile. */
export interface DockerfileSummary {
  /** Names of the build stages, in the order of the file; stages without a name are left out. */
  readonly stages: readonly string[];
  /** TCP ports of `EXPOSE`, variables left out. */
  readonly ports: readonly number[];
  /** No `FROM` at all. */
  readonly isEmpty: boolean;
}

/** What `dist/dockerfile.js` exports; the parser is loaded on first use. */
export interface DockerfileModule {
  readDockerfile(text: string): DockerfileSummary;
}
