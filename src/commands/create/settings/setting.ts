import type { Connection } from '../../../aws/api';
import type { Choices, ExpressChoices, ServiceChoices } from '../../../provision/choices';
import type { KnownNetwork } from '../../../provision/facts';
import type { Rule } from '../../../provision/rules';
import { ask } from '../../../ui/pick';
import { say } from '../../../ui/say';

/** What settings ask with. */
export interface SettingContext {
  readonly connection: Connection;
  readonly signal: AbortSignal;
  readonly title: string;
  /** The network of the choices, read once for each VPC. */
  network(vpc: string): Promise<KnownNetwork>;
}

/** One row of the form: what is chosen, and how something else is. */
export interface Setting<C extends Choices> {
  readonly label: string;
  readonly value: string;
  change(context: SettingContext): Promise<C>;
}

export type ServiceSetting = Setting<ServiceChoices>;
export type ExpressSetting = Setting<ExpressChoices>;

/** Asks for a text that keeps a rule; what breaks it is said while it is typed. */
export function askBy(title: string, prompt: string, value: string, rule: Rule): Promise<string> {
  const validateInput = (text: string): string | undefined => {
    const problem = rule(text.trim());
    return problem && say(problem);
  };
  return ask({ title, prompt, value, validateInput });
}
