import { describe, expect, test } from 'vitest';
import { asSid } from './ids.js';
import { dynamicConfigFileOf, parseZooCfg, printDynamicConfig, type ZooCfg } from './zoo-cfg.js';

function read(text: string, name = 'zoo.cfg'): ZooCfg {
  const result = parseZooCfg(text, name);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function failure(text: string): string {
  const result = parseZooCfg(text, 'zoo.cfg');
  if (result.ok) throw new Error('accepted');
  expect(result.error.message.startsWith(`zoo.cfg:${result.error.line}: `)).toBe(true);
  return result.error.message;
}

const THREE = 'server.1=a:2888:3888\nserver.2=b:2888:3888\nserver.3=c:2888:3888\n';

describe('members', () => {
  test('three participants and the settings around them', () => {
    const cfg = read(`tickTime=2000\ndataDir=/data \n${THREE}clientPort=2181\n`);
    expect(cfg.ensemble.members.map((member) => [member.sid, member.type])).toEqual([
      [1n, 'PARTICIPANT'],
      [2n, 'PARTICIPANT'],
      [3n, 'PARTICIPANT'],
    ]);
    expect(cfg.ensemble.version).toBe(0n);
    expect(cfg.ensemble.quorumSystem).toEqual({ kind: 'majority' });
    expect([...cfg.settings]).toEqual([
      ['tickTime', '2000'],
      ['dataDir', '/data'],
      ['clientPort', '2181'],
    ]);
    expect(cfg.dynamicConfigFile).toBeNull();
  });

  test('members are ordered by id, whatever the order of the lines; ids span 64 bits', () => {
    const cfg = read(
      'server.9223372036854775807=a:1:2\nserver.0=b:1:2\nserver.-9223372036854775808=c:1:2\nserver.7=d:1:2',
    );
    expect(cfg.ensemble.members.map((member) => member.sid)).toEqual([
      -9223372036854775808n,
      0n,
      7n,
      9223372036854775807n,
    ]);
  });

  test.each<[string, object]>([
    ['h:1:2', { type: 'PARTICIPANT', addresses: [{ host: 'h', quorumPort: 1, electionPort: 2 }], clientAddress: null }],
    ['h:1:2:PARTICIPANT', { type: 'PARTICIPANT' }],
    ['h:1:2:participant ', { type: 'PARTICIPANT' }],
    ['h:1:2;2181', { clientAddress: { host: '0.0.0.0', port: 2181 } }],
    ['h:1:2;127.0.0.1:2181', { clientAddress: { host: '127.0.0.1', port: 2181 } }],
    ['h:1:2;[::1]:2181', { clientAddress: { host: '::1', port: 2181 } }],
    ['h:1:2;', { clientAddress: null }],
    ['h:1:2:', { type: 'PARTICIPANT' }],
    ['[2001:db8::1]:1:2:participant;2181', { addresses: [{ host: '2001:db8::1', quorumPort: 1, electionPort: 2 }] }],
    [
      'a:1:2|b:3:4:participant',
      {
        addresses: [
          { host: 'a', quorumPort: 1, electionPort: 2 },
          { host: 'b', quorumPort: 3, electionPort: 4 },
        ],
      },
    ],
  ])('server.1=%s', (value, member) => {
    expect(read(`server.1=${value}\nserver.2=x:5:6`).ensemble.members[0]).toMatchObject(member);
  });

  test('observer in any case', () => {
    const cfg = read(`${THREE}server.4=d:1:2:oBsErVeR`);
    expect(cfg.ensemble.members[3]?.type).toBe('OBSERVER');
  });

  test.each<[string, string]>([
    ['server.x=a:1:2', '"x" is not a signed 64-bit decimal number'],
    ['server.=a:1:2', '"" is not a signed 64-bit decimal number'],
    ['server.9223372036854775808=a:1:2', 'does not fit in 64 bits'],
    ['server.1=a:1', '"a:1" has 2 parts'],
    ['server.1=a:1:2:observer:x', 'has 5 parts'],
    ['server.1=a:b:2', 'quorum port "b" is not a number'],
    ['server.1=a:1:2x', 'election port "2x" is not a number'],
    ['server.1=a:1:2 ', 'a blank beside it, which ZooKeeper refuses'],
    ['server.1=a:1:70000', '70000 is outside 0 to 65535'],
    ['server.1=a:5:5', 'both 5'],
    ['server.1=a:1:2:voter', '"voter" is not a role'],
    ['server.1=a:1:2;h:x:1', 'too many parts'],
    ['server.1=a:1:2;x', 'client port "x" is not a number'],
    ['server.1=a:1:2;1;2', 'more than one ";"'],
    ['server.1=[::1:1:2', 'has no "]"'],
    ['server.1=[::1]', 'has no port'],
    ['server.1=a:1:2:observer|b:1:2:participant', 'different roles'],
    ['tickTime=2000', 'there is no server line'],
    ['', 'there is no server line'],
    ['server.1=a:1:2:observer', 'observers but no participants'],
    ['server.1=a:1:2\nserver.2=b:1:2:observer', 'one participant only'],
    [`${THREE}version=xyz`, 'version "xyz" is not a hexadecimal'],
    [`${THREE}electionAlg=1`, 'electionAlg 1 is not supported'],
    [`${THREE}tickTime=fast`, 'tickTime "fast" is not a number'],
    [`${THREE}peerType=leader`, '"leader" is not a role'],
    ['a=\\u12', 'four hexadecimal digits'],
  ])('%j is refused', (text, words) => {
    expect(failure(text)).toContain(words);
  });

  test('a second line for the same server is refused with both lines, also as server.01', () => {
    expect(failure(`${THREE}server.2=d:1:2`)).toBe(
      'zoo.cfg:4: "server.2" stands twice, first in line 2; ZooKeeper would keep only one.',
    );
    expect(failure(`${THREE}server.02=d:1:2`)).toContain('first in line 2');
  });

  test('one participant with observers is fine when standaloneEnabled is off', () => {
    expect(read('standaloneEnabled=FALSE\nserver.1=a:1:2\nserver.2=b:1:2:observer').ensemble.members).toHaveLength(2);
  });
});

describe('quorum systems', () => {
  const FIVE = `${THREE}server.4=d:1:2\nserver.5=e:1:2\n`;

  test('groups and weights; a voter without a weight line weighs 1', () => {
    const { quorumSystem } = read(`${FIVE}group.1=1:2:3\ngroup.2=4:5\nweight.4=0\nweight.5=7`).ensemble;
    expect(quorumSystem).toEqual({
      kind: 'hierarchical',
      groups: new Map([1n, 2n, 3n, 4n, 5n].map((sid) => [sid, sid < 4n ? 1n : 2n])),
      weights: new Map([
        [4n, 0n],
        [5n, 7n],
        [1n, 1n],
        [2n, 1n],
        [3n, 1n],
      ]),
    });
  });

  test('an observer or stranger may stand in a group if it has a weight', () => {
    const { quorumSystem } = read(
      `${THREE}server.4=d:1:2:observer\ngroup.1=1:2:3:4:9\nweight.4=2\nweight.9=1`,
    ).ensemble;
    expect(quorumSystem.kind === 'hierarchical' && quorumSystem.groups.get(asSid(9n))).toBe(1n);
    expect(failure(`${THREE}group.1=1:2:3:9`)).toContain(
      'server 9 stands in a group but neither votes nor has a weight',
    );
  });

  test.each<[string, string]>([
    ['group.1=1:2', 'zoo.cfg:3: server 3 votes but stands in no group'],
    ['weight.1=2', 'zoo.cfg:1: server 1 votes but stands in no group'],
    ['group.1=1:2:3\ngroup.2=3', 'zoo.cfg:5: server 3 stands in two groups, first in line 4'],
    ['group.1=1:2: 3', '" 3" is not a signed 64-bit decimal number'],
    ['group.1=1:2:3\nweight.1=heavy', 'weight.1: "heavy" is not'],
    ['group.1=1:2:3\nweight.1=1\nweight.1=2', '"weight.1" stands twice'],
    ['group.1=1:2\ngroup.1=3', '"group.1" stands twice'],
    ['group=1:2:3', '"group" is not'],
  ])('%j is refused', (lines, words) => {
    expect(failure(THREE + lines)).toContain(words);
  });

  test('an oracle path wins over groups', () => {
    expect(read('server.1=a:1:2\nserver.2=b:1:2\noraclePath=/x/mastership/value').ensemble.quorumSystem).toEqual({
      kind: 'oracle',
      oraclePath: '/x/mastership/value',
    });
  });
});

describe('dynamic configuration', () => {
  const STATIC = 'dataDir=/data\ndynamicConfigFile=/etc/zk/zoo.cfg.dynamic.10000000a\n';

  test('members come from the dynamic file, the version from its name', () => {
    const dynamic = { text: THREE, fileName: 'conf/zoo.cfg.dynamic.10000000a' };
    const result = parseZooCfg(STATIC, 'zoo.cfg', dynamic);
    expect(result.ok && result.value.ensemble.version).toBe(0x10000000an);
    expect(result.ok && result.value.dynamicConfigFile).toBe('/etc/zk/zoo.cfg.dynamic.10000000a');
    expect(result.ok && result.value.settings.get('dataDir')).toBe('/data');
    expect(dynamicConfigFileOf(STATIC)).toBe('/etc/zk/zoo.cfg.dynamic.10000000a');
    expect(dynamicConfigFileOf('a=\\u1')).toBeNull();
  });

  test('what cannot be right is refused', () => {
    expect(failure(STATIC)).toContain('the members stand in the dynamic configuration file');
    expect(failure(STATIC + THREE)).toContain('"server.1" must stand in the dynamic configuration file');
    const bad = (text: string): string => {
      const result = parseZooCfg(STATIC, 'zoo.cfg', { text, fileName: 'd' });
      return result.ok ? 'accepted' : result.error.message;
    };
    expect(bad(`${THREE}version=1`)).toBe("d:4: a dynamic file's version stands in its name, not in a version line.");
    expect(bad(`${THREE}tickTime=1`)).toBe('d:4: "tickTime" does not belong in a dynamic file.');
    expect(bad('a=\\u1')).toContain('d:1: ');
  });

  test('a dynamic file alone', () => {
    expect(read(THREE, 'zoo.cfg.dynamic.20').ensemble.version).toBe(0x20n);
    expect(read(`${THREE}version=100000000`, 'x').ensemble.version).toBe(0x100000000n);
  });

  test('printing is what ZooKeeper writes, and reads back to the same', () => {
    const text =
      'server.1=a:2888:3888:participant;0.0.0.0:2181\n' +
      'server.2=[::1]:2888:3888:participant;[::]:2181\n' +
      'server.3=c:1:2|d:3:4:participant\n' +
      'server.4=e:2888:3888:observer\n' +
      'group.1=1:2\ngroup.2=3\nweight.1=1\nweight.2=5\nweight.3=1\nversion=100000000';
    const { ensemble } = read(text);
    expect(printDynamicConfig(ensemble)).toBe(text);
    expect(read(printDynamicConfig(ensemble)).ensemble).toEqual(ensemble);
    expect(printDynamicConfig(read(THREE).ensemble)).toBe(
      'server.1=a:2888:3888:participant\nserver.2=b:2888:3888:participant\nserver.3=c:2888:3888:participant\nversion=0',
    );
  });
});
