import { message, type Message } from '../core/message';
import type { StackEvent } from './stacks';

/** Why a stack could not become what it was to be. */
export interface StackCause {
  readonly sentence: Message;
  /** AWS's own words about it. */
  readonly words: string;
}

/** Said of resources that others took with them, and of the stack itself. */
const consequence =
  /^Resource (creation|update) cancelled|^The following resource\(s\) failed|^Rollback requested by user|cancelled/i;

/**
 * The cause of a failure: the first resource that failed for a reason of its own. The ones after it were cancelled
 * because of it (CloudFormation User Guide, "Troubleshooting CloudFormation").
 * @param events of one operation of the stack, in any order
 */
export function causeOfFailure(events: readonly StackEvent[]): StackCause | undefined {
  const failed = [...events]
    .sort((a, b) => a.at - b.at)
    .filter(({ status, reason }) => status.endsWith('_FAILED') && reason && !consequence.test(reason));
  const first = failed.find(({ type }) => type !== 'AWS::CloudFormation::Stack') ?? failed[0];
  if (!first) return undefined;
  const words = wordsOf(first.reason ?? '');
  const verb = first.status.split('_')[0];
  const what = `${kindOf(first.type)} ${first.logicalId}`;
  if (verb === 'DELETE') return { words, sentence: message('{0} could not be deleted: {1}', what, words) };
  if (verb === 'UPDATE') return { words, sentence: message('{0} could not be changed: {1}', what, words) };
  return { words, sentence: message('{0} could not be created: {1}', what, words) };
}

/** `AWS::ECS::Service` → `ECS Service` */
export function kindOf(type: string): string {
  const [, service = '', kind = type] = type.split('::');
  const short =
    service === 'ElasticLoadBalancingV2' ? 'ELB' : service === 'ApplicationAutoScaling' ? 'Auto Scaling' : service;
  return `${short} ${kind}`.trim();
}

/**
 * The service's own words in a reason such as `Resource handler returned message: "… (Service: Ecs, Status Code: 400,
 * Request ID: …)" (RequestToken: …, HandlerErrorCode: …)`.
 */
function wordsOf(reason: string): string {
  const [, inner = reason] = /^Resource handler returned message: "([^]*)" \(RequestToken:/.exec(reason) ?? [];
  return inner.replace(/ \(Service: [^()]*(?:\([^()]*\)[^()]*)*\)( \(SDK Attempt Count: \d+\))?$/, '').trim();
}
