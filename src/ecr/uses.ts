import { compareNames } from '../core/names';
import { serviceOfTask } from '../ecs/taskGroup';
import { familyOf, nameOf } from '../core/arn';
import { parseImageReference } from '../core/imageRef';
import type { Task } from '../ecs/model';
import type { ServiceImages } from '../ecs/namedImages';
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
  /** 0 for a service that would start it and runs none now. */
  readonly tasks: number;
}

/** What the tasks that are known run of one repository, and what services would start. */
export class RepositoryUses {
  private readonly byDigest = new Map<string, Source[]>();
  private readonly byTag = new Map<string, Source[]>();

  /**
   * @param uri host and name of the repository
   * @param named what services would start: a tag means what it points at now
   */
  constructor(uri: string, tasks: readonly Task[], named: readonly ServiceImages[] = []) {
    for (const { service, clusterArn, taskDefinition, images } of named) {
      const source = { group: `service:${service}`, clusterArn, taskDefinition, tasks: 0 };
      for (const image of images) {
        const reference = parseImageReference(image);
        if (!reference || `${reference.host ?? ''}/${reference.repository}` !== uri) continue;
        if (reference.digest) add(this.byDigest, reference.digest, source);
        else add(this.byTag, reference.tag ?? 'latest', source);
      }
    }
    for (const { group, clusterArn, taskDefinition, containers } of tasks) {
      const source = { group, clusterArn, taskDefinition, tasks: 1 };
      for (const { image, imageDigest } of containers) {
        const reference = parseImageReference(image);
        if (!reference || `${reference.host ?? ''}/${reference.repository}` !== uri) continue;
        const digest = imageDigest ?? reference.digest;
        // A tag may have moved since the task started, so it counts only where no digest is known.
        if (digest) add(this.byDigest, digest, source);
        else add(this.byTag, reference.tag ?? 'latest', source);
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
    const sources = new Set([
      ...digests.flatMap((each) => this.byDigest.get(each) ?? []),
      ...tags.flatMap((each) => this.byTag.get(each) ?? []),
    ]);
    return summarize([...sources]);
  }
}

/** A task, or a service that would start tasks. */
interface Source {
  readonly group: string | undefined;
  readonly clusterArn: string;
  readonly taskDefinition: string;
  readonly tasks: number;
}

function add(map: Map<string, Source[]>, key: string, source: Source): void {
  const known = map.get(key);
  if (known) known.push(source);
  else map.set(key, [source]);
}

function summarize(sources: readonly Source[]): Use[] {
  const uses = new Map<string, Use>();
  for (const { group, clusterArn, taskDefinition, tasks } of sources) {
    const service = serviceOfTask({ group });
    const isService = service !== undefined;
    const revision = nameOf(taskDefinition);
    const name = service ?? familyOf(taskDefinition);
    const key = `${clusterArn} ${isService} ${name} ${revision}`;
    const known = uses.get(key);
    const use = { name, isService, cluster: nameOf(clusterArn), taskDefinition: revision };
    uses.set(key, { ...use, tasks: (known?.tasks ?? 0) + tasks });
  }
  return [...uses.values()].sort((a, b) => compareNames(a.name, b.name));
}
