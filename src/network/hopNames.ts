import { message, type Message } from '../core/message';
import type { HopKind, HopState } from './hop';

/** What a hop is, in AWS's words. */
export function kindName(kind: HopKind): Message {
  const names: Record<HopKind, Message> = {
    client: message('Client'),
    dnsName: message('DNS name'),
    loadBalancer: message('Load balancer'),
    listener: message('Listener'),
    rule: message('Rule'),
    targetGroup: message('Target group'),
    targetHealth: message('Target health'),
    subnet: message('Subnet'),
    networkAcl: message('Network ACL'),
    securityGroup: message('Security group'),
    networkInterface: message('Network interface'),
    task: message('Task'),
    containerPort: message('Container port'),
    route: message('Route table'),
    internetGateway: message('Internet gateway'),
    natGateway: message('NAT gateway'),
    endpoint: message('Endpoint'),
    otherGateway: message('Gateway'),
    service: message('Service of AWS'),
  };
  return names[kind];
}

export function stateName(state: HopState): Message {
  const names: Record<HopState, Message> = {
    open: message('open'),
    blocked: message('blocked'),
    unknown: message('unknown'),
  };
  return names[state];
}

/** A hop's state as one sign, for texts. */
export const stateMarks: Readonly<Record<HopState, string>> = { open: '✔', blocked: '✘', unknown: '?' };
