import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { canInstallPackages, installPackages } from './apt';
import { baseImage } from './baseImage';
import { must } from './command';
import type { Engine } from './engine';
import { Missing } from './missing';
import { onPath } from './onPath';
import { cacheDir } from './paths';

/**
 * A second engine with a client of its own, whose arguments and output differ from Docker's.
 * @throws Missing when it is not there and cannot be installed.
 */
export async function ensurePodman(): Promise<string> {
  if (onPath('podman') === undefined && canInstallPackages()) {
    const parts = ['podman', 'crun', 'runc', 'containernetworking-plugins', 'iptables'];
    await installPackages(parts, 'Installing a second container engine');
  }
  const podman = onPath('podman');
  if (podman === undefined) throw new Missing('Podman is not installed (https://podman.io/docs/installation).');
  return podman;
}

/**
 * The environment in which a test finds podman as its container engine, with storage of its own and the base image.
 * @param engine where the base image is
 */
export async function podmanEnv({ docker, env: reach }: Engine): Promise<NodeJS.ProcessEnv> {
  const podman = await ensurePodman();
  const home = path.join(cacheDir, 'podman');
  mkdirSync(home, { recursive: true });
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(home, name), text);
    return path.join(home, name);
  };
  const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${home}/graph"\nrunroot = "${home}/run"\n`;
  const env = {
    CONTAINERS_CONF: file('containers.conf', containersConf()),
    CONTAINERS_STORAGE_CONF: file('storage.conf', storage),
  };
  const archive = path.join(home, 'base.tar');
  await must(docker, ['save', '--output', archive, baseImage], { env: { ...process.env, ...reach } });
  await must(podman, ['load', '--quiet', '--input', archive], { env: { ...process.env, ...env } });
  rmSync(archive);
  return { ...env, GANTRY_TEST_ENGINE: podman };
}

/** Podman's defaults need systemd, cgroups of version 2 and the right to raise limits, which not every machine has. */
function containersConf(): string {
  const hasSystemd = existsSync('/run/systemd/system');
  const runtime = existsSync('/sys/fs/cgroup/cgroup.controllers') ? [] : ['runtime = "runc"'];
  const managers = hasSystemd ? [] : ['cgroup_manager = "cgroupfs"', 'events_logger = "file"'];
  const limits = 'default_ulimits = ["nofile=1024:4096", "nproc=1024:2048"]';
  return ['[containers]', limits, '[engine]', ...runtime, ...managers, ''].join('\n');
}
