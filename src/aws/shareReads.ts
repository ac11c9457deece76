import { GantryError } from '../core/errors';
import { message } from '../core/message';

/** One call that is under way, and how many wait for it. */
interface Flight {
  readonly answer: Promise<unknown>;
  readonly abort: AbortController;
  waiting: number;
}

type Method = (...args: unknown[]) => Promise<unknown>;

/** Methods of gateways that only read; they all take a signal as their last argument. */
const reads = /^(list|describe|find|target|scaling|publicAddress|instance)/;

/**
 * Lets identical reads that are under way at the same moment share one call: two views, or a view and a quick pick,
 * often ask for the same thing. Who leaves does not take the answer from the others; when all have left, the call ends.
 */
export function shareReads<T extends object>(gateway: T): T {
  const flights = new Map<string, Flight>();
  return new Proxy(gateway, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      const method = (member as Method).bind(target);
      return reads.test(name) ? shared(flights, name, method) : method;
    },
  });
}

function shared(flights: Map<string, Flight>, name: string, method: Method): Method {
  return (...args) => {
    const signal = args.at(-1) as AbortSignal;
    const asked = args.slice(0, -1);
    const key = `${name} ${JSON.stringify(asked)}`;
    const known = flights.get(key);
    // One that was given up by everybody cannot be joined any more.
    const flight = known && !known.abort.signal.aborted ? known : start(flights, key, method, asked);
    return wait(flight, signal);
  };
}

function start(flights: Map<string, Flight>, key: string, method: Method, asked: readonly unknown[]): Flight {
  const abort = new AbortController();
  const answer = method(...asked, abort.signal).finally(() => {
    if (flights.get(key) === flight) flights.delete(key);
  });
  const flight: Flight = { answer, abort, waiting: 0 };
  flights.set(key, flight);
  return flight;
}

function wait(flight: Flight, signal: AbortSignal): Promise<unknown> {
  flight.waiting++;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      flight.waiting--;
      if (flight.waiting === 0) flight.abort.abort();
      reject(new GantryError('cancelled', message('Cancelled.')));
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    flight.answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
