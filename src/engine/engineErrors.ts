import { GantryError, type Reason } from '../core/errors';
import { message, type Message } from '../core/message';

/** One family of failure texts of engines and registries. The first that matches wins. */
interface Rule {
  readonly pattern: RegExp;
  readonly reason: Reason;
  readonly sentence: (name: string) => Message;
}

const engineRules: readonly Rule[] = [
  {
    pattern: /permission denied.*(docker\.sock|daemon socket|\.sock)/is,
    reason: 'engineDenied',
    sentence: (name) => message('You may not use {0}: permission denied on its socket.', name),
  },
  {
    pattern:
      /cannot connect to the docker daemon|is the docker daemon running|error during connect|failed to connect to the docker API|cannot connect to podman|unable to connect to Podman|rootless containerd not running|cannot access containerd socket|instance .* (does not exist|is not running)|connection refused/i,
    reason: 'engineNotRunning',
    sentence: (name) => message('{0} is installed but not running.', name),
  },
];

const buildRules: readonly Rule[] = [
  {
    pattern: /exec format error|exec user process caused.*format/i,
    reason: 'platformMismatch',
    sentence: () =>
      message('The build ran a program for another CPU architecture, and this machine has no emulation for it.'),
  },
  {
    pattern: /toomanyrequests|pull rate limit/i,
    reason: 'buildFailed',
    sentence: () => message('The registry of the base image limits the pull rate; sign in to it or use a mirror.'),
  },
];

const pushRules: readonly Rule[] = [
  {
    pattern: /repository with name '([^']+)' does not exist|name unknown/i,
    reason: 'repositoryMissing',
    sentence: (name) => message('The repository “{0}” does not exist in this account and Region.', name),
  },
  {
    pattern: /tag is immutable|cannot be overwritten because the repository is immutable|tag invalid/i,
    reason: 'tagImmutable',
    sentence: (name) => message('The tag already exists in “{0}”, whose tags are immutable.', name),
  },
  {
    pattern: /authorization token has expired/i,
    reason: 'credentialsExpired',
    sentence: () => message('The login to the registry has expired.'),
  },
  {
    pattern: /not authorized to perform: ecr:|denied|no basic auth credentials|unauthorized|403 Forbidden/i,
    reason: 'pushDenied',
    sentence: (name) =>
      message(
        'You may not push to “{0}”. It takes ecr:BatchCheckLayerAvailability, InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload and PutImage.',
        name,
      ),
  },
  {
    pattern: /toomanyrequests|rate exceeded/i,
    reason: 'throttled',
    sentence: () => message('The registry is throttling the push.'),
  },
  {
    pattern:
      /connection refused|connection reset|no such host|i\/o timeout|EOF|use of closed network connection|TLS handshake/i,
    reason: 'unreachable',
    sentence: () => message('The connection to the registry broke off.'),
  },
];

function classify(rules: readonly Rule[], text: string, name: string): GantryError | undefined {
  const rule = rules.find(({ pattern }) => pattern.test(text));
  return rule && new GantryError(rule.reason, rule.sentence(name), { detail: lastLines(text) });
}

/** Why an engine did not answer, or undefined when the text says nothing about the engine itself. */
export function engineError(text: string, engine: string): GantryError | undefined {
  return classify(engineRules, text, engine);
}

/** Why a build failed; the build's own last lines are the detail. */
export function buildError(text: string, dockerfile: string): GantryError {
  return (
    classify(buildRules, text, dockerfile) ??
    new GantryError('buildFailed', message('{0} did not build: {1}', dockerfile, buildCause(text)), {
      detail: lastLines(text),
    })
  );
}

/** Why a push failed. The detail of a missing repository is its name, so that it can be created. */
export function pushError(text: string, repository: string): GantryError {
  const known = classify(pushRules, text, repository);
  if (known?.reason === 'repositoryMissing') {
    return new GantryError('repositoryMissing', known.sentence, { detail: repository, cause: known });
  }
  return (
    known ??
    new GantryError('pushFailed', message('The push to “{0}” failed: {1}', repository, lastLine(text)), {
      detail: lastLines(text),
    })
  );
}

/** Why a pull failed. */
export function pullError(text: string, reference: string): GantryError {
  if (
    /no matching manifest|does not provide the specified platform|no image found in (manifest list|image index)/i.test(
      text,
    )
  ) {
    return new GantryError('platformMismatch', message('{0} has no image for this machine’s platform.', reference), {
      detail: lastLines(text),
    });
  }
  return new GantryError('pullFailed', message('The pull of {0} failed: {1}', reference, lastLine(text)), {
    detail: lastLines(text),
  });
}

/** The line of a failed build that names the cause: BuildKit's `ERROR: …`, else the last line. */
function buildCause(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const cause = lines.findLast((line) => /^(ERROR: |error: |failed to solve|Error: )/i.test(line));
  return (cause ?? lastLine(text)).replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '');
}

function lastLine(text: string): string {
  return text.trim().split(/\r?\n/).at(-1) ?? '';
}

function lastLines(text: string): string {
  return text.trim().split(/\r?\n/).slice(-20).join('\n');
}
