/**
 * Evidence of published logs of old and odd servers: `npm run evidence -- excerpts FOLDER`, where FOLDER holds them under the names
 * below. They belong to others and are not part of this repository; the table says where each was published.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { zabcheck } from './evidence-tools.mjs';

/** By the number that their names begin with. `why`: read off the log and the Java of its release, verdict by verdict. */
const EXCERPTS = {
  '001': {
    source: 'github.com/nazuhifu/zookeeper c46e10d6: zk1.log, zk2.log, zk3.log',
    release: '3.3.3',
    layout: 'log4j without [myid]',
    why: 'a vote has no epoch in 3.3, and a LEADING answer is followed at once: no profile covers that',
  },
  '002': {
    source: 'public index document 44005526539',
    release: '3.4.5 of Cloudera',
    layout: 'date LEVEL logger: message',
    why: '3.4.5 tells no format version and compares zxid and round of decided servers (before ZOOKEEPER-1732): not covered',
  },
  '003': {
    source: 'github.com/MoriatyBug/BigDataDockerFile 6bef7515',
    release: '3.4.6',
    layout: 'log4j',
    why: 'two answers, one LEADING, name 3: a quorum with its leader',
  },
  '004': {
    source: 'github.com/hellogitcn/nutch f411d13f',
    release: '3.4.8',
    layout: 'log4j',
    why: 'the back-off doubles from 400 ms while nobody answers; then 2 does',
  },
  '005': {
    source: 'github.com/AlstonWilliams/ZooKeeper_3.4.9_source_code_interpretation 6d832544',
    release: '3.4.9',
    layout: 'log4j, three servers in blocks of one file',
    why: 'the lines of server 2 begin when it already leads: nothing of its election is there to be judged',
  },
  '006': {
    source: 'public index document 20722245677',
    release: '3.4.10',
    layout: 'log4j, indented, behind a shell transcript',
    why: 'one second of an election: neither its beginning nor an own vote is in it',
  },
  '007': {
    source: 'public index document 3388877325',
    release: '3.4.6 to 3.4.14',
    layout: 'journald, without head',
    why: 'its author set states in bold (`**LOOKING**`): those lines are not what a server printed, and none says whose they are',
  },
  '008': {
    source: 'github.com/ZhenyuCheng/ZKExample 0481acad',
    release: '3.4.13',
    layout: 'log4j',
    why: '1 leads, its zxid is the highest; every vote that one prints another sent',
  },
  '009': {
    source: 'github.com/ehomeshasha/TestSnapTxnLogRead 39106baa',
    release: '3.5.0-SNAPSHOT',
    layout: 'log4j, 4263 NUL bytes in it',
    why: 'what stood where the NUL bytes are is unknown; before it a joiner copies round −1, as 3.5.0 does',
  },
  '010': {
    source: 'github.com/OrderLab/Anduril ae541ca9: zookeeper-2247',
    release: '3.5.2, says 3.5.0-alpha',
    layout: 'log4j, two servers in one file',
    why: 'two of two agree on 2',
  },
  '011': {
    source: 'public index document 12489491577',
    release: '3.5.9',
    layout: 'thread and message only: no time, no level',
    why: 'four moments behind one another; of server 3 the beginning of no election is among them',
  },
  '012': {
    source: 'public index document 6728499747',
    release: 'a vendor’s 3.5',
    layout: 'log4j with ISO 8601 time',
    why: 'time-outs of an election whose beginning is cut off',
  },
  '013': {
    source: 'github.com/OrderLab/Anduril ae541ca9: zookeeper-3157',
    release: '3.6.0-SNAPSHOT, words of 3.5',
    layout: 'log4j without [myid], three servers and a client in one file',
    why: 'server 0 is stopped and started again inside one process: between the two nothing can be followed',
  },
  '014': {
    source: 'github.com/OrderLab/Anduril ae541ca9: zookeeper-3006',
    release: '3.6.0',
    layout: 'log4j, five servers in one file',
    why: 'five start at once, 5 leads',
  },
  '015': {
    source: 'github.com/OrderLab/Anduril ae541ca9: zookeeper-4203',
    release: '3.6.2',
    layout: 'log4j, three servers in one file',
    why: 'elections before and after a failing epoch file are complete; the exception ends servers 1 and 3',
  },
  '016': {
    source: 'public index document 47168273482',
    release: '3.6.3',
    layout: 'log4j, lines picked out and in no order',
    why: 'notes of an author: no election with its first vote is left',
  },
  '017': {
    source: 'github.com/rcrane/omb_results bec2c4a5',
    release: '3.7.1',
    layout: 'container output, a shell trace first',
    why: 'reconfigurations restart the election object: from each to the next New election nothing can be followed',
  },
  '018': {
    source: 'public index document 53113832836',
    release: '3.8',
    layout: 'logback',
    why: 'a follower connects again; no election takes place in it',
  },
};

export function excerpts(folder) {
  if (folder === undefined || !existsSync(folder)) throw new Error('usage: npm run evidence -- excerpts FOLDER');
  const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
  const rows = Object.entries(EXCERPTS).flatMap(([number, one]) => {
    const files = names.filter((name) => name.startsWith(number));
    if (files.length === 0) return [`| ${number} | ${one.source} | ${one.release} | ${one.layout} | not at hand | | |`];
    return [
      row(number, one, JSON.parse(zabcheck('validate', '--json', ...files.map((name) => join(folder, name))).text)),
    ];
  });
  return [
    '## Published logs, by release and layout',
    '',
    '`zabcheck validate` on each, without a configuration. Verdicts are by server; both machines agree on every one of them unless it says',
    'otherwise. The last column is the reason why this is the right verdict, from the log and the Java of its release.',
    '',
    '| | published | release | layout | verdict | judged, not understood | because |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function row(number, { source, release, layout, why }, { servers, ensembles = [] }) {
  const byVerdict = new Map();
  for (const { sid, verdict } of servers) byVerdict.set(verdict, [...(byVerdict.get(verdict) ?? []), sid ?? '?']);
  const verdicts = [...byVerdict].map(([verdict, sids]) => `${verdict}: ${[...new Set(sids)].join(', ')}`);
  const together = ensembles.map(({ verdict }) => `together: ${verdict}`);
  const judged = servers.reduce((sum, { observations }) => sum + observations, 0);
  const unread = servers.reduce((sum, one) => sum + one.unread, 0);
  const words = [...verdicts, ...together].join('; ');
  return `| ${[number, source, release, layout, words, `${judged}, ${unread}`, why].join(' | ')} |`;
}
