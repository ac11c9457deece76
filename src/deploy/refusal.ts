import { GantryError, reasonOf } from '../core/errors';
import { matchText } from './catalogue/order';

/**
 * Throws a refusal of the API again, with the cause that the catalogue knows for AWS’s words, and what to do. Anything
 * else is thrown as it is.
 */
export function explainRefusal(error: unknown): never {
  const reason = reasonOf(error);
  if (!(error instanceof GantryError) || (reason !== 'refused' && reason !== 'accessDenied')) throw error;
  const found = matchText({ kind: 'api', text: error.detail ?? error.message });
  if (!found) throw error;
  const { entry } = found.ranked;
  const options = { cause: error, detail: error.detail ?? error.message, advice: entry.fix };
  throw new GantryError(error.reason, entry.cause(found), options);
}
