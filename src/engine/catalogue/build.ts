import { message } from '../../core/message';
import type { Rule } from './rule';

/** Builds that fail. The first that matches wins. */
export const buildRules: readonly Rule[] = [
  {
    id: 'noEmulation',
    pattern: /exec format error|exec user process caused.*format/i,
    reason: 'platformMismatch',
    sentence: () =>
      message('The build ran a program for another CPU architecture, and this machine has no emulation for it.'),
    examples: [
      'exec /bin/sh: exec format error',
      'standard_init_linux.go:228: exec user process caused: exec format error',
    ],
  },
  {
    id: 'baseRateLimit',
    pattern: /toomanyrequests|pull rate limit/i,
    reason: 'buildFailed',
    sentence: () => message('The registry of the base image limits the pull rate; sign in to it or use a mirror.'),
    examples: [
      'ERROR: failed to solve: node:20: failed to copy: toomanyrequests: You have reached your pull rate limit',
    ],
  },
  {
    id: 'diskFull',
    pattern: /no space left on device/i,
    reason: 'buildFailed',
    advice: message('The disk of the container engine is full: remove images and build caches that nobody needs.'),
    examples: ['ERROR: failed to solve: write /var/lib/docker/overlay2/x: no space left on device'],
  },
  {
    id: 'baseLogin',
    pattern:
      /failed to (authorize|fetch (oauth|anonymous) token)|401 Unauthorized|authentication required|no basic auth credentials/i,
    reason: 'buildFailed',
    advice: message('The registry of a base image wants a login: sign in to it, or check the name of the image.'),
    examples: [
      'ERROR: failed to solve: failed to fetch oauth token: unexpected status from GET request to https://auth.docker.io/token: 401 Unauthorized',
      'ERROR: failed to solve: 123456789012.dkr.ecr.us-east-1.amazonaws.com/base:1: no basic auth credentials',
    ],
  },
  {
    id: 'baseMissing',
    pattern:
      /pull access denied|failed to resolve source metadata.*not found|manifest (for \S+ not found|unknown)|no match for platform in manifest/i,
    reason: 'buildFailed',
    advice: message('Check name, tag and platform of the base image in FROM.'),
    examples: [
      'ERROR: failed to solve: nope: failed to resolve source metadata for docker.io/library/nope:latest: pull access denied, repository does not exist or may require authorization',
      'manifest for node:999 not found: manifest unknown: manifest unknown',
      'ERROR: failed to solve: failed to resolve source metadata for docker.io/library/node:20: no match for platform in manifest: not found',
    ],
  },
  {
    id: 'copyMissing',
    pattern: /failed to (compute|calculate) (cache key|checksum)|COPY failed|ADD failed|excluded by \.dockerignore/i,
    reason: 'buildFailed',
    advice: message('What is copied has to be in the build context: check the path, the context and .dockerignore.'),
    examples: [
      'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref 00::00: "/dist": not found',
      'COPY failed: file not found in build context or excluded by .dockerignore: stat dist: file does not exist',
    ],
  },
  {
    id: 'stageMissing',
    pattern: /target stage .* could not be found|failed to reach build target/i,
    reason: 'buildFailed',
    advice: message('Name a stage of the Dockerfile in the target, or none.'),
    examples: [
      'ERROR: failed to solve: target stage "prod" could not be found',
      'failed to reach build target prod in Dockerfile',
    ],
  },
  {
    id: 'syntax',
    pattern: /dockerfile parse error|unknown instruction/i,
    reason: 'buildFailed',
    advice: message('The line of the Dockerfile that is named is not understood.'),
    examples: ['ERROR: failed to solve: dockerfile parse error on line 3: unknown instruction: RNU'],
  },
  {
    id: 'downloadFailed',
    pattern:
      /no such host|could not resolve host|temporary failure (in name resolution|resolving)|i\/o timeout|TLS handshake timeout|certificate signed by unknown authority/i,
    reason: 'buildFailed',
    advice: message(
      'The build could not reach something on the network: check proxy, VPN and DNS of the container engine.',
    ),
    examples: [
      'curl: (6) Could not resolve host: registry.npmjs.org',
      'ERROR: failed to solve: alpine: failed to do request: Head "https://registry-1.docker.io/v2/library/alpine/manifests/latest": dial tcp: lookup registry-1.docker.io: no such host',
      "Temporary failure resolving 'deb.debian.org'",
    ],
  },
  {
    id: 'memoryFull',
    pattern: /exit code: 137|signal: killed|heap out of memory|cannot allocate memory/i,
    reason: 'buildFailed',
    advice: message('The build ran out of memory: give the container engine more.'),
    examples: [
      'ERROR: failed to solve: process "/bin/sh -c npm run build" did not complete successfully: exit code: 137',
    ],
  },
];
