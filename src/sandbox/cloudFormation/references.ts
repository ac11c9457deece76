/** What a part of a template refers to: a parameter, a pseudo parameter or a resource, and perhaps its attribute. */
export interface Reference {
  readonly name: string;
  readonly attribute?: string | undefined;
}

/** Every reference inside a value, in the branches of `Fn::If` that are not taken too. */
export function referencesIn(value: unknown): Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const [only] = entries;
  if (only && entries.length === 1) {
    const [name, argument] = only;
    if (name === 'Ref' && typeof argument === 'string') return [{ name: argument }];
    if (name === 'Fn::GetAtt') return attributeReference(argument);
    if (name === 'Fn::Sub') return subReferences(argument);
  }
  return entries.flatMap(([, member]) => referencesIn(member));
}

function attributeReference(argument: unknown): Reference[] {
  const [name, attribute] = attributeParts(argument);
  if (typeof name !== 'string') return referencesIn(argument);
  const known = typeof attribute === 'string' ? [{ name, attribute }] : [{ name }, ...referencesIn(attribute)];
  return known;
}

/** `["A", "B.C"]`, or the same as a text. */
export function attributeParts(argument: unknown): unknown[] {
  if (typeof argument !== 'string') return Array.isArray(argument) ? argument : [];
  const dot = argument.indexOf('.');
  return dot < 0 ? [argument] : [argument.slice(0, dot), argument.slice(dot + 1)];
}

function subReferences(argument: unknown): Reference[] {
  const [text, own] = Array.isArray(argument) ? (argument as unknown[]) : [argument, undefined];
  if (typeof text !== 'string') return referencesIn(argument);
  const names = Object.keys((own ?? {}) as object);
  const inText = subVariables(text)
    .filter((variable) => !names.includes(variable))
    .map((variable) => {
      const dot = variable.indexOf('.');
      return dot < 0 ? { name: variable } : { name: variable.slice(0, dot), attribute: variable.slice(dot + 1) };
    });
  return [...inText, ...referencesIn(own)];
}

/** The names in `${…}`; `${!…}` is a text and no name. */
export function subVariables(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name.trim());
}
