/** Goal: logs that lie as people keep them are put together rightly. Method: paths, and the groups a person would make. */
import { describe, expect, it } from 'vitest';
import { asSid } from '../../types/ids.js';
import { groupLogs } from './group-logs.js';

/** `3@path` is the log of server 3; `3@path@123`, with a configuration of these members. */
function groups(...logs: readonly string[]): readonly string[] {
  const placed = logs.map((log) => {
    const [sid = '', file = '', members] = log.split('@');
    const ids = members === undefined ? null : new Set([...members].map((one) => asSid(BigInt(one))));
    return { sid: asSid(BigInt(sid)), file, members: ids, log };
  });
  return groupLogs(placed).map((group) => group.map(({ log }) => log).join(' '));
}

describe('groupLogs', () => {
  it('one folder, files of different servers', () => {
    expect(groups('1@logs/a.log', '2@logs/b.log', '3@logs/c.log')).toEqual(['1@logs/a.log 2@logs/b.log 3@logs/c.log']);
  });

  it('one folder for each server', () => {
    expect(groups('1@x/zk1/zookeeper.log', '2@x/zk2/zookeeper.log')).toEqual([
      '1@x/zk1/zookeeper.log 2@x/zk2/zookeeper.log',
    ]);
    expect(groups('1@x/zk1/log/zookeeper.log', '2@x/zk2/log/zookeeper.log')).toHaveLength(1);
  });

  it('two folders with the same servers are two ensembles', () => {
    expect(groups('1@x/info/1', '2@x/info/2', '1@x/debug/1', '2@x/debug/2')).toEqual([
      '1@x/info/1 2@x/info/2',
      '1@x/debug/1 2@x/debug/2',
    ]);
  });

  it('a folder with an ensemble is not joined by a log that lies elsewhere', () => {
    expect(groups('1@x/a/1', '2@x/a/2', '3@x/3')).toEqual(['1@x/a/1 2@x/a/2']);
  });

  it('one server twice is no ensemble, nor is one server', () => {
    expect(groups('1@x/old.log', '1@x/new.log', '2@x/2.log')).toEqual([]);
    expect(groups('1@x/1.log')).toEqual([]);
  });

  it('a server that the configuration of another does not know is of another ensemble', () => {
    expect(groups('1@x/1@123', '2@x/2@123')).toHaveLength(1);
    expect(groups('1@x/1@123', '7@x/7')).toEqual([]);
  });
});
