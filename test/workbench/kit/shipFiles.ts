import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commitAll } from '../../kit/sampleWorkspace';

const serve = 'FROM busybox:stable\nCOPY www /www\nEXPOSE 8080\n';
/** Ends at once when it is told to, so that a rollout does not wait for the old task. */
const httpd = `CMD ["sh", "-c", "trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait"]\n`;

/** One Dockerfile for each thing that can happen. */
export const dockerfiles = {
  'Dockerfile.dev': serve + httpd,
  'Dockerfile.stages': `FROM busybox:stable AS tools\nRUN echo tools > /made\nFROM tools AS page\n${serve.split('\n').slice(1).join('\n')}${httpd}`,
  'Dockerfile.slow': 'FROM busybox:stable\nRUN sleep 240\n',
  'Dockerfile.broken': 'FROM busybox:stable\nCOPY nothing-of-this-name /\n',
  'Dockerfile.crash': `FROM busybox:stable\nCMD ["sh", "-c", "echo cannot start; exit 3"]\n`,
  Containerfile: `FROM busybox:stable\nCMD ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 5 & wait; done"]\n`,
};

/** What `gantry.targets` says in the test, unless a test says otherwise. */
export interface TargetSetting {
  readonly name: string;
  readonly dockerfile: string;
  readonly context?: string;
  readonly [key: string]: unknown;
}

/** Writes the setting, as a person or a shared repository would, and commits it: a dirty tree has other tags. */
export async function writeTargets(folder: string, targets: readonly unknown[], more: object = {}): Promise<void> {
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  const file = path.join(folder, '.vscode', 'settings.json');
  writeFileSync(file, JSON.stringify({ 'gantry.targets': targets, ...more }, undefined, 2));
  await commitAll(folder, 'Targets');
}

/** A target of the seeded world. */
export function target(name: string, dockerfile: string, service: string, more: object = {}): TargetSetting {
  const place = { repository: `demo/${service}`, cluster: 'demo', service, container: service };
  return { name, dockerfile, context: '.', ...place, ...more };
}

/** Writes all Dockerfiles. */
export function writeDockerfiles(folder: string): void {
  for (const [name, text] of Object.entries(dockerfiles)) writeFileSync(path.join(folder, name), text);
}
