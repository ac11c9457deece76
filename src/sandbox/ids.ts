import { randomBytes, randomInt } from 'node:crypto';

/** 32 hexadecimal digits, as in task, container-instance and container ids. */
export function hexId(): string {
  return randomBytes(16).toString('hex');
}

/** 19 decimal digits, as in deployment ids (`ecs-svc/…`) and service revisions. */
export function longDigits(): string {
  let digits = String(randomInt(1, 10));
  while (digits.length < 19) digits += String(randomInt(0, 10));
  return digits;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** 21 letters and digits, as in service-deployment ids. */
export function shortId(): string {
  return Array.from({ length: 21 }, () => letters.charAt(randomInt(letters.length))).join('');
}

/** 17 hexadecimal digits behind a prefix, as in `eni-…` and `i-…`. */
export function ec2Id(prefix: string): string {
  return `${prefix}-${randomBytes(9).toString('hex').slice(0, 17)}`;
}
