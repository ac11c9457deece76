import net from 'node:net';
import tls from 'node:tls';
import { nextGroup, nextInGroup } from './balance';
import type { ElbState, Listener } from './types';

/** Connections of a TCP or TLS listener, each to the target whose turn it is. */
export function tcpBalancer(state: ElbState, listener: Listener): (socket: net.Socket) => void {
  return (socket) => {
    const group = nextGroup(listener.actions.at(-1) ?? {});
    const target = nextInGroup(state, group);
    if (target?.backend.kind !== 'port') return void socket.destroy();
    const place = { host: '127.0.0.1', port: target.backend.port };
    const secure = state.groups.get(group ?? '')?.protocol === 'TLS';
    const behind = secure ? tls.connect({ ...place, rejectUnauthorized: false }) : net.connect(place);
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  };
}
