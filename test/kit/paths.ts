import path from 'node:path';

/** The checkout. */
export const root = path.resolve(__dirname, '../..');

/** Everything that is installed or started for development lives below this folder, so that deleting it is enough. */
export const cacheDir = path.join(root, '.vscode-test');

/** What a test run leaves behind for a person to look at. */
export const outDir = path.join(root, 'test', 'out');
