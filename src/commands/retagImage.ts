import * as vscode from 'vscode';
import { GantryError } from '../core/errors';
import { isTag } from '../core/imageRef';
import { message } from '../core/message';
import { tagIsImmutable, type Image, type Repository } from '../ecr/model';
import { confirmInProduction, requireWritable } from '../ui/changes';
import { ask } from '../ui/pick';
import { imageOf, labelOf, nameOfImage, type EcrContext, type EcrPlace } from './ecrPlace';

/** Gives an image one more tag; a tag that another image has moves. */
export async function retagImage(context: EcrContext, given: EcrPlace | undefined): Promise<void> {
  requireWritable(given?.session ?? context.connections.session);
  const title = vscode.l10n.t('Add Tag');
  const { session, repository, image } = await imageOf(context.connections, given, title);
  const { items } = await session.ecr.listImages(repository.name, session.signal);
  const tag = await ask({
    title: vscode.l10n.t('Add Tag to {0}', nameOfImage(repository, image)),
    prompt: vscode.l10n.t('A tag that another image has moves to this one'),
    validateInput: (text) => tagProblem(text.trim(), repository, image, items),
  });
  const question = vscode.l10n.t('Add the tag “{0}” to {1}?', tag, nameOfImage(repository, image));
  await confirmInProduction(session, { verb: title, question, detail: '' });
  const { ecr } = session.connection;
  const [manifest] = await ecr.getManifests(repository.name, [image.digest], session.signal);
  if (!manifest) throw new GantryError('notFound', message('The image is not there any more.'));
  await ecr.putTag(repository.name, manifest, tag, session.signal);
  session.ecr.dropImages(repository.name);
  context.onChanged(repository.arn);
}

function tagProblem(
  tag: string,
  repository: Repository,
  image: Image,
  images: readonly Image[],
): vscode.InputBoxValidationMessage | undefined {
  const { Error: error, Warning: warning } = vscode.InputBoxValidationSeverity;
  if (!isTag(tag)) {
    return { message: vscode.l10n.t('1 to 128 letters, digits, “.”, “-” and “_”'), severity: error };
  }
  if (image.tags.includes(tag)) return { message: vscode.l10n.t('The image has this tag already'), severity: error };
  const other = images.find(({ tags }) => tags.includes(tag));
  if (!other) return undefined;
  return tagIsImmutable(repository, tag)
    ? {
        message: vscode.l10n.t('Tags of this repository are immutable, and {0} has this one', labelOf(other)),
        severity: error,
      }
    : { message: vscode.l10n.t('It moves from {0}', labelOf(other)), severity: warning };
}
