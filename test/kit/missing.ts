/** Something that this machine does not have and that could not be installed. The message is a whole sentence. */
export class Missing extends Error {
  override readonly name = 'Missing';
}
