import * as vscode from 'vscode';

/** Milliseconds between two looks at another extension; there is no event for its activation. */
const pause = 5_000;

/**
 * Calls `use` once with what another extension exports, as soon as that extension is active. It is never activated for
 * that, and where it is not installed nothing happens.
 */
export function onceActive(id: string, use: (api: unknown) => void): vscode.Disposable {
  if (!vscode.extensions.getExtension(id)) return new vscode.Disposable(() => undefined);
  const look = (): void => {
    const found = vscode.extensions.getExtension(id);
    if (!found?.isActive) return;
    clearInterval(timer);
    use(found.exports);
  };
  const timer = setInterval(look, pause);
  setTimeout(look, 0);
  return new vscode.Disposable(() => clearInterval(timer));
}
