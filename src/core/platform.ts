/** What an image is built for: `linux/amd64`, `linux/arm64`, `windows/amd64`. */
export interface RuntimePlatform {
  readonly cpuArchitecture?: string | undefined;
  readonly operatingSystemFamily?: string | undefined;
}

/**
 * The platform in Docker's words for a task definition's `runtimePlatform` (ECS RegisterTaskDefinition).
 * ECS's defaults are X86_64 and LINUX.
 */
export function dockerPlatform(platform: RuntimePlatform | undefined): string {
  const os = platform?.operatingSystemFamily?.startsWith('WINDOWS') ? 'windows' : 'linux';
  return `${os}/${platform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64'}`;
}

/** `runtimePlatform` for what an image is built for, in Docker's words: the way back from `dockerPlatform`. */
export function runtimePlatformOf(platform: string): {
  readonly cpuArchitecture: string;
  readonly operatingSystemFamily: string;
} {
  const [os, architecture] = platform.split('/');
  return {
    cpuArchitecture: architecture === 'arm64' ? 'ARM64' : 'X86_64',
    operatingSystemFamily: os === 'windows' ? 'WINDOWS_SERVER_2022_CORE' : 'LINUX',
  };
}

/** The same platform without the variant (`linux/arm64/v8` and `linux/arm64` run the same images on ECS). */
export function samePlatform(a: string, b: string): boolean {
  const plain = (text: string): string => text.split('/').slice(0, 2).join('/');
  return plain(a) === plain(b);
}
