import assert from 'node:assert/strict';
import { filterPattern } from '../../../src/sandbox/logs/filterPattern';

/** Which of these messages a pattern lets through. */
function matching(pattern: string, messages: readonly string[]): string[] {
  return messages.filter(filterPattern(pattern));
}

describe('logs: filter patterns', () => {
  const lines = ['[ERROR 400] BAD REQUEST', '[ERROR 401] UNAUTHORIZED REQUEST', '[SUCCESS 200] OK', 'ERROR: (timeout)'];

  it('of words', () => {
    assert.deepEqual(matching('', lines), lines);
    assert.deepEqual(matching('ERROR', lines), [lines[0], lines[1], lines[3]]);
    assert.deepEqual(matching('ERROR REQUEST', lines), [lines[0], lines[1]]);
    assert.deepEqual(matching('"BAD REQUEST"', lines), [lines[0]]);
    assert.deepEqual(matching('ERROR -400 -"(timeout)"', lines), [lines[1]]);
    assert.deepEqual(matching('?400 ?200', lines), [lines[0], lines[2]]);
    assert.deepEqual(matching('?400 ?200 ERROR -timeout', lines), [lines[0], lines[1]], '? is ignored beside others');
    assert.deepEqual(matching('error', lines), [], 'case counts');
  });

  it('of regular expressions', () => {
    assert.deepEqual(matching('%ERROR 40[01]%', lines), [lines[0], lines[1]]);
    assert.deepEqual(matching('%^ERROR% -nothing', lines), [lines[3]]);
    assert.throws(() => filterPattern('%(a+)+%'), { code: 'InvalidParameterException' });
    assert.throws(() => filterPattern('"open'), { code: 'InvalidParameterException' });
  });

  it('of JSON', () => {
    const events = [
      { level: 'error', status: 500, user: { name: 'ann', tags: ['a', 'b'] }, ok: false },
      { level: 'warning', status: 404, user: null, ok: true, 'odd.name': 1 },
      { level: 'error', status: '503', ip: '10.0.1.7' },
    ].map((event) => JSON.stringify(event));
    const [first, second, third] = events;
    const all = [...events, 'level = error', '{broken'];
    assert.deepEqual(matching('{ $.level = "error" }', all), [first, third]);
    assert.deepEqual(matching('{ $.level = "error" && $.status >= 503 }', all), [third]);
    assert.deepEqual(matching('{ $.level = w* || $.user.name = ann }', all), [first, second]);
    assert.deepEqual(matching('{ ($.status = 404 || $.status = 500) && $.ok IS FALSE }', all), [first]);
    assert.deepEqual(matching('{ $.user IS NULL }', all), [second]);
    assert.deepEqual(matching('{ $.user NOT EXISTS }', all), [third]);
    assert.deepEqual(matching('{ $.ip = 10.0.* }', all), [third]);
    assert.deepEqual(matching('{ $.user.tags[1] = "b" }', all), [first]);
    assert.deepEqual(matching('{ $.user.tags[*] = "a" }', all), [first]);
    assert.deepEqual(matching("{ $.['odd.name'] = 1 }", all), [second]);
    assert.deepEqual(matching('{ $.level != "error" }', all), [second]);
    assert.deepEqual(matching('{ $.level = %^err% && $.status < 503 }', all), [first]);
    for (const bad of [
      '{ $.a }',
      '{ level = 1 }',
      '{ $.a = 1',
      '{ $.a > x }',
      '{ $.a = 1 } x',
      '{}',
      '{ $.a = 1 && }',
    ]) {
      assert.throws(() => filterPattern(bad), { code: 'InvalidParameterException' }, bad);
    }
  });

  it('of columns', () => {
    const access = [
      '127.0.0.1 - frank [10/Oct/2026:13:25:15 -0700] "GET /index.html HTTP/1.0" 200 1534',
      '127.0.0.1 - frank [10/Oct/2026:13:35:22 -0700] "GET /a.html HTTP/1.0" 404 5324',
      '10.9.8.7 - ann [10/Oct/2026:13:50:35 -0700] "POST /b HTTP/1.0" 500 10',
    ];
    const [ok, missing, broken] = access;
    assert.deepEqual(matching('[ip, id, user, time, request, status = 4*, bytes]', access), [missing]);
    assert.deepEqual(matching('[..., status >= 400, bytes]', access), [missing, broken]);
    assert.deepEqual(matching('[ip = 127.0.0.1, ..., bytes > 2000]', access), [missing]);
    assert.deepEqual(matching('[ip, id, user, time, request = "GET /index*", ...]', access), [ok]);
    assert.deepEqual(matching('[ip, id, user != frank, ...]', access), [broken]);
    assert.deepEqual(matching('[ip, id, user, time, request, status = 404 || status = 500, bytes]', access), [
      missing,
      broken,
    ]);
    assert.deepEqual(matching('[ip, id, user, time, request = %GET|PUT%, status < 300, bytes]', access), [ok]);
    assert.deepEqual(matching('[only, two]', access), []);
    for (const bad of ['[]', '[a,]', '[a = ]', '[..., b, ...]', '[a > x]']) {
      assert.throws(() => filterPattern(bad), { code: 'InvalidParameterException' }, bad);
    }
  });
});
