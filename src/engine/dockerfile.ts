import { DockerfileParser } from 'dockerfile-ast';

/** What Gantry reads in a Dockerfile. */
export interface DockerfileSummary {
  /** Names of the build stages, in the order of the file; stages without a name are left out. */
  readonly stages: readonly string[];
  /** TCP ports of `EXPOSE`, variables left out. */
  readonly ports: readonly number[];
  /** No `FROM` at all. */
  readonly isEmpty: boolean;
}

/** Reads a Dockerfile with the parser that Docker's own language server uses. A broken file gives what can be read. */
export function readDockerfile(text: string): DockerfileSummary {
  const dockerfile = DockerfileParser.parse(text);
  const stages = dockerfile.getFROMs().flatMap((from) => from.getBuildStage() ?? []);
  const ports = dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === 'EXPOSE')
    .flatMap((instruction) => instruction.getArguments().map((argument) => argument.getValue()))
    .filter((value) => /^\d+(\/tcp)?$/.test(value))
    .map((value) => Number.parseInt(value, 10));
  return { stages, ports, isEmpty: dockerfile.getFROMs().length === 0 };
}
