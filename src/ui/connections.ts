import * as vscode from 'vscode';
import type { AwsModule, Connection, DeviceCode, Prompts } from '../aws/api';
import type { SignInKind, SsoSession } from '../aws/credentials';
import { sleep, systemClock } from '../core/clock';
import { keyOf, sameSpec, type ConnectionSpec } from '../core/connection';
import { Setting } from '../core/contributions';
import { EcrInventory } from '../ecr/inventory';
import { EcsInventory } from '../ecs/inventory';
import { learned } from './learned';
import { markColors, marksOf, type ConnectionMarks } from './connectionMarks';

/** Milliseconds that VS Code gets to draw the first rows of a long list before more is read. */
const breath = 150;

const storageKey = 'gantry.connection';
const othersKey = 'gantry.connections';

/** One connection with everything that is known over it: a switch replaces all of it at once. */
export interface Session {
  /** The same for the same spec. */
  readonly key: string;
  readonly spec: ConnectionSpec;
  readonly connection: Connection;
  readonly ecr: EcrInventory;
  readonly ecs: EcsInventory;
  readonly marks: ConnectionMarks;
  /** Aborted when the session is replaced, so that a late answer never shows. */
  readonly signal: AbortSignal;
}

interface Opened {
  readonly session: Session;
  readonly controller: AbortController;
}

/**
 * The connections of this window, remembered per workspace and opened on first use. The first one is that of the
 * palette and of everything that does not come from a row; others can be shown beside it.
 */
export class Connections implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Sessions have been opened, closed or replaced. */
  readonly onDidChange = this.changed.event;
  private readonly marked = new vscode.EventEmitter<void>();
  /** Names or marks are new; what is known stays. */
  readonly onDidMark = this.marked.event;
  private readonly opened = new Map<string, Opened>();
  /** Fingerprints of the credentials that the open sessions use. */
  private readonly prints = new Map<string, string>();
  private readonly failing = new Set<string>();
  private readonly answering = new Set<string>();
  private sandboxSpec: ConnectionSpec | undefined;
  private readonly settings: vscode.Disposable;

  constructor(
    private readonly loadAws: () => AwsModule,
    private readonly state: vscode.Memento,
    private readonly prompts: Prompts,
  ) {
    this.settings = vscode.workspace.onDidChangeConfiguration((event) => {
      const touched = [Setting.connections, Setting.readOnly].some((key) =>
        event.affectsConfiguration(`gantry.${key}`),
      );
      if (touched) this.marked.fire();
    });
  }

  /** What the first connection is made of. A remembered sandbox that does not run any more gives way to the default. */
  get spec(): ConnectionSpec {
    const remembered = this.state.get<ConnectionSpec>(storageKey);
    if (remembered?.sandbox) return this.sandboxSpec ?? {};
    return remembered ?? this.sandboxSpec ?? {};
  }

  /** All of them, the first one first. */
  get specs(): readonly ConnectionSpec[] {
    const others = this.state.get<ConnectionSpec[]>(othersKey) ?? [];
    const alive = others.flatMap((spec) => (spec.sandbox ? (this.sandboxSpec ?? []) : spec));
    return [this.spec, ...alive.filter((spec) => !sameSpec(spec, this.spec))];
  }

  /** The sandbox's connection while one runs. */
  get sandbox(): ConnectionSpec | undefined {
    return this.sandboxSpec;
  }

  /** The first session. Opening calls nothing. */
  get session(): Session {
    return this.open(this.spec);
  }

  /** All sessions, the first one first. */
  get sessions(): readonly Session[] {
    return this.specs.map((spec) => this.open(spec));
  }

  /** A connection of its own for long work, which a switch in the sidebar does not touch. The caller disposes it. */
  openOwn(spec: ConnectionSpec = this.spec): Connection {
    return this.loadAws().connect(spec, this.prompts);
  }

  /** The first session that reaches this account and Region, or simply the first. */
  async sessionFor(account: string | undefined, region: string | undefined): Promise<Session> {
    for (const session of this.sessions) {
      const identity = await session.connection.identity(session.signal).catch(() => undefined);
      if (
        identity &&
        identity.account === (account ?? identity.account) &&
        identity.region === (region ?? identity.region)
      )
        return session;
    }
    return this.session;
  }

  listProfiles(): Promise<readonly string[]> {
    return this.loadAws().listProfiles();
  }

  /** A text that changes whenever a connection would use other credentials. */
  fingerprint({ profile }: ConnectionSpec): Promise<string> {
    return this.loadAws().fingerprint(profile);
  }

  /** How the session of a connection is renewed. */
  signInKind({ profile }: ConnectionSpec): Promise<SignInKind> {
    return this.loadAws().signInKind(profile);
  }

  /** Signs in with a code that a person confirms in the browser, and opens everything anew. */
  async signIn(session: SsoSession, show: (code: DeviceCode) => void, signal: AbortSignal): Promise<void> {
    await this.loadAws().signInWithSso(session, this.prompts, show, signal);
    this.reopen();
  }

  /**
   * The shared files or the sign-in cache are other ones now. Connections that use other credentials by that are opened
   * anew, and those that did not work.
   */
  async filesChanged(): Promise<void> {
    if (this.opened.size === 0) return;
    const aws = this.loadAws();
    let renewed = false;
    for (const [key, { session }] of [...this.opened]) {
      if (session.spec.sandbox) continue;
      const print = await aws.fingerprint(session.spec.profile).catch(() => '');
      const works = !this.failing.has(key);
      if (works && print === this.prints.get(key)) continue;
      this.close(key);
      renewed = true;
    }
    if (!renewed) return;
    aws.forgetTokens();
    this.changed.fire();
  }

  /** Says whether a connection's credentials work, as far as the last answer tells. */
  report(key: string, works: boolean): void {
    if (works) this.failing.delete(key);
    else this.failing.add(key);
    if (works) this.answering.add(key);
    else this.answering.delete(key);
  }

  /** Whether AWS has answered over a connection, so that asking more of it prompts nobody. */
  answers(key: string): boolean {
    return this.answering.has(key);
  }

  /** Switches the first connection to another one, at once and completely. */
  async use(spec: ConnectionSpec): Promise<void> {
    const others = this.specs.slice(1).filter((other) => !sameSpec(other, spec));
    this.close(keyOf(this.spec));
    this.close(keyOf(spec));
    await this.state.update(storageKey, spec);
    await this.state.update(othersKey, others);
    this.changed.fire();
  }

  /** Shows another connection beside the ones that are open. */
  async add(spec: ConnectionSpec): Promise<void> {
    if (this.specs.some((other) => sameSpec(other, spec))) return;
    await this.state.update(othersKey, [...this.specs.slice(1), spec]);
    this.changed.fire();
  }

  /** Stops showing a connection; the next one takes its place if it was the first. */
  async remove(spec: ConnectionSpec): Promise<void> {
    const [first = {}, ...others] = this.specs.filter((other) => !sameSpec(other, spec));
    await this.state.update(storageKey, first);
    await this.state.update(othersKey, others);
    this.close(keyOf(spec));
    this.changed.fire();
  }

  /** Opens the same connections anew: credentials and files are read again. */
  reopen(): void {
    this.closeAll();
    this.changed.fire();
  }

  /** A sandbox has started or ended. A started one becomes the connection if `select` says so. */
  async setSandbox(spec: ConnectionSpec | undefined, select: boolean): Promise<void> {
    const before = this.specs.map(keyOf).join();
    this.sandboxSpec = spec;
    if (spec) learned('sandbox');
    if (spec && select) await this.state.update(storageKey, { sandbox: true });
    if (before !== this.specs.map(keyOf).join()) this.reopen();
  }

  dispose(): void {
    this.closeAll();
    this.settings.dispose();
    this.changed.dispose();
    this.marked.dispose();
  }

  private open(spec: ConnectionSpec): Session {
    const key = keyOf(spec);
    const known = this.opened.get(key);
    if (known) return known.session;
    const connection = this.loadAws().connect(spec, this.prompts);
    const controller = new AbortController();
    const session: Session = {
      key,
      spec,
      connection,
      ecr: new EcrInventory(connection.ecr),
      ecs: new EcsInventory(connection.ecs, () => sleep(systemClock, breath)),
      get marks() {
        return marksOf(spec);
      },
      signal: controller.signal,
    };
    this.opened.set(key, { session, controller });
    if (!spec.sandbox) void this.remember(key, spec);
    return session;
  }

  private async remember(key: string, { profile }: ConnectionSpec): Promise<void> {
    const print = await this.loadAws()
      .fingerprint(profile)
      .catch(() => '');
    this.prints.set(key, print);
  }

  private close(key: string): void {
    const known = this.opened.get(key);
    known?.controller.abort();
    known?.session.connection.dispose();
    this.opened.delete(key);
    this.prints.delete(key);
    this.answering.delete(key);
  }

  private closeAll(): void {
    for (const key of [...this.opened.keys()]) this.close(key);
  }
}

/** What a connection is called before anybody was asked. */
export function nameOfSpec(spec: ConnectionSpec): string {
  const details = spec.sandbox ? [] : [spec.region, spec.endpoint];
  return [nameOfProfile(spec), ...details].filter(Boolean).join(' · ');
}

/** The name that a person gave, the profile's name, or what stands for it. */
export function plainName(spec: ConnectionSpec): string {
  if (spec.sandbox) return vscode.l10n.t('Sandbox');
  return marksOf(spec).name ?? spec.profile ?? process.env['AWS_PROFILE'] ?? vscode.l10n.t('default');
}

/** Its name with the sign of its colour, for places that know no colours. */
export function nameOfProfile(spec: ConnectionSpec): string {
  const { color } = marksOf(spec);
  return color && !spec.sandbox ? `${markColors[color]} ${plainName(spec)}` : plainName(spec);
}
