import path from 'node:path';
import type { Sandbox } from '../contract/sandboxProcess';
import { must } from '../kit/command';

/** What a shell script works with. */
export interface ScriptPlace {
  readonly sandbox: Sandbox;
  /** Where the container engine's client and the AWS CLI are. */
  readonly clients: NodeJS.ProcessEnv;
  /** Files of the bench, outside of the folder that is shipped. */
  readonly home: string;
  readonly folder: string;
}

/** Runs a shell script of this folder with the container engine's client and the AWS CLI against a sandbox. */
export function runScript(name: string, { sandbox, clients, home, folder }: ScriptPlace): Promise<string> {
  const env = {
    ...process.env,
    ...clients,
    DOCKER_CONFIG: path.join(home, 'docker'),
    ENDPOINT: sandbox.endpoint,
    REGISTRY: sandbox.registry,
    AWS: clients['GANTRY_TEST_AWS'],
    DOCKER: clients['GANTRY_TEST_ENGINE'],
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_REGION: sandbox.info.region,
    AWS_DEFAULT_REGION: sandbox.info.region,
  };
  return must('sh', [path.join(__dirname, name)], { cwd: folder, env, timeoutMs: 240_000 });
}
