import { serviceOfTask } from '../ecs/taskGroup';
import { compareNames } from '../core/names';
import * as vscode from 'vscode';
import { nameOf } from '../core/arn';
import { isCancelled } from '../core/errors';
import { allPages, batches } from '../core/paging';
import type { Cluster } from '../ecs/model';
import { nameOfProfile, type Connections, type Session } from '../ui/connections';
import { formatAge } from '../ui/format';
import { sayError } from '../ui/say';
import { Finder, type Findable } from './fuzzy';

export type GoToKind = 'service' | 'task' | 'repository';

/** What stands in a list and can be shown in a view. */
export interface Place extends Findable {
  readonly kind: GoToKind;
  readonly session: Session;
  readonly arn: string;
  /** ARN of the cluster, for services and tasks. */
  readonly cluster?: string;
  /** Name of the service that started a task. */
  readonly service?: string | undefined;
}

/** Selects the row of a place. @throws GantryError notFound when it is gone */
export type Revealer = (place: Place) => Promise<void>;

export interface GoToContext {
  readonly connections: Connections;
  readonly reveal: Revealer;
  readonly state: vscode.Memento;
}

const recentKey = 'gantry.recent';
const mostRecent = 10;

/** Milliseconds between two drawings while the list grows. */
const drawPause = 150;

type Row = vscode.QuickPickItem & { readonly place?: Place };

/** Finds a service, task or repository over every open connection, and shows its row. */
export async function goTo({ connections, reveal, state }: GoToContext, kind: GoToKind): Promise<void> {
  const place = await choose(connections, recentOf(state, kind), kind);
  if (!place) return;
  const recent = [place.arn, ...recentOf(state, kind).filter((arn) => arn !== place.arn)].slice(0, mostRecent);
  await state.update(`${recentKey}.${kind}`, recent);
  await reveal(place);
}

function recentOf(state: vscode.Memento, kind: GoToKind): readonly string[] {
  return state.get<string[]>(`${recentKey}.${kind}`) ?? [];
}

/** A quick pick that fills while it is open. */
function choose(connections: Connections, recent: readonly string[], kind: GoToKind): Promise<Place | undefined> {
  return new Promise((resolve) => {
    const picker = vscode.window.createQuickPick<Row>();
    const abort = new AbortController();
    const finder = new Finder<Place>();
    const found: Place[] = [];
    const failures: string[] = [];
    let timer: NodeJS.Timeout | undefined;
    const draw = (): void => {
      timer = undefined;
      finder.set(recentFirst(found, recent));
      show();
    };
    const show = (): void => {
      picker.items = [...finder.find(picker.value).map((place) => rowOf(place, recent)), ...failures.map(failureRow)];
    };
    const add = (places: readonly Place[]): void => {
      found.push(...places);
      timer ??= setTimeout(draw, drawPause);
    };
    picker.title = titleOf(kind);
    picker.placeholder = vscode.l10n.t('Part of a name, of its cluster or of its connection');
    picker.busy = true;
    picker.onDidChangeValue(show);
    picker.onDidAccept(() => {
      // Rows that were put there a moment ago are not active yet; the first one is what Enter means.
      resolve((picker.activeItems[0] ?? picker.items[0])?.place);
      picker.hide();
    });
    picker.onDidHide(() => {
      abort.abort();
      clearTimeout(timer);
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
    void readAll(connections, kind, abort.signal, add, (text) => failures.push(text)).finally(() => {
      if (abort.signal.aborted) return;
      picker.busy = false;
      clearTimeout(timer);
      draw();
    });
  });
}

function titleOf(kind: GoToKind): string {
  if (kind === 'service') return vscode.l10n.t('Go to Service');
  return kind === 'task' ? vscode.l10n.t('Go to Task') : vscode.l10n.t('Go to Repository');
}

/** Rows are filtered here and not by the editor, so every row that is handed over is shown. */
function rowOf(place: Place, recent: readonly string[]): Row {
  const icons = { service: 'layers', task: 'play-circle', repository: 'package' };
  return {
    label: place.label,
    description: place.description,
    iconPath: new vscode.ThemeIcon(recent.includes(place.arn) ? 'history' : icons[place.kind]),
    alwaysShow: true,
    place,
  };
}

function failureRow(text: string): Row {
  return { label: text, iconPath: new vscode.ThemeIcon('error'), alwaysShow: true };
}

function recentFirst(places: readonly Place[], recent: readonly string[]): Place[] {
  const rank = (arn: string): number => (recent.includes(arn) ? recent.indexOf(arn) : recent.length);
  return [...places].sort((a, b) => rank(a.arn) - rank(b.arn) || compareNames(a.label, b.label));
}

/** Reads everything over every connection, side by side; what fails is said and does not hide the rest. */
async function readAll(
  connections: Connections,
  kind: GoToKind,
  leave: AbortSignal,
  add: (places: readonly Place[]) => void,
  fail: (text: string) => void,
): Promise<void> {
  const { sessions } = connections;
  const several = sessions.length > 1;
  const read = async (session: Session): Promise<void> => {
    const signal = AbortSignal.any([session.signal, leave]);
    const where = several ? ` · ${nameOfProfile(session.spec)}` : '';
    try {
      if (kind === 'repository') return await readRepositories(session, where, signal, add);
      const { items } = await session.ecs.listClusters(signal);
      for (const cluster of items) {
        if (kind === 'service') await readServices(session, cluster, where, signal, add);
        else await readTasks(session, cluster, where, signal, add);
      }
    } catch (error) {
      if (!isCancelled(error)) fail(`${nameOfProfile(session.spec)}: ${sayError(error)}`);
    }
  };
  await Promise.all(sessions.map(read));
}

async function readRepositories(
  session: Session,
  where: string,
  signal: AbortSignal,
  add: (places: readonly Place[]) => void,
): Promise<void> {
  const { items, error } = await session.ecr.listRepositories(signal);
  add(items.map(({ arn, name }) => ({ kind: 'repository', session, arn, label: name, description: where.slice(3) })));
  if (error) throw error;
}

/** Names only: a hundred services with a call. What the tree has read already costs nothing. */
async function readServices(
  session: Session,
  cluster: Cluster,
  where: string,
  signal: AbortSignal,
  add: (places: readonly Place[]) => void,
): Promise<void> {
  const description = `${cluster.name}${where}`;
  const toPlace = (arn: string): Place => ({
    ...{ kind: 'service', session, arn, cluster: cluster.arn, label: nameOf(arn), description },
  });
  const known = session.ecs.services(cluster.arn);
  if (known.arns.length > 0 && known.arns.length === cluster.activeServices) return add(known.arns.map(toPlace));
  if (cluster.activeServices === 0) return;
  await allPages(async (token) => {
    const page = await session.connection.ecs.listServices(cluster.arn, token, signal);
    add(page.items.map(toPlace));
    return page;
  });
}

async function readTasks(
  session: Session,
  cluster: Cluster,
  where: string,
  signal: AbortSignal,
  add: (places: readonly Place[]) => void,
): Promise<void> {
  if (cluster.runningTasks + cluster.pendingTasks === 0) return;
  const { ecs } = session.connection;
  await allPages(async (token) => {
    const page = await ecs.listTasks(cluster.arn, {}, token, signal);
    for (const batch of batches(page.items, 100)) {
      const { found } = await ecs.describeTasks(cluster.arn, batch, signal);
      add(
        found.map((task) => ({
          ...{ kind: 'task', session, arn: task.arn, cluster: cluster.arn, label: task.id },
          service: serviceOfTask(task),
          description: `${nameOf(task.taskDefinition)} · ${cluster.name} · ${formatAge(task.startedAt)}${where}`,
        })),
      );
    }
    return page;
  });
}
