/**
 * The ARN of the secret that a container's `valueFrom` names, without the JSON key, version stage and version id that
 * may follow it (ECS developer guide, "Pass Secrets Manager secrets through environment variables").
 */
export function secretArnOf(valueFrom: string): string {
  return valueFrom.split(':').slice(0, 7).join(':');
}
