import { onPath } from './onPath';

/**
 * Desktop VS Code's own command, or undefined. Inside a remote window's terminal `code` only talks to that window, and
 * without a display there is nothing to open a window on.
 */
export function desktopCode(): string | undefined {
  if (process.env['VSCODE_IPC_HOOK_CLI']) return undefined;
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return undefined;
  return onPath('code');
}
