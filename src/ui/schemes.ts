/** Scheme of the read-only documents that show a revision of a task definition. */
export const revisionScheme = 'gantry-revision';

/** Scheme of the URIs by which rows are decorated. */
export const rowScheme = 'gantry-row';

/** Scheme of the read-only documents that are made from answers: findings, previews. */
export const reportScheme = 'gantry-report';

/** Scheme of the policies of repositories, which are written back when they are saved. */
export const policyScheme = 'gantry-policy';

/** Scheme of the read-only documents that show a rollout, live. */
export const rolloutScheme = 'gantry-rollout';

/** Scheme of revisions of task definitions that are edited; what is saved is a draft until it is registered. */
export const definitionScheme = 'gantry-task-definition';
