import { ApiError } from '../http/apiError';
import type { Operation } from '../http/apiEndpoint';
import { type ElbContext, balancerOf, elbId, elbPage, listenerOf, validation } from './context';
import { checkActions, describeAction } from './listeners';
import type { Json, Listener, Rule } from './types';

export interface CreateRuleRequest {
  readonly ListenerArn: string;
  readonly Conditions: readonly Json[];
  readonly Priority: number;
  readonly Actions: readonly Json[];
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
}

interface DescribeRequest {
  readonly ListenerArn?: string;
  readonly RuleArns?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

const fields = ['path-pattern', 'host-header', 'http-header', 'http-request-method', 'query-string', 'source-ip'];

function checkConditions(conditions: readonly Json[]): void {
  if (conditions.length === 0) throw validation('A condition must be specified');
  for (const { Field: field, ...rest } of conditions) {
    if (!fields.includes(String(field)))
      throw validation(`Condition field '${String(field)}' must be one of '[${fields.join(', ')}]'`);
    if (Object.keys(rest).length === 0) throw validation('A condition value must be specified');
    if (JSON.stringify(rest).includes('RegexValues')) {
      throw new ApiError('InvalidConfigurationRequestException', 'Regular expressions are not in the sandbox');
    }
  }
}

/** Also used by the seeds. */
export function newRule(context: ElbContext, request: CreateRuleRequest): Rule {
  const listener = listenerOf(context.state, request.ListenerArn);
  checkConditions(request.Conditions);
  checkActions(context, request.Actions, balancerOf(context.state, listener.balancer));
  if (listener.rules.some(({ priority }) => priority === request.Priority)) {
    throw new ApiError('PriorityInUseException', `Priority '${request.Priority}' is currently in use`);
  }
  const rule: Rule = {
    arn: `${listener.arn.replace(':listener/', ':listener-rule/')}/${elbId()}`,
    priority: request.Priority,
    conditions: request.Conditions,
    actions: request.Actions,
    tags: new Map((request.Tags ?? []).map(({ Key, Value = '' }) => [Key, Value])),
  };
  listener.rules.push(rule);
  context.health.refresh();
  return rule;
}

function describe(rule: Rule): Record<string, unknown> {
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    Conditions: rule.conditions,
    Actions: rule.actions.map(describeAction),
    IsDefault: false,
  };
}

/** Every listener has a default rule, last in line. */
function describeAll(listener: Listener): Record<string, unknown>[] {
  const rules = [...listener.rules].sort((a, b) => a.priority - b.priority).map(describe);
  const last = {
    RuleArn: `${listener.arn.replace(':listener/', ':listener-rule/')}/${listener.arn.slice(-16)}`,
    Priority: 'default',
    Conditions: [],
    Actions: listener.actions.map(describeAction),
    IsDefault: true,
  };
  return [...rules, last];
}

function describeMany({ state }: ElbContext, request: DescribeRequest): unknown {
  const { ListenerArn: listener, RuleArns: arns } = request;
  if (listener === undefined && !arns?.length) {
    throw validation('You must specify either listener rule ARNs or a listener ARN');
  }
  const listeners = listener === undefined ? [...state.listeners.values()] : [listenerOf(state, listener)];
  const all = listeners.flatMap(describeAll);
  for (const arn of arns ?? []) {
    if (!all.some(({ RuleArn }) => RuleArn === arn)) throw missing();
  }
  const found = all.filter(({ RuleArn }) => !arns?.length || arns.includes(String(RuleArn)));
  const { items, NextMarker } = elbPage(found, request, [listener, arns]);
  return { Rules: items, NextMarker };
}

const missing = (): ApiError => new ApiError('RuleNotFoundException', 'One or more rules not found');

interface ModifyRequest {
  readonly RuleArn: string;
  readonly Conditions?: readonly Json[];
  readonly Actions?: readonly Json[];
}

/** The rule of this ARN and its listener. Default rules are changed through their listener. @throws ApiError */
export function ruleOf(
  { state }: Pick<ElbContext, 'state'>,
  arn: string,
): { readonly rule: Rule; readonly listener: Listener } {
  for (const listener of state.listeners.values()) {
    const rule = listener.rules.find((candidate) => candidate.arn === arn);
    if (rule) return { rule, listener };
  }
  throw missing();
}

function modify(context: ElbContext, request: ModifyRequest): unknown {
  const { rule, listener } = ruleOf(context, request.RuleArn);
  if (request.Conditions) checkConditions(request.Conditions);
  if (request.Actions) checkActions(context, request.Actions, balancerOf(context.state, listener.balancer));
  rule.conditions = request.Conditions ?? rule.conditions;
  rule.actions = request.Actions ?? rule.actions;
  context.health.refresh();
  return { Rules: [describe(rule)] };
}

/** All change at once, so that rules may change places. */
function setPriorities(
  context: ElbContext,
  pairs: readonly { readonly RuleArn?: string; readonly Priority?: number }[],
): unknown {
  const wanted = pairs.map(({ RuleArn = '', Priority = 0 }) => ({ ...ruleOf(context, RuleArn), priority: Priority }));
  for (const { listener } of wanted) {
    const after = listener.rules.map((rule) => wanted.find((pair) => pair.rule === rule)?.priority ?? rule.priority);
    const twice = after.find((priority, index) => after.indexOf(priority) !== index);
    if (twice !== undefined) throw new ApiError('PriorityInUseException', `Priority '${twice}' is currently in use`);
  }
  for (const { rule, priority } of wanted) rule.priority = priority;
  return { Rules: wanted.map(({ rule }) => describe(rule)) };
}

export function ruleOperations(context: ElbContext): Record<string, Operation> {
  return {
    CreateRule: (input: CreateRuleRequest) => ({ Rules: [describe(newRule(context, input))] }),
    ModifyRule: (input: ModifyRequest) => modify(context, input),
    SetRulePriorities: (input: { RulePriorities: readonly { RuleArn?: string; Priority?: number }[] }) =>
      setPriorities(context, input.RulePriorities),
    DescribeRules: (input: DescribeRequest) => describeMany(context, input),
    DeleteRule: ({ RuleArn }: { RuleArn: string }) => {
      const listener = [...context.state.listeners.values()].find(({ rules }) =>
        rules.some(({ arn }) => arn === RuleArn),
      );
      if (!listener) throw missing();
      listener.rules.splice(
        listener.rules.findIndex(({ arn }) => arn === RuleArn),
        1,
      );
      context.health.refresh();
    },
  };
}
