import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { xmlText } from '../../core/xmlText';

/** Where the files of the page are. */
export interface PageFiles {
  /** The extension's folder. */
  readonly root: vscode.Uri;
}

/** The folders that a page may load from. */
export function pageRoots({ root }: PageFiles): vscode.Uri[] {
  return [vscode.Uri.joinPath(root, 'dist'), vscode.Uri.joinPath(root, 'media', 'network')];
}

/** The page around the picture: its own files and nothing else, no script but the one, no address but its own. */
export function pageHtml({ root }: PageFiles, webview: vscode.Webview, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (...parts: string[]): string =>
    xmlText(webview.asWebviewUri(vscode.Uri.joinPath(root, ...parts)).toString());
  const policy = [
    `default-src 'none'`,
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    // The picture itself, on its way to becoming a PNG.
    `img-src data:`,
  ].join('; ');
  const button = (id: string, label: string, more = ''): string =>
    `<button id="${id}" type="button" ${more}>${xmlText(label)}</button>`;
  return `<!DOCTYPE html>
<html lang="${xmlText(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${xmlText(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${xmlText(title)}</title>
<link rel="stylesheet" href="${uri('media', 'network', 'network.css')}">
</head>
<body>
<header>
<h1>${xmlText(title)}</h1>
<p id="status" role="status"></p>
<div id="tools" role="toolbar" aria-label="${xmlText(vscode.l10n.t('Picture'))}">
${button('smaller', '−', `aria-label="${xmlText(vscode.l10n.t('Smaller'))}"`)}
${button('larger', '+', `aria-label="${xmlText(vscode.l10n.t('Larger'))}"`)}
${button('fit', vscode.l10n.t('Fit'))}
${button('refresh', vscode.l10n.t('Refresh'))}
${button('text', vscode.l10n.t('Show as Text'))}
${button('export', vscode.l10n.t('Export…'))}
</div>
</header>
<main>
<div id="picture" tabindex="-1"></div>
<aside id="details" aria-label="${xmlText(vscode.l10n.t('Details'))}">
<section id="overview">
<p id="summary"></p>
<ul id="problems"></ul>
<p id="hint">${xmlText(vscode.l10n.t('Choose a hop to see why it is as it is. Tab goes from hop to hop, the arrow keys go along the ways.'))}</p>
</section>
<section id="hop" hidden>
<h2 id="hop-kind"></h2>
<p id="hop-id"></p>
<p id="hop-state"></p>
<p id="hop-reason"></p>
<p id="hop-permission" hidden>${xmlText(vscode.l10n.t('Missing permission:'))} <code></code></p>
<div class="buttons">
${button('copy', vscode.l10n.t('Copy Id'))}
${button('console', vscode.l10n.t('Open in AWS Console'))}
${button('close', vscode.l10n.t('Back'), 'class="quiet"')}
</div>
</section>
</aside>
</main>
<script nonce="${nonce}" src="${uri('dist', 'networkPage.js')}"></script>
</body>
</html>`;
}
