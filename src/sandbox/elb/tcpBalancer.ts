import net from 'node:net';
import { nextTarget } from './balance';
import type { ElbState, Listener } from './types';

/** Connections of a TCP listener, each to the target whose turn it is. */
export function tcpBalancer(state: ElbState, listener: Listener): (socket: net.Socket) => void {
  return (socket) => {
    const target = nextTarget(state, listener.actions.at(-1) ?? {});
    if (target?.backend.kind !== 'port') return void socket.destroy();
    const behind = net.connect(target.backend.port, '127.0.0.1');
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  };
}
