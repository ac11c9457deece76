import { reasonOf, GantryError } from '../core/errors';
import { message, type Message } from '../core/message';

/** Why something is not known. */
export interface Gap {
  readonly reason: Message;
  /** The action that the user may not call, in IAM's words: `ec2:DescribeSubnets`. */
  readonly permission?: string;
}

/** What AWS was asked for: the answer, or why there is none. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly gap: Gap };

/**
 * Asks, and turns a refusal into a gap: what cannot be read is unknown, and says which permission is missing.
 * @param action what is asked, in IAM's words
 * @throws GantryError cancelled
 */
export async function known<T>(action: string, ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return given(await ask());
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'cancelled') throw error;
    if (reason === 'accessDenied') {
      return { known: false, gap: { reason: message('You are not allowed to call {0}.', action), permission: action } };
    }
    const sentence = error instanceof GantryError ? error.sentence : message('{0}: {1}', action, String(error));
    return { known: false, gap: { reason: sentence } };
  }
}

/** The answer for something that need not be asked. */
export function given<T>(value: T): Known<T> {
  return { known: true, value };
}
