/** Scheme of the read-only documents that show a revision of a task definition. */
export const revisionScheme = 'gantry-revision';

/** Scheme of the URIs by which rows are decorated. */
export const rowScheme = 'gantry-row';
