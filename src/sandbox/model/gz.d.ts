/** The bundler embeds compressed files as bytes. */
declare module '*.gz' {
  const bytes: Uint8Array;
  export = bytes;
}
