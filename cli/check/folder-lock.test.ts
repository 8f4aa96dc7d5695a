/** Goal: two living processes never write into one folder, and a dead one keeps nobody out. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.js';

const folder = mkdtempSync(join(tmpdir(), 'zabcheck-lock-'));
const lock = join(folder, 'lock');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a second one is refused until the first is done', () => {
  const unlock = lockFolder(folder);
  expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d*$`));
  expect(() => lockFolder(folder)).toThrow(`${lock}: process ${process.pid} keeps a run there.`);
  unlock();
  expect(existsSync(lock)).toBe(false);
  lockFolder(folder)();
});

it.runIf(platform() === 'linux')('a number that was given out again keeps nobody out; another user alive does', () => {
  writeFileSync(lock, '1 12345678901');
  lockFolder(folder)();
  const begin = readFileSync('/proc/1/stat', 'utf8').split(') ')[1]?.split(' ')[19];
  writeFileSync(lock, `1 ${begin}`);
  expect(() => lockFolder(folder)).toThrow('process 1 keeps a run there');
  rmSync(lock);
});

it('what a dead process left, or what names none, is taken over', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  for (const text of [`${pid} 1`, `${pid} `, '', 'nonsense', '-1', '1.5']) {
    writeFileSync(lock, text);
    const unlock = lockFolder(folder);
    expect(readFileSync(lock, 'utf8').split(' ')[0], text).toBe(String(process.pid));
    unlock();
  }
});

it('where nobody may write, it says so', () => {
  expect(() => lockFolder(join(folder, 'nowhere'))).toThrow(/nowhere\/lock: ENOENT/);
});
