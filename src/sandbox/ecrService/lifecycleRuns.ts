import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { page } from '../paging';
import { type EcrContext, owner, repositoryNamed } from './context';
import { applyLifecycle, expiries, lifecycleRules } from './lifecycle';
import { type Repository, tagsOf } from './repository';

/** AWS carries a policy out within 24 hours; here it is seconds, and again every hour. In milliseconds. */
const firstRun = 5000;
const everyRun = 3600_000;
/** How long a preview takes, in milliseconds. */
const previewTime = 1000;

const pending = new WeakMap<Repository, { cancel(): void }>();

/** Carries the repository's policy out after a moment, and then every hour as long as there is one. */
export function runLifecycle(context: EcrContext, repository: Repository, wait = firstRun): void {
  pending.get(repository)?.cancel();
  const timer = context.clock.after(wait, () => {
    if (repository.lifecycle === undefined || context.repositories.get(repository.name) !== repository) return;
    applyLifecycle(repository, context.clock.now());
    runLifecycle(context, repository, everyRun);
  });
  pending.set(repository, timer);
}

/** Takes the policies of a saved state up again. */
export function resumeLifecycles(context: EcrContext): void {
  for (const repository of context.repositories.values()) {
    if (repository.lifecycle !== undefined) runLifecycle(context, repository);
  }
}

interface Named {
  readonly repositoryName: string;
  readonly registryId?: string;
}

interface PreviewRequest extends Named {
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly imageIds?: readonly { readonly imageDigest?: string; readonly imageTag?: string }[];
  readonly filter?: { readonly tagStatus?: 'TAGGED' | 'UNTAGGED' | 'ANY' };
}

function startPreview(context: EcrContext, request: Named & { lifecyclePolicyText?: string }): unknown {
  const repository = repositoryNamed(context, request);
  const policy = request.lifecyclePolicyText ?? repository.lifecycle;
  const where = `for the repository with name '${repository.name}' in the registry with id '${context.place.account}'`;
  if (policy === undefined) {
    throw new ApiError('LifecyclePolicyNotFoundException', `Lifecycle policy does not exist ${where}`);
  }
  lifecycleRules(policy);
  const now = context.clock.now();
  if (repository.preview && now < repository.preview.startedAt + previewTime) {
    throw new ApiError('LifecyclePolicyPreviewInProgressException', `A preview is in progress ${where}`);
  }
  repository.preview = { policy, startedAt: now };
  return { ...owner(context, repository), lifecyclePolicyText: policy, status: 'IN_PROGRESS' };
}

function getPreview(context: EcrContext, request: PreviewRequest): unknown {
  const repository = repositoryNamed(context, request);
  const { preview } = repository;
  if (!preview) {
    const where = `in the repository with name '${repository.name}' in the registry with id '${context.place.account}'`;
    throw new ApiError('LifecyclePolicyPreviewNotFoundException', `There is no lifecycle policy preview ${where}`);
  }
  const common = { ...owner(context, repository), lifecyclePolicyText: preview.policy };
  if (context.clock.now() < preview.startedAt + previewTime) return { ...common, status: 'IN_PROGRESS' };
  const all = expiries(repository, lifecycleRules(preview.policy), preview.startedAt).map(({ image, priority }) => ({
    imageTags: tagsOf(repository, image.digest),
    imageDigest: image.digest,
    imagePushedAt: new Date(image.pushedAt),
    action: { type: 'EXPIRE' },
    appliedRulePriority: priority,
  }));
  const { tagStatus = 'ANY' } = request.filter ?? {};
  const wanted = all
    .filter(({ imageTags }) => tagStatus === 'ANY' || (tagStatus === 'TAGGED') === imageTags.length > 0)
    .filter(
      ({ imageTags, imageDigest }) =>
        !request.imageIds ||
        request.imageIds.some((id) => id.imageDigest === imageDigest || imageTags.includes(id.imageTag ?? '')),
    );
  const { items, nextToken } = page(wanted, request.maxResults ?? 100, request.nextToken, [
    repository.name,
    tagStatus,
    request.imageIds ?? null,
  ]);
  const summary = { expiringImageTotalCount: all.length };
  return { ...common, status: 'COMPLETE', previewResults: items, summary, nextToken };
}

export function lifecyclePreviewOperations(context: EcrContext): Record<string, Operation> {
  return {
    StartLifecyclePolicyPreview: (input: Named) => startPreview(context, input),
    GetLifecyclePolicyPreview: (input: PreviewRequest) => getPreview(context, input),
  };
}
