import { randomUUID } from 'node:crypto';
import type { Service, TaskSet } from './types';

/** AWS keeps this many events of a service. */
const capacity = 100;

/** Adds an event in AWS's words: `(service NAME) …`. `at` is in milliseconds since the Unix epoch. */
export function addEvent(service: Service, at: number, text: string, taskSet?: TaskSet): void {
  const who = taskSet ? `${service.name}, taskSet ${taskSet.id}` : service.name;
  service.events.unshift({ id: randomUUID(), createdAt: at, message: `(service ${who}) ${text}` });
  if (service.events.length > capacity) service.events.length = capacity;
}

/** Like `addEvent`, unless the newest event says the same already. */
export function addEventOnce(service: Service, at: number, text: string): void {
  if (service.events[0]?.message !== `(service ${service.name}) ${text}`) addEvent(service, at, text);
}

export function taskList(ids: readonly string[]): string {
  return ids.map((id) => `(task ${id})`).join(' ');
}
