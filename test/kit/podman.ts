import { canInstallPackages, installPackages } from './apt';
import { Missing } from './missing';
import { onPath } from './onPath';

/**
 * A second engine with a client of its own, whose arguments and output differ from Docker's.
 * @throws Missing when it is not there and cannot be installed.
 */
export async function ensurePodman(): Promise<string> {
  if (onPath('podman') === undefined && canInstallPackages()) {
    await installPackages(['podman', 'crun'], 'Installing a second container engine');
  }
  const podman = onPath('podman');
  if (podman === undefined) throw new Missing('Podman is not installed (https://podman.io/docs/installation).');
  return podman;
}
