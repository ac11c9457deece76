import { randomInt } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function random(length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');
}

/**
 * `STACK-LOGICALID-RANDOM`, as CloudFormation names what a template does not name. Where that is too long, stack and
 * logical id are cut: to six and five characters for the 32 of a load balancer.
 */
export function generatedName(stack: string, logicalId: string, longest: number): string {
  const suffix = random(12);
  const room = longest - suffix.length - 2;
  if (stack.length + logicalId.length <= room) return `${stack}-${logicalId}-${suffix}`;
  const part = longest <= 32 ? Math.min(6, Math.ceil(room / 2)) : Math.ceil(room / 2);
  const first = stack.slice(0, part);
  const second = logicalId.slice(0, longest <= 32 ? Math.min(5, room - first.length) : room - first.length);
  return `${first.replace(/-+$/, '')}-${second}-${suffix}`;
}
