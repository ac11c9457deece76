/** Members that only what runs on Fargate has. */
export function platform(launchType: string | undefined, version: string): Record<string, unknown> {
  return launchType === 'FARGATE' ? { platformVersion: version, platformFamily: 'Linux' } : {};
}
