import * as vscode from 'vscode';
import type { Connection } from '../../aws/api';
import { nameOf } from '../../core/arn';
import { GantryError, reasonOf } from '../../core/errors';
import { parseImageReference } from '../../core/imageRef';
import { samePlatform } from '../../core/platform';
import { allPages } from '../../core/paging';
import { trusts } from '../../deploy/preflight/roles';
import { readImageFacts, type ImageFacts } from '../../ecr/imageFacts';
import type { Repository } from '../../ecr/model';
import { definitionInput, familyLike, needsExecutionRole, type DefinitionChoices } from '../../provision/newDefinition';
import { familyRule, imageRule, logGroupRule, portRule, roleRule } from '../../provision/rules';
import { confirmInProduction, requireWritable } from '../../ui/changes';
import type { Session } from '../../ui/connections';
import { pick, type Asker, type Choice } from '../../ui/pick';
import { say } from '../../ui/say';
import { askSteps, type Step } from '../../ui/steps';
import { imageChoices, type EcrPlace } from '../ecrPlace';
import type { CreationContext } from './creationContext';
import { changeEnvironment } from './settings/containers';
import { askBy } from './settings/setting';
import { askSize } from './settings/size';

/** What is known so far. */
interface Answers extends DefinitionChoices {
  /** Of the image, where it lies in ECR here. */
  readonly repository: Repository | undefined;
  readonly facts: ImageFacts;
  /** A log group that is to be made. */
  readonly newLogGroup: string | undefined;
  /** Nothing more is to be added to the environment. */
  readonly isComplete: boolean;
}

/** What the questions ask with. */
interface Asking {
  readonly session: Session;
  readonly connection: Connection;
  readonly signal: AbortSignal;
  /** Read while the person thinks. */
  readonly families: Promise<readonly string[]>;
}

const unread: ImageFacts = { platforms: [], ports: [] };

/** Asks for what a task definition of one container needs, and opens it as a draft in the editor. */
export async function createTaskDefinition(context: CreationContext, given: EcrPlace | undefined): Promise<void> {
  const session = given?.session ?? context.connections.session;
  requireWritable(session);
  const { connection, signal } = session;
  const title = vscode.l10n.t('Create Task Definition');
  const families = allPages((token) => connection.ecs.listFamilies(token, signal)).catch(() => []);
  const asking: Asking = { session, connection, signal, families };
  const { region } = await connection.identity(signal);
  const image = given?.images[0];
  const begun = image && given ? await withImage(asking, blank(region), given.repository, image) : blank(region);
  const steps = [...(image ? [] : [imageStep(asking, given?.repository)]), ...commonSteps(asking)];
  const answers = await askSteps(title, begun, steps);
  const failure = answers.newLogGroup === undefined ? undefined : await createLogGroup(session, answers.newLogGroup);
  // What was answered is not lost by what may not be made; the editor names it as missing.
  await context.definitions().openDraft(session, definitionInput(answers));
  if (failure) throw failure;
}

function blank(region: string): Answers {
  return {
    ...{ image: '', family: '', cpu: 256, memory: 512, platform: '', port: undefined, region, environment: {} },
    ...{ logGroup: undefined, executionRole: undefined, repository: undefined, facts: unread, newLogGroup: undefined },
    isComplete: false,
  };
}

/** What an image says is the answer until the person says something else. */
async function withImage(
  { connection, signal }: Asking,
  answers: Answers,
  repository: Repository,
  { tags: [tag], digest }: { readonly tags: readonly string[]; readonly digest: string },
): Promise<Answers> {
  const image = tag ? `${repository.uri}:${tag}` : `${repository.uri}@${digest}`;
  // Who may list images need not be allowed to read them: then there is nothing to suggest.
  const facts = await readImageFacts(connection.ecr, repository.name, digest, signal).catch(() => unread);
  return { ...described(answers, image, facts), repository };
}

function described(answers: Answers, image: string, facts: ImageFacts): Answers {
  const likely = facts.platforms.find((each) => samePlatform(each, 'linux/amd64')) ?? facts.platforms[0];
  return {
    ...answers,
    ...{ image, facts, family: familyLike(image), port: facts.ports[0], repository: undefined },
    platform: likely ?? 'linux/amd64',
  };
}

type Where = Repository | 'typed';

function imageStep(asking: Asking, given: Repository | undefined): Step<Answers> {
  const { session } = asking;
  const inRepository = async (asker: Asker, answers: Answers, repository: Repository): Promise<Answers> => {
    const images = imageChoices({ session, repository, images: [] });
    const image = await pick(asker, vscode.l10n.t('Image of {0}', repository.name), images);
    return withImage(asking, answers, repository, image);
  };
  return {
    ask: async (asker, answers) => {
      if (given) return inRepository(asker, answers, given);
      const load = async (): Promise<Choice<Where>[]> => {
        const { items } = await session.ecr.listRepositories(session.signal);
        return [
          ...items.map((value) => ({ label: value.name, iconPath: new vscode.ThemeIcon('package'), value })),
          {
            ...{ label: vscode.l10n.t('Another Image…'), iconPath: new vscode.ThemeIcon('edit'), alwaysShow: true },
            ...{ description: vscode.l10n.t('of any registry'), value: 'typed' as const },
          },
        ];
      };
      const where = await pick(asker, vscode.l10n.t('Repository of the image'), load());
      if (where !== 'typed') return inRepository(asker, answers, where);
      const image = await askBy(asker, vscode.l10n.t('Image that the container runs'), answers.image, imageRule);
      return described(answers, image, unread);
    },
  };
}

function commonSteps(asking: Asking): Step<Answers>[] {
  return [
    { ask: async (asker, answers) => ({ ...answers, family: await askFamily(asking, asker, answers) }) },
    {
      isAsked: ({ facts }) => facts.platforms.length > 1,
      ask: async (asker, answers) => ({ ...answers, platform: await askPlatform(asker, answers) }),
    },
    { ask: async (asker, answers) => ({ ...answers, ...(await askSize(asker)) }) },
    { ask: async (asker, answers) => ({ ...answers, port: await askPort(asker, answers) }) },
    { ask: async (asker, answers) => ({ ...answers, ...(await askLogGroup(asking, asker, answers)) }) },
    {
      isAsked: (answers) => needsRole(answers),
      ask: async (asker, answers) => ({ ...answers, executionRole: await askRole(asking, asker) }),
    },
    { ask: askEnvironment, isRepeated: ({ isComplete }) => !isComplete },
  ];
}

function needsRole({ logGroup, image, repository }: Answers): boolean {
  const isEcr = repository !== undefined || /\.dkr[.-]ecr\./.test(parseImageReference(image)?.host ?? '');
  return needsExecutionRole(logGroup, isEcr);
}

function askFamily({ families }: Asking, asker: Asker, { family }: Answers): Promise<string> {
  return asker.ask({
    prompt: vscode.l10n.t('Family: the name under which the revisions of the task definition are numbered'),
    value: family,
    validateInput: async (text) => {
      const problem = familyRule(text.trim());
      if (problem) return say(problem);
      if (!(await families).includes(text.trim())) return undefined;
      const known = vscode.l10n.t('There is a family “{0}” already; this becomes its next revision.', text.trim());
      return { message: known, severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
}

function askPlatform(asker: Asker, { facts, platform }: Answers): Promise<string> {
  const known = facts.platforms.map((value) => ({ label: value, value, picked: value === platform }));
  return asker.pick(vscode.l10n.t('Platform that the tasks run on'), known);
}

async function askPort(asker: Asker, { facts, port }: Answers): Promise<number | undefined> {
  const prompt =
    facts.ports.length > 0
      ? vscode.l10n.t('Port on which the container listens (the image exposes {0}); empty for none', facts.ports.join())
      : vscode.l10n.t('Port on which the container listens; empty for none');
  const text = await askBy(asker, prompt, String(port ?? ''), (value) => (value === '' ? undefined : portRule(value)));
  return text === '' ? undefined : Number(text);
}

/** Where what the container prints goes: a group for the family, which is there or is made; another one; nowhere. */
async function askLogGroup(
  { connection, signal }: Asking,
  asker: Asker,
  { family }: Answers,
): Promise<Pick<Answers, 'logGroup' | 'newLogGroup'>> {
  const likely = `/ecs/${family}`;
  const load = async (): Promise<Choice<'likely' | 'other' | 'none'>[]> => [
    {
      ...{ label: likely, iconPath: new vscode.ThemeIcon('output'), value: 'likely' },
      description: (await isThere(connection, likely, signal))
        ? vscode.l10n.t('is there')
        : vscode.l10n.t('is made when the draft opens'),
    },
    { label: vscode.l10n.t('Another Log Group…'), iconPath: new vscode.ThemeIcon('edit'), value: 'other' },
    { label: vscode.l10n.t('No Logs'), iconPath: new vscode.ThemeIcon('circle-slash'), value: 'none' },
  ];
  const chosen = await pick(asker, vscode.l10n.t('Log group in CloudWatch for what the container prints'), load());
  if (chosen === 'none') return { logGroup: undefined, newLogGroup: undefined };
  const logGroup =
    chosen === 'likely' ? likely : await askBy(asker, vscode.l10n.t('Name of the log group'), likely, logGroupRule);
  return { logGroup, newLogGroup: (await isThere(connection, logGroup, signal)) ? undefined : logGroup };
}

/** Who may not ask is believed to have it: the editor says what is missing. */
function isThere({ logs }: Connection, name: string, signal: AbortSignal): Promise<boolean> {
  return logs.findGroup(name, signal).catch((error: unknown) => {
    if (reasonOf(error) === 'accessDenied') return true;
    throw error;
  });
}

/** Roles that tasks of ECS can take on; those that are named for starting tasks come first. */
async function askRole({ connection, signal }: Asking, asker: Asker): Promise<string> {
  const load = async (): Promise<Choice<string | undefined>[]> => {
    const roles = await connection.roles.listRoles(signal).catch((error: unknown) => {
      if (reasonOf(error) === 'accessDenied') return [];
      throw error;
    });
    const usable = roles.filter(({ trust }) => trusts(trust)).map(({ arn }) => arn);
    const sorted = [...usable].sort((a, b) => Number(/execution/i.test(b)) - Number(/execution/i.test(a)));
    return [
      ...sorted.map((value) => ({ label: nameOf(value), iconPath: new vscode.ThemeIcon('shield'), value })),
      {
        ...{ label: vscode.l10n.t('By its ARN…'), iconPath: new vscode.ThemeIcon('edit'), alwaysShow: true },
        value: undefined,
      },
    ];
  };
  const prompt = vscode.l10n.t('Execution role, with which ECS pulls the image and writes the logs');
  return (await pick(asker, prompt, load())) ?? (await askBy(asker, vscode.l10n.t('ARN of the role'), '', roleRule));
}

async function askEnvironment(asker: Asker, answers: Answers): Promise<Answers> {
  const environment = await changeEnvironment(asker, answers.environment, {
    label: vscode.l10n.t('Open the Draft'),
    description: vscode.l10n.t('secrets, health checks and more containers are written there'),
  });
  return { ...answers, environment: environment ?? answers.environment, isComplete: environment === undefined };
}

/**
 * Makes a log group, which costs nothing as long as nothing is in it.
 * @returns why AWS refused it
 * @throws GantryError cancelled
 */
async function createLogGroup(session: Session, name: string): Promise<GantryError | undefined> {
  try {
    await confirmInProduction(session, {
      verb: vscode.l10n.t('Create Log Group'),
      question: vscode.l10n.t('Create the log group “{0}”?', name),
      detail: '',
    });
    await session.connection.logs.createGroup(name, session.signal);
    return undefined;
  } catch (error) {
    if (error instanceof GantryError && error.reason !== 'cancelled') return error;
    throw error;
  }
}
