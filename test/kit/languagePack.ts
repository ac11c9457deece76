import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a language one of VS Code's, as an installed language pack does, without translating VS Code itself. A language
 * that no pack brings is no display language, whatever extensions know of it.
 */
export function seedLanguage(userDataDir: string, locale: string): void {
  mkdirSync(userDataDir, { recursive: true });
  const translations = path.join(userDataDir, `${locale}.json`);
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const extension = { extensionIdentifier: { id: `language-pack.${locale}` }, version: '1.0.0' };
  const pack = { hash: locale, label: locale, extensions: [extension], translations: { vscode: translations } };
  writeFileSync(path.join(userDataDir, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}
