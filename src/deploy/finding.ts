import type { Message } from '../core/message';
import type { HopRef } from '../network/hop';

/** How sure a finding is: one cause, one of several, or nothing that Gantry knows. */
export type Confidence = 'certain' | 'likely' | 'unrecognised';

/**
 * Where a text comes from: a task's stopped reason, its stop code, a container's reason, an exit code, a service event,
 * the health of a target, a log line, a deployment's reason, what the registry has, what the network lets through, an
 * API's refusal.
 */
export type TextKind =
  | 'stopped'
  | 'stopCode'
  | 'container'
  | 'exit'
  | 'event'
  | 'target'
  | 'log'
  | 'deployment'
  | 'image'
  | 'network'
  | 'api';

/** One text behind a finding, as AWS or the program wrote it. */
export interface Evidence {
  readonly kind: TextKind;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at?: number | undefined;
  /** False for a text that nothing in the catalogue knows. */
  readonly recognised: boolean;
}

/** The last lines of the container that failed. */
export interface LogExcerpt {
  readonly group: string;
  readonly stream: string;
  readonly container: string;
  readonly lines: readonly { readonly at: number; readonly text: string }[];
}

/** A statement of an IAM policy. */
export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** What Gantry can do about a cause, as data: asked about before anything is done. */
export type FixAction =
  | { readonly kind: 'createLogGroup'; readonly group: string; readonly region: string | undefined }
  | { readonly kind: 'createRepository'; readonly repository: string }
  | { readonly kind: 'raiseMemory'; readonly taskDefinition: string; readonly container: string }
  | { readonly kind: 'forceDeployment' }
  | { readonly kind: 'rebuild'; readonly platform: string; readonly container: string | undefined }
  | {
      readonly kind: 'attachPolicy';
      /** Name or ARN; undefined where no text names it. */
      readonly role: string | undefined;
      readonly statements: readonly PolicyStatement[];
    }
  | {
      readonly kind: 'addIngressRule';
      readonly securityGroup: string;
      readonly protocol: string;
      readonly fromPort: number;
      readonly toPort: number;
      /** A security group's id or a CIDR. */
      readonly source: string;
    };

export type FixKind = FixAction['kind'];

/** One diagnosed cause, grouped over the tasks that it stopped. Plain data: it outlives the window on the disk. */
export interface Finding {
  /** The id of the catalogue's entry. */
  readonly signature: string;
  /** The cause in two or three words, for a row. */
  readonly brief: Message;
  readonly cause: Message;
  readonly fix: Message | undefined;
  readonly confidence: Confidence;
  /** How many tasks it stopped; 0 for a cause that lets no task start. */
  readonly tasks: number;
  readonly taskArns: readonly string[];
  /** AWS's own words, the decisive one first. */
  readonly evidence: readonly Evidence[];
  readonly log: LogExcerpt | undefined;
  readonly action: FixAction | undefined;
  /** The hop in the network that explains it. */
  readonly hop?: HopRef;
  /** What could have told more, and could not be read. */
  readonly unread: readonly Message[];
  /** Milliseconds since the epoch. */
  readonly foundAt: number;
}

/** The decisive text of a finding; empty when there was none at all. */
export function evidenceText({ evidence }: Finding): string {
  return evidence[0]?.text ?? '';
}

/** The hop that explains the first of several findings for which the network does. */
export function hopOf(findings: readonly Finding[]): HopRef | undefined {
  return findings.find(({ hop }) => hop)?.hop;
}
