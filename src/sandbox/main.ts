import { rmSync } from 'node:fs';
import { systemClock } from '../core/clock';
import { provideSchemas } from './cloudFormation/schemas';
import { createdAt } from './ecsService/createdAt';
import { ApiEndpoint } from './http/apiEndpoint';
import { CallLog } from './http/callLog';
import { handleControl } from './http/control';
import { Faults } from './http/faults';
import { listen } from './http/server';
import { Throttle } from './http/throttle';
import { parseApiModel } from './model/apiModel';
import type { AnswerViolation } from './model/checkAnswer';
import modelData from './model/model.json.gz';
import moreModelData from './model/more.json.gz';
import resourceSchemas from './model/resources.json.gz';
import { allOperations } from './operations';
import { type SandboxOptions, readOptions } from './options';
import { isAlive } from './isAlive';
import type { Place } from './place';
import { privateFolder, removeLeftovers } from './privateFolder';
import { handleRegistry } from './registry/registryEndpoint';
import { seeds } from './seed/seeds';
import { resume } from './state/resume';
import { StreamEndpoint } from './sessions/streamEndpoint';
import { StateFile, readState } from './state/stateFile';
import { type World, openWorld } from './world';

/*
 * The local AWS that ships with Gantry: ECR with a real registry, ECS with a real rollout engine, on one loopback
 * port. `operations.ts` holds the table of what is there. Prints one line of JSON when it is ready; logs go to
 * standard error; SIGTERM and SIGINT end it cleanly.
 */

const log = (line: string): void => void process.stderr.write(`${new Date().toISOString()} ${line}\n`);

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const folder = privateFolder(options.state);
  const saved = options.state === undefined ? undefined : readState(folder);
  const formerHosts = saved?.hosts ?? [];
  const place: Place = { account: '000000000000', region: 'us-east-1', registryHost: '', formerHosts };
  const world = await openWorld({ options, clock: systemClock, place, folder, saved, log });
  const keep = options.state === undefined ? undefined : keeper(folder, world, place);
  const close = await serve(options, world, place, () => keep?.save());
  const end = endOnce(async () => {
    world.sessions.closeAll();
    world.elb.sockets.closeAll();
    await close();
    await keep?.save();
    await world.runtime.close();
    if (options.state === undefined) rmSync(folder, { recursive: true, force: true });
  });
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (options.parent !== undefined) watchParent(options.parent, end);
  if (saved) resume(world);
  else await seeds[options.seed].prepare(world);
  await world.elb.sockets.openAll();
  await keep?.save();
  announce(world, place);
  removeLeftovers().catch((error: unknown) => log(`could not look for leftovers: ${String(error)}`));
  if (!saved) await seeds[options.seed].fill?.(world);
}

/** Saves what changes by itself once a second; what a caller changes is saved before it is acknowledged. */
function keeper(folder: string, world: World, place: Place): StateFile {
  const file = new StateFile(folder, () => ({
    format: 1,
    repositories: world.ecr.repositories,
    cacheRules: world.ecr.cacheRules,
    registrySettings: world.ecr.settings,
    ecs: world.ecs.state,
    logs: world.ecs.logs.groups,
    roles: world.roles,
    policies: world.policies,
    profiles: world.profiles,
    sessions: world.sessions.records,
    scalableTargets: world.scaling.targets,
    scaling: world.scaling.state,
    metrics: world.metrics.metrics,
    alarms: world.scaling.alarms.records,
    secrets: world.ecs.secrets.saved,
    elb: world.elb.state,
    codeDeploy: world.codeDeploy.state,
    stacks: world.cloudFormation.stacks,
    certificates: world.elb.certificates.records,
    network: world.network,
    tokens: world.ecr.tokens.all(),
    hosts: [...new Set([place.registryHost, ...place.formerHosts])],
  }));
  const timer = setInterval(() => {
    file.save().catch((error: unknown) => log(`could not save the state: ${String(error)}`));
  }, 1000);
  timer.unref();
  return file;
}

async function serve(
  options: SandboxOptions,
  world: World,
  place: Place,
  beforeAnswer: () => void | Promise<void>,
): Promise<() => Promise<void>> {
  const violations: AnswerViolation[] = [];
  const calls = new CallLog();
  const faults = new Faults();
  const throttle = new Throttle(world.ecs.clock);
  const { account } = place;
  const { clock } = world.ecs;
  const operations = allOperations(world);
  provideSchemas(resourceSchemas);
  const model = parseApiModel(modelData, moreModelData);
  const api = new ApiEndpoint({
    createdAt: (arn) => createdAt(world.ecs.state, arn),
    model,
    operations,
    clock,
    calls,
    faults,
    throttle,
    account,
    violations,
    log,
    beforeAnswer,
  });
  world.ownCalls.open({ endpoint: api, model, faults, throttle, account });
  const health = (): Record<string, unknown> => ({
    status: 'ok',
    runtime: world.runtime.kind,
    engine: world.runtime.engine,
    seed: options.seed,
    speed: options.speed,
    pid: process.pid,
    violations: violations.length,
  });
  const layer = (key: string): NodeJS.ReadableStream | undefined => {
    const digest = world.ecr.downloads.get(key);
    return digest === undefined ? undefined : world.ecr.blobs.read(digest);
  };
  const streams = new StreamEndpoint(world.sessions, log);
  const { server, port } = await listen(options.port, {
    upgrade: (request, socket, head) => streams.upgrade(request, socket, head),
    api: (request, response) => api.handle(request, response),
    registry: (request, response) =>
      handleRegistry({ context: world.ecr, faults, log, beforeAnswer }, request, response),
    control: (request, response) =>
      handleControl(
        { calls, faults, violations, alarms: world.ecs.alarms, roleChecks: world.ecs.roleChecks, health, layer },
        request,
        response,
      ),
    log,
  });
  place.registryHost = `127.0.0.1:${port}`;
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

function announce(world: World, place: Place): void {
  const { kind: runtime, engine } = world.runtime;
  const { account, region, registryHost: registry } = place;
  const ready = { endpoint: `http://${registry}`, registry, account, region, runtime, engine, pid: process.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

function endOnce(close: () => Promise<void>): () => void {
  let ending = false;
  return () => {
    if (ending) return;
    ending = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log(`could not end cleanly: ${String(error)}`);
        process.exit(1);
      },
    );
  };
}

/** There is no event for the end of a foreign process, so it is looked for twice a second. */
function watchParent(pid: number, end: () => void): void {
  const timer = setInterval(() => {
    if (isAlive(pid)) return;
    clearInterval(timer);
    end();
  }, 500);
  timer.unref();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
});
