import { invalid } from './errors';
import type { Members, StackParameter } from './types';

export interface GivenParameter {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean;
}

/** What checking the values of parameters asks the rest of the account. */
export interface ParameterLookUp {
  /** The value of a parameter of Systems Manager. @throws ApiError */
  stored(name: string): Promise<string>;
  /** Whether there is such a thing as `AWS::EC2::VPC::Id` or another type of EC2 names. */
  exists(type: string, value: string): boolean;
}

const plainTypes = [
  'String',
  'Number',
  'List<Number>',
  'List<String>',
  'CommaDelimitedList',
  'AWS::SSM::Parameter::Name',
];
/** Whose values must be there. */
const existing = [
  'AWS::EC2::VPC::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::AvailabilityZone::Name',
];
const stored = /^AWS::SSM::Parameter::Value<(.+)>$/;
const elementOf = (type: string): string => /^List<(.+)>$/.exec(type)?.[1] ?? type;

const members = [
  ...['Type', 'Default', 'Description', 'AllowedValues', 'AllowedPattern', 'ConstraintDescription', 'NoEcho'],
  ...['MinLength', 'MaxLength', 'MinValue', 'MaxValue'],
];

/** Whether a value of this type is a list, with commas on the wire. */
export function isList(type: string): boolean {
  const inner = stored.exec(type)?.[1] ?? type;
  return inner === 'CommaDelimitedList' || inner.startsWith('List<');
}

function checkType(key: string, declared: Members): string {
  const unknown = Object.keys(declared).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalid(`Invalid template parameter property '${unknown}'`);
  const type = declared['Type'];
  if (typeof type !== 'string') {
    throw invalid(`Template format error: Every Parameters object must contain a Type member.`);
  }
  const inner = stored.exec(type)?.[1] ?? type;
  const known = plainTypes.includes(inner) || existing.includes(elementOf(inner)) || inner === 'AWS::EC2::Image::Id';
  if (!/^[A-Za-z0-9]+$/.test(key)) throw invalid(`Template format error: Parameter name ${key} is non alphanumeric.`);
  if (!known) throw invalid(`Template format error: Unrecognized parameter type: ${type}`);
  return type;
}

/** Checks the declarations alone, as ValidateTemplate does. @throws ApiError */
export function checkDeclarations(declared: Readonly<Record<string, Members>>): void {
  for (const [key, parameter] of Object.entries(declared)) checkType(key, parameter);
}

/**
 * The values that a stack's parameters have: given, kept or by default. @throws ApiError in CloudFormation's words
 */
export async function resolveParameters(
  declared: Readonly<Record<string, Members>>,
  given: readonly GivenParameter[],
  former: readonly StackParameter[],
  lookUp: ParameterLookUp,
): Promise<StackParameter[]> {
  checkDeclarations(declared);
  const strange = given.map(({ ParameterKey = '' }) => ParameterKey).filter((key) => !(key in declared));
  if (strange.length > 0) throw invalid(`Parameters: [${strange.join(', ')}] do not exist in the template`);
  const values = new Map<string, string>();
  for (const [key, { Default: initial }] of Object.entries(declared)) {
    const own = given.find(({ ParameterKey }) => ParameterKey === key);
    const kept = own?.UsePreviousValue ? former.find((parameter) => parameter.key === key)?.value : undefined;
    const value = own?.UsePreviousValue ? kept : own?.ParameterValue;
    const chosen = value ?? (initial === undefined ? undefined : String(initial as string));
    if (chosen !== undefined) values.set(key, chosen);
  }
  const missing = Object.keys(declared).filter((key) => !values.has(key));
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  return Promise.all([...values].map(([key, value]) => checked(key, value, declared[key] ?? {}, lookUp)));
}

async function checked(
  key: string,
  value: string,
  declared: Members,
  lookUp: ParameterLookUp,
): Promise<StackParameter> {
  const type = String(declared['Type']);
  const name = stored.exec(type)?.[1];
  checkValue(key, value, declared, name === undefined ? type : 'String');
  const noEcho = declared['NoEcho'] === true || declared['NoEcho'] === 'true';
  const found = name === undefined ? undefined : await lookUp.stored(value);
  const inner = name ?? type;
  if (existing.includes(elementOf(inner))) {
    for (const item of isList(inner) ? splitList(found ?? value) : [found ?? value]) {
      if (lookUp.exists(elementOf(inner), item)) continue;
      throw invalid(`Parameter validation failed: parameter value ${item} for parameter name ${key} does not exist`);
    }
  }
  return { key, value, noEcho, ...(found === undefined ? {} : { resolved: found }) };
}

export function splitList(value: string): string[] {
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

/** What `Ref` gives for a parameter. */
export function parameterValue({ value, resolved }: StackParameter, type: string): string | string[] {
  const text = resolved ?? value;
  return isList(type) ? splitList(text) : text;
}

function checkValue(key: string, value: string, declared: Members, type: string): void {
  const { AllowedValues: allowed, AllowedPattern: pattern, ConstraintDescription: words } = declared;
  const refuse = (rule: string): Error =>
    invalid(typeof words === 'string' ? `Parameter ${key} failed to satisfy constraint: ${words}` : rule);
  const values = isList(type) ? splitList(value) : [value];
  for (const item of values) {
    if (['Number', 'List<Number>'].includes(type) && (item.trim() === '' || Number.isNaN(Number(item)))) {
      throw invalid(`Parameter '${key}' must be a number`);
    }
    if (Array.isArray(allowed) && !allowed.map(String).includes(item)) {
      throw refuse(`Parameter '${key}' must be one of AllowedValues`);
    }
    if (typeof pattern === 'string' && !new RegExp(`^(?:${pattern})$`).test(item)) {
      throw refuse(`Parameter '${key}' must match pattern ${pattern}`);
    }
  }
  checkBounds(value, declared, type, (rule) => refuse(`Parameter '${key}' must ${rule}`));
}

function checkBounds(value: string, declared: Members, type: string, refuse: (rule: string) => Error): void {
  const bound = (name: string): number | undefined =>
    declared[name] === undefined ? undefined : Number(declared[name] as string);
  const [minLength = 0, maxLength = Infinity] = [bound('MinLength'), bound('MaxLength')];
  if (type === 'String' && value.length < minLength) throw refuse(`contain at least ${minLength} characters`);
  if (type === 'String' && value.length > maxLength) throw refuse(`contain at most ${maxLength} characters`);
  const [min = -Infinity, max = Infinity] = [bound('MinValue'), bound('MaxValue')];
  if (type === 'Number' && Number(value) < min) throw refuse(`be a number not less than ${min}`);
  if (type === 'Number' && Number(value) > max) throw refuse(`be a number not greater than ${max}`);
}
