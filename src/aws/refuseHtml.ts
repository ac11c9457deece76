import type { Pluggable } from '@smithy/types';
import { HttpResponse } from '@smithy/core/protocols';

/**
 * Refuses answers that are web pages. A proxy or a guest network answers 200 with its own page, and the SDK reads
 * nothing out of it: an account that looks empty.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- one plugin for the clients of every service
export const refuseHtml: Pluggable<any, any> = {
  applyToStack: (stack) => {
    stack.add(
      (next) => async (args) => {
        const output = await next(args);
        const { response } = output;
        if (HttpResponse.isInstance(response) && /text\/html/i.test(response.headers['content-type'] ?? '')) {
          throw new SyntaxError('the answer is an HTML page');
        }
        return output;
      },
      { step: 'deserialize', priority: 'low', name: 'gantryRefuseHtml' },
    );
  },
};
