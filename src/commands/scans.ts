import * as vscode from 'vscode';
import { systemClock } from '../core/clock';
import { GantryError } from '../core/errors';
import { message } from '../core/message';
import { findingsText } from '../ecr/findingsText';
import { allFindings, scanToTheEnd } from '../ecr/follow';
import { isIndex } from '../ecr/imageTree';
import type { Image } from '../ecr/model';
import { requireWritable } from '../ui/changes';
import { showActions } from '../ui/errors';
import { formatDate } from '../ui/format';
import { pick } from '../ui/pick';
import { withProgress } from '../ui/progress';
import { say } from '../ui/say';
import { formatScan, isAlarming } from '../ui/scanWords';
import { imageOf, nameOfImage, type EcrContext, type EcrPlace } from './ecrPlace';
import type { Reports } from './reports';

/** Shows what a scan found, in a document of its own. */
export async function showFindings(context: EcrContext, reports: Reports, given: EcrPlace | undefined): Promise<void> {
  const title = vscode.l10n.t('Show Scan Findings');
  const place = await platformOf(await imageOf(context.connections, given, title), title);
  const { session, repository, image } = place;
  const found = await withProgress(
    title,
    (_, signal) => allFindings(session.connection.ecr, repository.name, image.digest, signal),
    session.signal,
  );
  const name = nameOfImage(repository, image);
  if (!found) {
    const scan = { label: vscode.l10n.t('Scan Image'), run: () => scanImage(context, reports, place) };
    return showActions(vscode.window.showInformationMessage, vscode.l10n.t('{0} has not been scanned.', name), [scan]);
  }
  const { scan, findings } = found;
  if (!['COMPLETE', 'ACTIVE'].includes(scan.status ?? '')) {
    void vscode.window.showInformationMessage(`${name}: ${formatScan(scan)}`);
    return;
  }
  const about = { name, digest: image.digest, scannedAt: formatDate(scan.completedAt) };
  await reports.show(vscode.l10n.t('Findings of {0}', name), findingsText(about, scan, findings, say));
}

/** Scans an image and follows the scan to its end. */
export async function scanImage(context: EcrContext, reports: Reports, given: EcrPlace | undefined): Promise<void> {
  requireWritable(given?.session ?? context.connections.session);
  const title = vscode.l10n.t('Scan Image');
  const place = await platformOf(await imageOf(context.connections, given, title), title);
  const { session, repository, image } = place;
  const name = nameOfImage(repository, image);
  const scan = await withProgress(
    vscode.l10n.t('Scanning {0}', name),
    (_, signal) => scanToTheEnd(session.connection.ecr, systemClock, repository.name, image.digest, signal),
    session.signal,
  );
  session.ecr.putScan(repository.name, image, scan);
  await context.onKnown();
  const show = { label: vscode.l10n.t('Show Scan Findings'), run: () => showFindings(context, reports, place) };
  const tell = isAlarming(scan) ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  void showActions(tell, vscode.l10n.t('Scan of {0}: {1}', name, formatScan(scan)), [show]);
}

/** Basic scanning takes no index, so it is one of the images that it holds. */
async function platformOf(place: EcrPlace & { image: Image }, title: string): Promise<EcrPlace & { image: Image }> {
  const { session, repository, image } = place;
  if (!isIndex(image)) return place;
  await session.ecr.readIndexes(repository.name, [image], session.signal);
  const { items } = await session.ecr.listImages(repository.name, session.signal);
  const entries = (session.ecr.entriesOf(image.digest) ?? []).flatMap(({ digest, platform }) => {
    const value = items.find((each) => each.digest === digest);
    return platform && value ? { label: platform, value } : [];
  });
  if (entries.length === 0)
    throw new GantryError('notFound', message('This index holds no image that could be scanned.'));
  const chosen = entries.length === 1 ? entries[0]?.value : undefined;
  const one = chosen ?? (await pick(title, vscode.l10n.t('Platform of {0}', nameOfImage(repository, image)), entries));
  return { ...place, image: one, images: [one] };
}
