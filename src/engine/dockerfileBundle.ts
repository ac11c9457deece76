import { DockerfileParser } from 'dockerfile-ast';
import type { DockerfileSummary } from './dockerfile';

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
