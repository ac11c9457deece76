import * as path from 'node:path';
import * as vscode from 'vscode';
import { parseImageReference } from '../core/imageRef';
import { repositoryReference } from '../deploy/plan';
import { defaultTagRule, makeTag, type Target } from '../deploy/target';
import { containerFor } from '../deploy/taskDefinition';
import type { Repository } from '../ecr/model';
import type { ContainerDefinition } from '../ecs/model';
import { summarize } from '../ecs/taskDefinition';
import { readDockerfile } from '../engine/dockerfile';
import type { SourceState } from '../engine/git';
import { askRepository } from './askRepository';
import { askService, type ServicePlace } from './askService';
import type { Session } from './connections';
import type { DockerfilePlace } from './dockerfiles';
import { ask, pick } from './pick';

/** What is known before anybody is asked. */
export interface TargetHints {
  /** The service on which the command was called. */
  readonly place?: ServicePlace;
  /** The repository on which the command was called. */
  readonly repository?: Repository;
  /** A target that says a part already. */
  readonly base?: Target;
  /** Names that are taken. */
  readonly taken: readonly string[];
}

/** Asks what a target needs and what cannot be known: nothing that has only one answer. */
export class NewTarget {
  private readonly title: string;

  constructor(
    private readonly session: Session,
    private readonly dockerfile: DockerfilePlace,
    private readonly source: SourceState,
  ) {
    this.title = vscode.l10n.t('Ship {0}', dockerfile.path);
  }

  /** @throws GantryError cancelled when the person leaves */
  async ask(redeploy: boolean, hints: TargetHints): Promise<Target> {
    const { session, dockerfile } = this;
    const identity = await session.connection.identity(session.signal);
    const where = redeploy ? await this.askDeployment(hints) : undefined;
    const repository =
      hints.repository ?? where?.repository ?? (await askRepository(session, this.title, where?.likelyRepository));
    const container = where && (await this.askContainer(where.containers, repository));
    const context = hints.base?.context ?? (await this.askContext());
    const stage = hints.base ? hints.base.stage : await this.askStage();
    const tag = hints.base?.tag ?? (await this.askTagRule());
    return {
      ...(hints.base ?? { dockerfile: dockerfile.path, context, ...(stage ? { stage } : {}), tag }),
      name: hints.base?.name ?? freeName(where?.place.service.name ?? repository.name, hints.taken),
      account: identity.account,
      region: identity.region,
      repository: repository.name,
      ...(where && container
        ? { cluster: where.place.cluster, service: where.place.service.name, container: container.name }
        : {}),
    };
  }

  private async askDeployment(hints: TargetHints): Promise<{
    place: ServicePlace;
    containers: readonly ContainerDefinition[];
    repository: Repository | undefined;
    likelyRepository: string | undefined;
  }> {
    const { session } = this;
    const place = hints.place ?? (await askService(session, this.title));
    const raw = await session.connection.ecs.describeTaskDefinition(place.service.taskDefinition ?? '', session.signal);
    const { containers } = summarize(raw);
    const names = containers.flatMap(({ image }) => parseImageReference(image)?.repository ?? []);
    const repository = hints.base?.repository
      ? (await session.connection.ecr.describeRepositories({ names: [hints.base.repository] }, session.signal)).items[0]
      : undefined;
    return { place, containers, repository, likelyRepository: names[0] };
  }

  /** The container that runs this repository's images; asked only when that is none or several. */
  private async askContainer(
    containers: readonly ContainerDefinition[],
    repository: Repository,
  ): Promise<ContainerDefinition> {
    const known = containerFor(containers, repositoryReference(repository));
    if (known) return known;
    if (containers.length === 1 && containers[0]) return containers[0];
    return pick(
      this.title,
      vscode.l10n.t('Container that gets the new image'),
      containers.map((value) => ({ label: value.name, description: value.image, value })),
    );
  }

  /** A Dockerfile in the folder's root has only one sensible context. */
  private askContext(): Promise<string> | string {
    const own = path.posix.dirname(this.dockerfile.path);
    if (own === '.') return '.';
    return pick(this.title, vscode.l10n.t('Build context: the files that the Dockerfile can copy'), [
      { label: own, description: vscode.l10n.t('the folder of the Dockerfile'), value: own },
      { label: '.', description: vscode.l10n.t('the workspace folder'), value: '.' },
    ]);
  }

  private async askStage(): Promise<string | undefined> {
    const text = Buffer.from(await vscode.workspace.fs.readFile(this.dockerfile.uri)).toString('utf8');
    const { stages } = readDockerfile(text);
    if (stages.length < 2) return undefined;
    return pick<string | undefined>(this.title, vscode.l10n.t('Stage to build'), [
      { label: vscode.l10n.t('Last stage'), description: vscode.l10n.t('what docker build does'), value: undefined },
      ...stages.map((value) => ({ label: value, value })),
    ]);
  }

  private async askTagRule(): Promise<string> {
    const rules = [
      { rule: defaultTagRule, name: vscode.l10n.t('Short git commit') },
      { rule: '{branch}-{commit}', name: vscode.l10n.t('Branch and commit') },
      { rule: '{time}', name: vscode.l10n.t('Time') },
    ];
    const facts = { ...this.source, now: Date.now() };
    const choices = rules.map(({ rule, name }) => ({ label: name, description: makeTag(rule, facts), value: rule }));
    const own = { label: vscode.l10n.t('Other…'), description: '{commit} {branch} {time}', value: '' };
    const chosen = await pick(this.title, vscode.l10n.t('Tag of each image'), [...choices, own]);
    if (chosen) return chosen;
    return ask({
      title: this.title,
      prompt: vscode.l10n.t('Tag rule; {commit}, {branch} and {time} are filled in'),
      value: 'v1-{commit}',
      validateInput: (text) => (text.trim() ? undefined : vscode.l10n.t('A tag needs at least one character')),
    });
  }
}

/** A name for a target that no other one has. */
function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let number = 2; taken.includes(name); number++) name = `${wanted}-${number}`;
  return name;
}
