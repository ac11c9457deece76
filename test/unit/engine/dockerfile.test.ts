import assert from 'node:assert/strict';
import { readDockerfile } from '../../../src/engine/dockerfile';

describe('reading a Dockerfile', () => {
  it('finds the named stages and the exposed ports', () => {
    const text =
      '# syntax=docker/dockerfile:1\nFROM a AS build\nRUN <<EOF\nFROM nothing AS fake\nEOF\nFROM b as \\\n  final\nEXPOSE 80 8080/tcp 53/udp $PORT\n';
    assert.deepEqual(readDockerfile(text), { stages: ['build', 'final'], ports: [80, 8080], isEmpty: false });
  });
  it('makes the best of a broken one', () => {
    assert.deepEqual(readDockerfile('\u0000 this is no Dockerfile'), { stages: [], ports: [], isEmpty: true });
  });
});
