/*
 * A CloudFormation template before it is written: plain data with the intrinsic functions that Gantry uses
 * (AWS CloudFormation User Guide, "Intrinsic function reference").
 */

export type Value =
  string | number | boolean | Intrinsic | readonly Value[] | { readonly [key: string]: Value | undefined };

/** One intrinsic function with its short YAML tag. */
export class Intrinsic {
  constructor(
    readonly tag: 'Ref' | 'GetAtt' | 'Sub' | 'If' | 'Equals' | 'Not',
    readonly argument: string | readonly Value[],
  ) {}
}

export const ref = (name: string): Intrinsic => new Intrinsic('Ref', name);
export const getAtt = (resource: string, attribute: string): Intrinsic =>
  new Intrinsic('GetAtt', `${resource}.${attribute}`);
export const sub = (text: string): Intrinsic => new Intrinsic('Sub', text);
export const when = (condition: string, yes: Value, no: Value): Intrinsic => new Intrinsic('If', [condition, yes, no]);
export const isGiven = (parameter: string): Intrinsic =>
  new Intrinsic('Not', [new Intrinsic('Equals', [ref(parameter), ''])]);

export interface Resource {
  readonly type: string;
  /** What it is for, for whoever reads the template. */
  readonly comment: string;
  readonly condition?: string;
  readonly dependsOn?: readonly string[];
  readonly properties?: { readonly [key: string]: Value | undefined };
}

export interface Parameter {
  readonly type: string;
  readonly description: string;
  readonly default?: string | number;
}

export interface Template {
  readonly description: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly conditions: Readonly<Record<string, Intrinsic>>;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<
    Record<string, { readonly description: string; readonly value: Value; readonly condition?: string }>
  >;
}
