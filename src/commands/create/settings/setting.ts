import type { Connection } from '../../../aws/api';
import type { ExpressChoices, ServiceChoices } from '../../../provision/choices';
import { readKnownNetwork, readVpcs, type KnownNetwork } from '../../../provision/facts';
import type { Rule } from '../../../provision/rules';
import { ask, type Title } from '../../../ui/pick';
import { say } from '../../../ui/say';

/** What settings ask with. */
export interface SettingContext {
  readonly connection: Connection;
  readonly signal: AbortSignal;
  readonly title: string;
  /** The network of the choices, read once for each VPC. */
  network(vpc: string): Promise<KnownNetwork>;
}

/** Reads what is asked for, and each VPC once. */
export function settingContext(connection: Connection, title: string, signal: AbortSignal): SettingContext {
  const known = new Map<string, Promise<KnownNetwork>>();
  const read = async (vpc: string): Promise<KnownNetwork> => {
    const found = (await readVpcs(connection, signal)).find(({ id }) => id === vpc);
    return readKnownNetwork(connection, found ?? { id: vpc, name: undefined, cidr: '', isDefault: false }, signal);
  };
  const network: SettingContext['network'] = (vpc) => {
    const reading = known.get(vpc) ?? read(vpc);
    known.set(vpc, reading);
    return reading;
  };
  return { connection, signal, title, network };
}

/** One row of the form: what is chosen, and how something else is. */
export interface Setting<C> {
  readonly label: string;
  readonly value: string;
  change(context: SettingContext): Promise<C>;
}

export type ServiceSetting = Setting<ServiceChoices>;
export type ExpressSetting = Setting<ExpressChoices>;

/** Asks for a text that keeps a rule; what breaks it is said while it is typed. */
export function askBy(title: Title, prompt: string, value: string, rule: Rule): Promise<string> {
  const validateInput = (text: string): string | undefined => {
    const problem = rule(text.trim());
    return problem && say(problem);
  };
  return ask({ title, prompt, value, validateInput });
}
