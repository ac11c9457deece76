import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { buildRules } from './catalogue/build';
import { daemonRules } from './catalogue/daemon';
import { pushRules } from './catalogue/push';
import type { Rule } from './catalogue/rule';

/** What the rules say about a text; undefined for one that they do not know, or that says enough itself. */
function classify(rules: readonly Rule[], text: string, name: string): GantryError | undefined {
  const rule = rules.find(({ pattern }) => pattern.test(text));
  return rule?.sentence && new GantryError(rule.reason, rule.sentence(name), { detail: lastLines(text) });
}

/** Why an engine did not answer, or undefined when the text says nothing about the engine itself. */
export function engineError(text: string, engine: string): GantryError | undefined {
  return classify(daemonRules, text, engine);
}

/** Why a build failed; the build's own last lines are the detail. */
export function buildError(text: string, dockerfile: string): GantryError {
  return (
    classify(buildRules, text, dockerfile) ??
    new GantryError('buildFailed', message('{0} did not build: {1}', dockerfile, buildCause(text)), {
      detail: lastLines(text),
      advice: buildRules.find(({ pattern }) => pattern.test(text))?.advice,
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
