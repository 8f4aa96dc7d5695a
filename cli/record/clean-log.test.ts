import { describe, expect, it } from 'vitest';
import { cleanLog, hostNamesIn } from './clean-log.js';

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

  const called = (...hostNames: string[]) => ({ folder: '/f', hostNames });

  it.each(['zookeeper', 'main', 'version', 'localhost', '127.0.0.1', ''])(
    'a host called %j: the words of the log stay, the version above all',
    (name) => {
      const text =
        '… [main:Environment@98] - Server environment:zookeeper.version=3.8.0, built on 2022\n' +
        '… [main:QuorumPeer@798] - zookeeper.quorumCnxnTimeoutMs=-1, bound to /127.0.0.1:2181\n';
      expect(cleanLog(text, called(name))).toBe(text);
    },
  );

  it.each([
    ['box/127.0.0.1:3888', 'localhost/127.0.0.1:3888'],
    ['[ListenerHandler-box/127.0.0.1:3888:X@1]', '[ListenerHandler-localhost/127.0.0.1:3888:X@1]'],
    ['box.example.org/127.0.0.1 of box.example.org', 'localhost/127.0.0.1 of localhost'],
    ['UnknownHostException: box: box: no such name', 'UnknownHostException: localhost: localhost: no such name'],
    [
      'my-box/127.0.0.1, box-2/127.0.0.1, box.other/127.0.0.1',
      'my-box/127.0.0.1, box-2/127.0.0.1, box.other/127.0.0.1',
    ],
  ])('%s', (text, cleaned) => {
    expect(cleanLog(text, called('box', 'box.example.org'))).toBe(cleaned);
  });

  it('the log itself tells by which names Java knows the host', () => {
    const line = '… - Server environment:host.name=box.example.org\n';
    expect(hostNamesIn(`${line}… - LOOKING\n${line}`)).toEqual(['box.example.org']);
  });
});
