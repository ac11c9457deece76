import type { Network } from '../ec2/network';
import type { Place } from '../place';
import { invalid } from './errors';
import { type Scope, evaluate, isTrue, noValue } from './intrinsics';
import { parameterValue } from './parameters';
import type { Template, TemplateResource } from './template';
import type { Stack, StackParameter, Stacks } from './types';

/** What a reference to a resource finds: its physical id and its attributes. */
export interface Found {
  readonly physicalId: string;
  readonly attribute: (name: string) => unknown;
}

export interface ScopeParts {
  readonly place: Place;
  readonly network: Network;
  readonly stacks: Stacks;
  readonly stack: Pick<Stack, 'id' | 'name' | 'notifications'>;
  readonly template: Template;
  readonly parameters: readonly StackParameter[];
  /** Undefined for a resource that is not there, because its condition does not hold. */
  readonly resource: (logicalId: string) => Found | undefined;
  /** Shows `****` in place of parameters that nobody is to see. */
  readonly masked?: boolean;
}

/** The parameters, conditions, mappings and resources of one stack, for the functions of its template. */
export class StackScope implements Scope {
  readonly #parts: ScopeParts;
  readonly #conditions = new Map<string, boolean>();

  constructor(parts: ScopeParts) {
    this.#parts = parts;
  }

  ref(name: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudo(name);
    const { template, parameters } = this.#parts;
    const parameter = parameters.find(({ key }) => key === name);
    if (parameter) {
      if (this.#parts.masked && parameter.noEcho) return '****';
      return parameterValue(parameter, String(template.parameters[name]?.['Type']));
    }
    return this.#resource(name).physicalId;
  }

  attribute(resource: string, name: string): unknown {
    const value = this.#resource(resource).attribute(name);
    if (value !== undefined) return value;
    throw invalid(`Template error: the attribute ${name} of resource ${resource} has no value`);
  }

  condition(name: string): boolean {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const holds = isTrue(this.#parts.template.conditions[name], this);
    this.#conditions.set(name, holds);
    return holds;
  }

  mapping(map: string, first: string, second: string): unknown {
    const found = (this.#parts.template.mappings[map]?.[first] as Record<string, unknown> | undefined)?.[second];
    if (found !== undefined) return found;
    throw invalid(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
  }

  exported(name: string): string {
    for (const { outputs, status } of this.#parts.stacks.values()) {
      const found = outputs.find(({ exportName }) => exportName === name);
      if (found && status !== 'DELETE_COMPLETE') return found.value;
    }
    throw invalid(`No export named ${name} found. Rollback requested by user.`);
  }

  zones(region: string): readonly string[] {
    const { place, network } = this.#parts;
    if (region !== '' && region !== place.region)
      throw invalid(`Template error: Fn::GetAZs: ${region} is not this Region`);
    return [...new Set([...network.subnets.values()].map(({ zone }) => zone))].sort();
  }

  /** Whether the resource is to be there at all. */
  wants({ condition }: TemplateResource): boolean {
    return condition === undefined || this.condition(condition);
  }

  /** The value of a property or an output. */
  value(value: unknown): unknown {
    const result = evaluate(value, this);
    return result === noValue ? undefined : result;
  }

  #resource(name: string): Found {
    const found = this.#parts.resource(name);
    if (found) return found;
    throw invalid(
      `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
    );
  }

  #pseudo(name: string): unknown {
    const { place, stack } = this.#parts;
    switch (name) {
      case 'AWS::AccountId':
        return place.account;
      case 'AWS::NoValue':
        return noValue;
      case 'AWS::NotificationARNs':
        return [...stack.notifications];
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::Region':
        return place.region;
      case 'AWS::StackId':
        return stack.id;
      case 'AWS::StackName':
        return stack.name;
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      default:
        throw invalid(
          `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
        );
    }
  }
}
