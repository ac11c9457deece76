import * as vscode from 'vscode';
import type { AwsModule, Connection } from '../aws/api';
import type { ConnectionSpec } from '../core/connection';
import { EcrInventory } from '../ecr/inventory';
import { EcsInventory } from '../ecs/inventory';

const storageKey = 'gantry.connection';

/** One connection with everything that is known over it: a switch replaces all of it at once. */
export interface Session {
  readonly connection: Connection;
  readonly ecr: EcrInventory;
  readonly ecs: EcsInventory;
  /** Aborted when the session is replaced, so that a late answer never shows. */
  readonly signal: AbortSignal;
}

/** The connection of this window: remembered per workspace, opened on first use. */
export class Connections implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private opened: { session: Session; controller: AbortController } | undefined;
  private sandboxSpec: ConnectionSpec | undefined;

  constructor(
    private readonly loadAws: () => AwsModule,
    private readonly state: vscode.Memento,
  ) {}

  /** What the connection is made of. A remembered sandbox that does not run any more gives way to the default. */
  get spec(): ConnectionSpec {
    const remembered = this.state.get<ConnectionSpec>(storageKey);
    if (remembered?.sandbox) return this.sandboxSpec ?? {};
    return remembered ?? this.sandboxSpec ?? {};
  }

  /** The sandbox's connection while one runs. */
  get sandbox(): ConnectionSpec | undefined {
    return this.sandboxSpec;
  }

  /** The open session. Opening calls nothing. */
  get session(): Session {
    this.opened ??= this.open();
    return this.opened.session;
  }

  /** A connection of its own for long work, which a switch in the sidebar does not touch. The caller disposes it. */
  openOwn(): Connection {
    return this.loadAws().connect(this.spec);
  }

  listProfiles(): Promise<readonly string[]> {
    return this.loadAws().listProfiles();
  }

  /** Switches to another connection, at once and completely. */
  async use(spec: ConnectionSpec): Promise<void> {
    await this.state.update(storageKey, spec);
    this.reopen();
  }

  /** Opens the same connection anew: credentials and files are read again. */
  reopen(): void {
    this.close();
    this.changed.fire();
  }

  /** A sandbox has started or ended. A started one becomes the connection if `select` says so. */
  async setSandbox(spec: ConnectionSpec | undefined, select: boolean): Promise<void> {
    const before = this.spec;
    this.sandboxSpec = spec;
    if (spec && select) await this.state.update(storageKey, { sandbox: true });
    if (before !== this.spec) this.reopen();
  }

  dispose(): void {
    this.close();
    this.changed.dispose();
  }

  private open(): { session: Session; controller: AbortController } {
    const connection = this.loadAws().connect(this.spec);
    const controller = new AbortController();
    const session = {
      connection,
      ecr: new EcrInventory(connection.ecr),
      ecs: new EcsInventory(connection.ecs),
      signal: controller.signal,
    };
    return { session, controller };
  }

  private close(): void {
    this.opened?.controller.abort();
    this.opened?.session.connection.dispose();
    this.opened = undefined;
  }
}

/** What a connection is called before anybody was asked. */
export function nameOfSpec(spec: ConnectionSpec): string {
  const details = spec.sandbox ? [] : [spec.region, spec.endpoint];
  return [nameOfProfile(spec), ...details].filter(Boolean).join(' · ');
}

/** The profile's name, or what stands for it. */
export function nameOfProfile({ profile, sandbox }: ConnectionSpec): string {
  if (sandbox) return vscode.l10n.t('Sandbox');
  return profile ?? process.env['AWS_PROFILE'] ?? vscode.l10n.t('default');
}
