import { describe, expect, it } from 'vitest';
import { cleanLog } from './clean-log.js';

const machine = { folder: '/var/folders/xy/zabcheck-record-Ab12', hostNames: ['build-host-7', 'localhost'] };

describe('cleanLog', () => {
  it('drops the environment lines that name a machine, and keeps the version', () => {
    const text = [
      '… - Server environment:zookeeper.version=3.8.0, built on 2022',
      '… - Server environment:host.name=build-host-7',
      '… - Server environment:user.home=/home/somebody',
      '… - Client environment:java.class.path=/opt/x.jar',
      '… - LOOKING',
      '',
    ].join('\n');
    expect(cleanLog(text, machine)).toBe(
      '… - Server environment:zookeeper.version=3.8.0, built on 2022\n… - LOOKING\n',
    );
  });

  it('writes the temporary folder and the host neutrally, whole names only', () => {
    const text =
      'Reading /var/folders/xy/zabcheck-record-Ab12/server-1/conf on build-host-7/127.0.0.1, not build-host-77';
    expect(cleanLog(text, machine)).toBe('Reading /zk/server-1/conf on localhost/127.0.0.1, not build-host-77');
  });

  it('leaves every other byte, stack traces and blank lines included', () => {
    const text = 'java.io.EOFException\n\tat java.base/java.io.DataInputStream.readInt(x.java:397)\n\n  LOOKING \n';
    expect(cleanLog(text, machine)).toBe(text);
  });
});
