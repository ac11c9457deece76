import * as vscode from 'vscode';

/** What there is to do with a file that is made elsewhere. */
export interface Files {
  stat(uri: vscode.Uri): Promise<vscode.FileStat>;
  readFile(uri: vscode.Uri): Promise<Uint8Array>;
  writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void>;
}

/** Files without folders, behind something that is loaded when the first one is opened. */
export class LazyFiles implements vscode.FileSystemProvider {
  constructor(
    readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>,
    private readonly load: () => Files,
  ) {}

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.load().stat(uri);
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.load().readFile(uri);
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    return this.load().writeFile(uri, content);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
