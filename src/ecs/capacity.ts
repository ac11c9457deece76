import type { Service } from './model';

/** Whether the tasks of a service run on Fargate, by launch type or by one of its own capacity providers. */
export function isFargate({ launchType }: Pick<Service, 'launchType'>): boolean {
  return launchType === 'FARGATE' || launchType === 'FARGATE_SPOT';
}
