import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { Certificates } from '../acm/certificates';
import { balanceHttp } from './httpBalancer';
import { tcpBalancer } from './tcpBalancer';
import { isSecure, tlsFront } from './tlsFront';
import type { ElbState, Listener } from './types';

/**
 * The real ports behind listeners, on loopback only. A listener gets the port that it asked for if that is free and
 * needs no rights, otherwise one that the system chooses: `Listener.port` says which.
 */
export class ListenerSockets {
  readonly #state: ElbState;
  readonly #certificates: Certificates;
  readonly #open = new Map<string, { server: net.Server; sockets: Set<net.Socket> }>();

  constructor(state: ElbState, certificates: Certificates) {
    this.#state = state;
    this.#certificates = certificates;
  }

  async open(listener: Listener): Promise<void> {
    const server = this.#server(listener);
    const sockets = new Set<net.Socket>();
    server.on('connection', (socket: net.Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    const wanted = listener.port || listener.wantedPort;
    listener.port = (wanted >= 1024 ? await bind(server, wanted) : undefined) ?? (await bind(server, 0)) ?? 0;
    this.#open.set(listener.arn, { server, sockets });
  }

  /** Opens every listener that is not open yet: those of a seed or of a saved state. */
  async openAll(): Promise<void> {
    for (const listener of this.#state.listeners.values()) {
      if (!this.#open.has(listener.arn)) await this.open(listener);
    }
  }

  close(arn: string): void {
    const entry = this.#open.get(arn);
    this.#open.delete(arn);
    entry?.server.close();
    for (const socket of entry?.sockets ?? []) socket.destroy();
    if (entry?.server instanceof http.Server || entry?.server instanceof https.Server) {
      entry.server.closeAllConnections();
    }
  }

  #server(listener: Listener): net.Server {
    const state = this.#state;
    const front = isSecure(listener) ? tlsFront(this.#certificates, listener) : undefined;
    if (listener.protocol === 'TCP' || listener.protocol === 'TLS') {
      const balance = tcpBalancer(state, listener);
      return front ? tls.createServer(front, balance).on('tlsClientError', () => undefined) : net.createServer(balance);
    }
    const server = front ? https.createServer(front).on('tlsClientError', () => undefined) : http.createServer();
    balanceHttp(server, state, listener);
    return server;
  }

  closeAll(): void {
    for (const arn of [...this.#open.keys()]) this.close(arn);
  }
}

function bind(server: net.Server, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const failed = (): void => resolve(undefined);
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', failed);
      server.on('error', () => undefined);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
