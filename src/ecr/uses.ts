import { nameOf } from '../core/arn';
import { parseImageReference } from '../core/imageRef';
import type { Task } from '../ecs/model';
import type { IndexEntry } from './imageTree';
import type { Image } from './model';

/** Who runs an image. */
export interface Use {
  /** Name of the service, or family of the task definition of tasks that no service started. */
  readonly name: string;
  readonly isService: boolean;
  readonly cluster: string;
  /** `family:revision` */
  readonly taskDefinition: string;
  readonly tasks: number;
}

/** What the tasks that are known run of one repository. */
export class RepositoryUses {
  private readonly byDigest = new Map<string, Task[]>();
  private readonly byTag = new Map<string, Task[]>();

  /** @param uri host and name of the repository */
  constructor(uri: string, tasks: readonly Task[]) {
    for (const task of tasks) {
      for (const { image, imageDigest } of task.containers) {
        const reference = parseImageReference(image);
        if (!reference || `${reference.host ?? ''}/${reference.repository}` !== uri) continue;
        const digest = imageDigest ?? reference.digest;
        // A tag may have moved since the task started, so it counts only where no digest is known.
        if (digest) add(this.byDigest, digest, task);
        else add(this.byTag, reference.tag ?? 'latest', task);
      }
    }
  }

  /** Whether any image of the repository runs. */
  get isEmpty(): boolean {
    return this.byDigest.size + this.byTag.size === 0;
  }

  /**
   * Who runs an image.
   * @param entries what the image holds, if it is an index: ECS names the digest of either
   */
  of({ digest, tags }: Image, entries: readonly IndexEntry[] = []): Use[] {
    const digests = [digest, ...entries.map((entry) => entry.digest)];
    const tasks = new Set([
      ...digests.flatMap((each) => this.byDigest.get(each) ?? []),
      ...tags.flatMap((each) => this.byTag.get(each) ?? []),
    ]);
    return summarize([...tasks]);
  }
}

function add(map: Map<string, Task[]>, key: string, task: Task): void {
  const known = map.get(key);
  if (known) known.push(task);
  else map.set(key, [task]);
}

function summarize(tasks: readonly Task[]): Use[] {
  const uses = new Map<string, Use>();
  for (const { group, clusterArn, taskDefinition } of tasks) {
    const isService = group?.startsWith('service:') ?? false;
    const revision = nameOf(taskDefinition);
    const name = isService ? (group ?? '').slice('service:'.length) : revision.slice(0, revision.lastIndexOf(':'));
    const key = `${clusterArn} ${isService} ${name} ${revision}`;
    const known = uses.get(key);
    const use = { name, isService, cluster: nameOf(clusterArn), taskDefinition: revision };
    uses.set(key, { ...use, tasks: (known?.tasks ?? 0) + 1 });
  }
  return [...uses.values()].sort((a, b) => a.name.localeCompare(b.name));
}
