import type { Socket } from 'node:net';
import type { Exec, ExecHandlers, ExecRequest, Inside } from './exec';

/** There is no container to go into, and whoever asks is told so. */
export class SimulatedInside implements Inside {
  exec({ command, description }: ExecRequest, { output, ended }: ExecHandlers): Exec {
    const say = (text: string): void => output(Buffer.from(text.replaceAll('\n', '\r\n')));
    const answer = `This task is simulated: "${command.join(' ')}" was not run. ${description}`;
    const help = 'Start the sandbox with a container engine to go into real containers. "exit" ends the session.';
    let line = '';
    queueMicrotask(() => say(`${answer}\n${help}\nsimulated> `));
    const enter = (): void => {
      const typed = line.trim();
      line = '';
      if (typed === 'exit') {
        say('\n');
        return ended();
      }
      say(typed === '' ? '\nsimulated> ' : `\nNothing runs here, so nothing was run: ${typed}\nsimulated> `);
    };
    return {
      write: (data) => {
        for (const char of data.toString('utf8')) {
          if (char === '\u0004') return ended();
          if (char === '\r' || char === '\n') {
            const typed = line.trim();
            enter();
            if (typed === 'exit') return;
          } else if (char === '\u007f') {
            if (line !== '') say('\b \b');
            line = line.slice(0, -1);
          } else if (char >= ' ' && line.length < 1000) {
            line += char;
            say(char);
          }
        }
      },
      resize: () => undefined,
      pause: () => undefined,
      kill: () => undefined,
    };
  }

  dial(_container: string, port: number): Promise<Socket> {
    return Promise.reject(new Error(`The task is simulated: nothing listens on port ${port}.`));
  }
}
