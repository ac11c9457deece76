import { isDeepStrictEqual } from 'node:util';
import type { CloudFormationContext } from './context';
import { referencesIn } from './references';
import { changesOf, wantedOf } from './resourceSteps';
import { StackScope } from './scope';
import { type Template, type TemplateResource, parseTemplate } from './template';
import type { Members, Stack, StackParameter, StackResource, Wish } from './types';

/** What AWS shows for a value that is known only when the change set has been carried out. */
const later = '{{changeSet:KNOWN_AFTER_APPLY}}';

type Replacement = 'True' | 'False' | 'Conditional';

interface Planned {
  readonly change: Members;
  /** Whether its physical id will be another one, or may be. */
  readonly replacement: Replacement;
}

export interface Plan {
  readonly wish: Wish;
  readonly template: Template;
}

/** What would happen to each resource of a stack: the changes of a change set. */
export async function changesFor(context: CloudFormationContext, stack: Stack, plan: Plan): Promise<Members[]> {
  return (await new Comparison(context, stack, plan).changes()).map((change) => ({
    Type: 'Resource',
    ResourceChange: change,
  }));
}

/** Whether an update has anything to do: resources, or the stack's own tags or outputs alone. */
export async function hasChanges(context: CloudFormationContext, stack: Stack, plan: Plan): Promise<boolean> {
  const comparison = new Comparison(context, stack, plan);
  if ((await comparison.changes()).length > 0) return true;
  if (stack.halted || !isDeepStrictEqual([...plan.wish.tags], [...stack.wish.tags])) return true;
  return comparison.hasOutputChanges();
}

class Comparison {
  readonly #context: CloudFormationContext;
  readonly #stack: Stack;
  readonly #plan: Plan;
  readonly #planned = new Map<string, Planned>();

  constructor(context: CloudFormationContext, stack: Stack, plan: Plan) {
    this.#context = context;
    this.#stack = stack;
    this.#plan = plan;
  }

  async changes(): Promise<Members[]> {
    const { template } = this.#plan;
    const { stack } = { stack: this.#stack };
    const former = stack.wish.template === '' ? undefined : await parseTemplate(stack.wish.template);
    const scope = this.#scope(template, this.#plan.wish.parameters, false);
    const wanted = new Map([...template.resources].filter(([, item]) => scope.wants(item)));
    const visited = new Set<string>();
    const visit = (id: string): void => {
      const item = wanted.get(id);
      if (!item || visited.has(id)) return;
      visited.add(id);
      for (const other of item.dependsOn) visit(other);
      const planned = this.#planOf(item, former);
      if (planned) this.#planned.set(id, planned);
    };
    for (const id of wanted.keys()) visit(id);
    const removed = [...stack.resources.values()].filter(
      ({ logicalId, status }) => !wanted.has(logicalId) && status !== 'DELETE_COMPLETE',
    );
    const changes = [...this.#planned.values()].map(({ change }) => change);
    return [...changes, ...removed.map(removal)].sort((a, b) =>
      String(a['LogicalResourceId']) < String(b['LogicalResourceId']) ? -1 : 1,
    );
  }

  hasOutputChanges(): boolean {
    const { template, wish } = this.#plan;
    const scope = this.#scope(template, wish.parameters, false);
    const wanted = template.outputs.filter(({ condition }) => condition === undefined || scope.condition(condition));
    const after = wanted.map(({ key, value, description, exportName }) => {
      const name = exportName === undefined ? undefined : String(scope.value(exportName) as string);
      return { key, value: String(scope.value(value) as string), description, exportName: name };
    });
    return !isDeepStrictEqual(after, [...this.#stack.outputs]);
  }

  /** References find what is there now; what is not there yet, or is going to be another one, is known later. */
  #scope(template: Template, parameters: readonly StackParameter[], masked: boolean): StackScope {
    const { place, network, stacks } = this.#context;
    const resource = (id: string): { physicalId: string; attribute: (name: string) => unknown } => {
      const existing = existingIn(this.#stack, id);
      const planned = this.#planned.get(id);
      const isKnown = existing && (planned === undefined || planned.replacement === 'False');
      return {
        physicalId: isKnown ? (existing.physicalId ?? later) : later,
        attribute: (name) => (existing && planned === undefined ? (existing.attributes[name] ?? later) : later),
      };
    };
    return new StackScope({ place, network, stacks, stack: this.#stack, template, parameters, resource, masked });
  }

  #planOf(item: TemplateResource, former: Template | undefined): Planned | undefined {
    const { wish, template } = this.#plan;
    const scope = this.#scope(template, wish.parameters, false);
    const masked = this.#scope(template, wish.parameters, true);
    const existing = existingIn(this.#stack, item.logicalId);
    const shown = (where: StackScope, properties: Members): string =>
      JSON.stringify({ Properties: tried(() => where.value(properties)) ?? {} });
    const names = { LogicalResourceId: item.logicalId, ResourceType: item.type };
    const AfterContext = shown(masked, item.properties);
    if (!existing || existing.type !== item.type) {
      const change = { Action: 'Add', ...names, Scope: [], Details: [], AfterContext };
      return { change, replacement: 'True' };
    }
    const before = former?.resources.get(item.logicalId);
    const details = this.#details(item, existing, { scope, before });
    if (details.length === 0) return undefined;
    const replacement = replacementOf(details);
    const policy = item.replacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete';
    const formerScope = former && this.#scope(former, this.#stack.wish.parameters, true);
    const change = {
      ...{ Action: 'Modify', ...names, PhysicalResourceId: existing.physicalId, Replacement: replacement },
      ...(replacement === 'False' ? {} : { PolicyAction: policy }),
      Scope: [...new Set(details.map(({ Target }) => Target.Attribute))],
      Details: details,
      BeforeContext: formerScope && before ? shown(formerScope, before.properties) : undefined,
      AfterContext,
    };
    return { change, replacement };
  }

  #details(
    item: TemplateResource,
    existing: StackResource,
    { scope, before }: { readonly scope: StackScope; readonly before: TemplateResource | undefined },
  ): Detail[] {
    const others: Detail[] = (['metadata', 'deletionPolicy', 'replacePolicy'] as const)
      .filter((name) => existing[name] !== item[name])
      .map((name) => ({ Target: { Attribute: attributeNames[name], RequiresRecreation: 'Never' }, ...direct }));
    const wanted = tried(() => wantedOf(item, scope, this.#plan.wish.tags));
    if (!wanted) return [...others, { Target: { Attribute: 'Properties', RequiresRecreation: 'Never' }, ...direct }];
    const found = changesOf(item.type, existing, wanted).flatMap(({ name, replaces }) => {
      const Attribute = name === 'Tags' ? ('Tags' as const) : ('Properties' as const);
      const value = name === 'Tags' ? wanted.tags : wanted.properties[name];
      const isDynamic = JSON.stringify(value ?? null).includes(later);
      const recreation = !replaces ? 'Never' : isDynamic ? 'Conditionally' : 'Always';
      const target = { Attribute, ...(name === 'Tags' ? {} : { Name: name }), RequiresRecreation: recreation } as const;
      return this.#causes(item.properties[name], before?.properties[name], isDynamic).map((cause) => ({
        Target: target,
        ...cause,
      }));
    });
    return [...found, ...others];
  }

  /** Why a property changes: its text in the template, a parameter, or another resource. */
  #causes(after: unknown, before: unknown, isDynamic: boolean): Omit<Detail, 'Target'>[] {
    const { wish, template } = this.#plan;
    const references = referencesIn(after);
    const causes: Omit<Detail, 'Target'>[] = [];
    for (const { name, attribute } of references) {
      if (name in template.parameters) {
        const value = wish.parameters.find(({ key }) => key === name);
        const former = this.#stack.wish.parameters.find(({ key }) => key === name);
        if (isDeepStrictEqual(value, former)) continue;
        causes.push({ ChangeSource: 'ParameterReference', CausingEntity: name, Evaluation: 'Static' });
      } else if (isDynamic && this.#planned.has(name)) {
        const ChangeSource = attribute === undefined ? 'ResourceReference' : 'ResourceAttribute';
        const CausingEntity = attribute === undefined ? name : `${name}.${attribute}`;
        causes.push({ ChangeSource, CausingEntity, Evaluation: 'Dynamic' });
      }
    }
    if (causes.length === 0 || !isDeepStrictEqual(after, before)) causes.push(direct);
    return causes;
  }
}

interface Detail {
  readonly Target: {
    readonly Attribute: string;
    readonly Name?: string;
    readonly RequiresRecreation: 'Never' | 'Conditionally' | 'Always';
  };
  readonly Evaluation: 'Static' | 'Dynamic';
  readonly ChangeSource: string;
  readonly CausingEntity?: string;
}

const direct = { ChangeSource: 'DirectModification', Evaluation: 'Static' } as const;
const attributeNames = {
  metadata: 'Metadata',
  deletionPolicy: 'DeletionPolicy',
  replacePolicy: 'UpdateReplacePolicy',
} as const;

function replacementOf(details: readonly Detail[]): Replacement {
  if (details.some(({ Target }) => Target.RequiresRecreation === 'Always')) return 'True';
  return details.some(({ Target }) => Target.RequiresRecreation === 'Conditionally') ? 'Conditional' : 'False';
}

function existingIn(stack: Stack, id: string): StackResource | undefined {
  const found = stack.resources.get(id);
  return found?.physicalId !== undefined && found.status !== 'DELETE_COMPLETE' ? found : undefined;
}

function removal(resource: StackResource): Members {
  const { logicalId, physicalId, type, deletionPolicy } = resource;
  return {
    ...{ Action: 'Remove', LogicalResourceId: logicalId, PhysicalResourceId: physicalId, ResourceType: type },
    ...{ PolicyAction: deletionPolicy.startsWith('Retain') ? 'Retain' : 'Delete', Scope: [], Details: [] },
  };
}

/** Undefined for what can be told only when the resources are there. */
function tried<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
