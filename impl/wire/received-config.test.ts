/**
 * Goal: a received configuration is taken, logged as an error, or ends the WorkerReceiver, as in 3.8.0. Method: a text for
 * each way; property-tests/oracle asks ZooKeeper's own classes about random ones.
 *
 * A real server 2 of three (3.8.0, OpenJDK 17) logged "Something went wrong while processing config" and answered: `a=1`, a
 * role x, two addresses. It took: no text, one voter. Its log said that the thread WorkerReceiver
 * died, each in a process of its own: `version=zz`, `version=5 `, `server.x=a:1:2`, `server.1=a:1:70000`, `server.1=;`,
 * `server.1=a:1:2;:`, one observer, one voter with one observer, `group.1=7`, `group=1`, `a=\u12x`.
 */
import { describe, expect, it, test } from 'vitest';
import { printDynamicConfig } from '../../types/zoo-cfg.js';
import { DEFAULT_CONFIG_READER, readReceivedConfig } from './received-config.js';

const TWO = 'server.1=a:1:2\nserver.2=b:1:2\n';

describe('what a configuration text does', () => {
  test.each<[string, string]>([
    ['', 'parsed'],
    ['version=0', 'parsed'],
    ['version=7fffffffffffffff', 'parsed'],
    ['version=-1', 'parsed'],
    ['version=ＦＦ', 'parsed'],
    ['version=zz', 'receiverDies'],
    ['version=', 'receiverDies'],
    ['version=5 ', 'receiverDies'],
    ['version=ffffffffffffffff', 'receiverDies'],
    ['a=1', 'configError'],
    ['versions=1', 'configError'],
    ['Server.1=a:1:2', 'configError'],
    ['a=1\nversion=zz', 'configError'],
    ['a=\\u12x', 'receiverDies'],
    ['\\ version=zz', 'parsed'],
    ['server.1=a:1:2', 'parsed'],
    ['server.1=[::1]x1:2', 'parsed'],
    ['server.1=|', 'parsed'],
    ['server.=a:1:2', 'receiverDies'],
    ['server.x=a:1:2', 'receiverDies'],
    ['server.9223372036854775808=a:1:2', 'receiverDies'],
    ['server.1=', 'configError'],
    ['server.1=a:1', 'configError'],
    ['server.1=a:1:2:participant:3', 'configError'],
    ['server.1=a:x:2', 'configError'],
    ['server.1=a:1:x', 'configError'],
    ['server.1=a:1:1', 'configError'],
    ['server.1=a:1:2:x', 'configError'],
    ['server.1=a:1:2:participant\u00a0', 'configError'],
    ['server.1=a:1:2:participant\\t', 'parsed'],
    ['server.1=[::1:1:2', 'configError'],
    ['server.1=a:1:70000', 'receiverDies'],
    ['server.1=a:-1:2', 'receiverDies'],
    ['server.1=a:99999999999:2', 'configError'],
    ['server.1=a:70000:x', 'receiverDies'],
    ['server.1=;', 'receiverDies'],
    ['server.1=;2181', 'configError'],
    ['server.1=a:1:2;2181', 'parsed'],
    ['server.1=a:1:2;x', 'configError'],
    ['server.1=a:1:2;70000', 'receiverDies'],
    ['server.1=a:1:2;:', 'receiverDies'],
    ['server.1=a:1:2;b:1:2', 'configError'],
    ['server.1=a:1:2;1;2', 'configError'],
    ['server.1=|;1;2', 'parsed'],
    ['server.1=a:1:2|b:1:2', 'configError'],
    ['server.1=a:1:2:observer', 'receiverDies'],
    ['server.1=a:1:2\nserver.2=a:1:2:observer', 'receiverDies'],
    [`${TWO}server.3=a:1:2:observer`, 'parsed'],
    [`${TWO}group.1=1:2`, 'parsed'],
    [`${TWO}group.1=1`, 'configError'],
    [`${TWO}weight.1=1`, 'configError'],
    [`${TWO}group.1=1:2:9`, 'receiverDies'],
    [`${TWO}group.1=1:2:9\nweight.9=1`, 'parsed'],
    [`${TWO}group.1=1:2\ngroup.2=2`, 'configError'],
    [`${TWO}group.1=1:1:x`, 'configError'],
    [`${TWO}group.1=1:x:1`, 'receiverDies'],
    [`${TWO}group=1:2`, 'receiverDies'],
    [`${TWO}group.1=1:2\nweight.1=x`, 'receiverDies'],
    [`${TWO}group.1=1:2\nweight=1`, 'receiverDies'],
    ['group.1=7', 'receiverDies'],
    ['group.1=:', 'parsed'],
    ['server.1=a:1:x\nserver.2=a:1:70000', 'orderDecides'],
    [`${TWO}group.1=1:x\ngroup.2=1`, 'orderDecides'],
    [`${TWO}server.01=c:1:2`, 'orderDecides'],
    [`${TWO}group.1=1:2\nweight.1=1\nweight.01=2`, 'orderDecides'],
    [`server.1=a:1:x\nserver.1=a:1:2`, 'parsed'],
  ])('%j: %s', (text, kind) => {
    expect(readReceivedConfig(text).kind).toBe(kind);
  });

  test.each<[string, object, string]>([
    ['server.1=a:1:2|b:1:2', { multiAddress: true }, 'parsed'],
    ['server.1=a:1:2:observer|b:1:2:participant', { multiAddress: true }, 'configError'],
    ['server.1=a:1:2\nserver.2=a:1:2:observer', { standaloneEnabled: false }, 'parsed'],
    ['', { standaloneEnabled: false }, 'receiverDies'],
    ['server.1=a:1:2:observer', { standaloneEnabled: false }, 'receiverDies'],
    [`${TWO}group.1=x`, { oraclePath: '/o' }, 'parsed'],
    [`${TWO}a=x`, { oraclePath: '/o' }, 'configError'],
  ])('%j with %j: %s', (text, settings, kind) => {
    expect(readReceivedConfig(text, { ...DEFAULT_CONFIG_READER, ...settings }).kind).toBe(kind);
  });

  it('is printed as it came', () => {
    const text = [
      'server.1=10.0.0.1:2888:3888:participant;0.0.0.0:2181',
      'server.2=[::1]:2888:3888:participant',
      'server.3=c:1:2|d:1:2:observer',
      'group.1=1:2:3',
      'weight.1=2',
      'weight.2=1',
      'weight.3=0',
      'version=100000000',
    ].join('\n');
    const read = readReceivedConfig(text, { ...DEFAULT_CONFIG_READER, multiAddress: true });
    expect(read.kind === 'parsed' ? printDynamicConfig(read.config) : read).toBe(text);
  });

  it('knows the quorum system, and which server never had an address', () => {
    const read = (text: string, oraclePath: string | null): unknown => {
      const outcome = readReceivedConfig(text, { ...DEFAULT_CONFIG_READER, oraclePath });
      return outcome.kind === 'parsed' ? [outcome.config.quorumSystem, outcome.config.members] : outcome;
    };
    expect(read('', null)).toEqual([{ kind: 'majority' }, []]);
    const bare = { sid: -4n, type: 'PARTICIPANT', addresses: [], clientAddress: null };
    expect(read('server.-4=|', '/o')).toEqual([{ kind: 'oracle', oraclePath: '/o' }, [bare]]);
  });

  it('builds no number of half a megabyte', () => {
    expect(readReceivedConfig(`version=${'1'.repeat(500_000)}`).kind).toBe('receiverDies');
    expect(readReceivedConfig(`version=${'0'.repeat(500_000)}1`)).toMatchObject({ config: { version: 1n } });
  });
});
