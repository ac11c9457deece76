import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { extractMessages } from './extractMessages';
import { root } from './paths';

/** Writes the English bundle that translations are made from. */
const { texts } = extractMessages(path.join(root, 'src'));
const bundle = Object.fromEntries([...texts].sort().map((text) => [text, text]));
writeFileSync(path.join(root, 'l10n', 'bundle.l10n.json'), `${JSON.stringify(bundle, null, 2)}\n`);
