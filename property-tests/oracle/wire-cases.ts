/** Generated initial messages and configuration texts, right and wrong, with what our codec makes of them. */
import type { Rng } from '../../base/rng.js';
import { decodeInitialMessage } from '../../impl/wire/initial-message.js';
import { decodeUtf8 } from '../../impl/wire/java-text.js';
import { DEFAULT_CONFIG_READER, type ReceivedConfig, readReceivedConfig } from '../../impl/wire/received-config.js';
import type { Member } from '../../types/ensemble.js';
import { pick } from './cases.js';
import type { OracleCase } from './oracle-process.js';

/** Literals only: a name would be looked up. */
const HOSTS = ['10.0.0.7', '10.0.0.8', '[::1]', '[fe80::1]', ''] as const;
const MAYBE_WILDCARDS = [
  '0.0.0.0 0 0.0 00.000.0.0 0.0.0.0.0 0000000000000 000000000000.0.0 0.0.0.1 0.0.0. 0x0 [::] [0::] [::0]',
  '[0::0] [0:0:0:0:0:0:0:0] [0:0:0:0:0:0:0::] [::0:0:0:0:0:0:0] [00000::] [0:0:0:0:0:0:0]',
  '[0:0:0:0:0:0:0:0:0] [::0:0:0:0:0:0:0:0] [:::] [0:::0] [::0::] [:0] [0:] [::0.0.0.0] [::0.0.0]',
  '[0:0:0:0:0:0:0.0.0.0] [::ffff:0.0.0.0] [::FFFF:0:0] [0:0:0:0:0:ffff:0:0] [0::ffff:0.0.0.0]',
  '[::1:0.0.0.0] [::%1] [::%] [::0%12] [::ffff:0.0.0.0%1] [0:0::0:0.0.0.0] [0] [] [::00:0.0.0.0]',
  '[::f0ff:0:0] [::0ffff:0.0.0.0] [::ffff:00.0.0.0] [::ffff:0.0.0.1] [::0:ffff:0.0.0.0]',
].flatMap((line) => line.split(' '));
const PORTS = [
  '3888',
  '1',
  '0',
  '65535',
  '65536',
  '-1',
  '+80',
  '',
  'x',
  ' 1',
  '2147483647',
  '2147483648',
  '٣٨',
  '３',
  '1e1',
  '007',
];
const EDIT = ':|[];=. \n\\#01x-+uv\u00a0\t"participant';

function port(rng: Rng): string {
  return rng.chance(0.9) ? String(1 + rng.below(65_535)) : pick(rng, PORTS);
}

/** Sometimes a few characters less, more or other. */
function edited(rng: Rng, text: string, often: number): string {
  let result = text;
  while (rng.chance(often)) {
    const at = rng.below(result.length + 1);
    result = result.slice(0, at) + (rng.chance(0.6) ? pick(rng, [...EDIT]) : '') + result.slice(at + rng.below(2));
  }
  return result;
}

export function makeInitialCase(rng: Rng): OracleCase {
  const addresses = Array.from({ length: 1 + rng.below(3) }, () => {
    return `${rng.chance(0.5) ? pick(rng, HOSTS) : pick(rng, MAYBE_WILDCARDS)}:${port(rng)}`;
  });
  // An edited literal could be a name; what follows the host is edited alone.
  const text = Buffer.from(addresses.join('|').replaceAll(/(?<=[\]7]):.*/g, (rest) => edited(rng, rest, 0.2)));
  const bytes = Buffer.alloc(20 + text.length);
  bytes.writeBigInt64BE(pick(rng, [-65536n, -65536n, -65535n, -65535n, -65534n, 5n]), 0);
  bytes.writeBigInt64BE(pick(rng, [1n, -3n, 2n ** 63n - 1n]), 8);
  bytes.writeInt32BE(
    rng.chance(0.9) ? text.length : pick(rng, [0, -1, text.length + 1, text.length - 1, 2048, 2049]),
    16,
  );
  text.copy(bytes, 20);
  const given = rng.chance(0.9) ? bytes : bytes.subarray(0, rng.below(bytes.length + 1));
  const read = decodeInitialMessage(given);
  const { sid, addresses: left } = read.kind === 'accepted' ? read.message : { sid: 0n, addresses: [] };
  const ports = left.map((address) => ` ${address.port}`).join('');
  return {
    question: `initial\t${given.toString('hex')}`,
    ours: { codec: read.kind === 'accepted' ? `accepted ${sid}${ports}` : read.why },
  };
}

function serverLine(rng: Rng, sid: number): string {
  const spread = rng.chance(0.1) ? 2 : 1;
  const addresses = Array.from({ length: spread }, (_, index) => `${HOSTS[index] ?? ''}:${port(rng)}:${port(rng)}`);
  const role = rng.chance(0.7)
    ? `:${pick(rng, ['participant', 'participant', 'observer', ' Observer\t', 'PARTICIPANT'])}`
    : '';
  const client = rng.chance(0.2)
    ? `;${pick(rng, ['2181', '10.0.0.7:2181', '[::1]:2181', '', ':', 'x', '70000', '1:2:3'])}`
    : '';
  const key = rng.chance(0.97)
    ? `server.${sid}`
    : pick(rng, ['server.', 'server.x', `server.+${sid}`, `\\ server.${sid}`, 'server.1.1']);
  return `${key}=${addresses.join('|')}${role}${client}`;
}

function configText(rng: Rng): string {
  const sids = Array.from({ length: rng.below(5) }, (_, index) => index + 1);
  const lines = sids.map((sid) => serverLine(rng, sid));
  if (rng.chance(0.3)) {
    lines.push(`group.1=${sids.join(':')}${rng.chance(0.1) ? pick(rng, [':1', ':9', ':', ':x']) : ''}`);
    if (rng.chance(0.2))
      lines.push(pick(rng, ['group.2=1', 'group.2=:', 'group.2=', 'group=1', 'groups.2=8', 'group.01=9']));
    for (const sid of sids) if (rng.chance(0.4)) lines.push(`weight.${sid}=${rng.below(3)}`);
    if (rng.chance(0.1))
      lines.push(pick(rng, ['weight.9=1', 'weight=1', 'weight.1=x', 'weight.8=', 'weights.7=2', 'weight.01=5']));
  }
  lines.push(
    `version=${rng.chance(0.9) ? rng.below(5000).toString(16) : pick(rng, ['', '-1', 'zz', '5 ', '8000000000000000', 'ＦＦ', '٣'])}`,
  );
  if (rng.chance(0.05)) lines.push(pick(rng, ['a=1', '#', 'versions=1', '\\u00e', 'version\\u0020=zz', 'server=1']));
  // Hosts are kept whole: an edited one would be looked up.
  return rng.chance(0.5)
    ? lines.join('\n')
    : lines.join('\n').replaceAll(/(?<=[\]78]:\d*):[^\n]*/g, (rest) => edited(rng, rest, 0.15));
}

function memberText({ sid, type, addresses, clientAddress }: Member): string {
  const ports = (which: 'quorumPort' | 'electionPort'): string => {
    const distinct = new Map(addresses.map((a) => [`${a.host} ${a[which]}`, a[which]]));
    return `[${[...distinct.values()].sort((a, b) => a - b).join(',')}]`;
  };
  return ` ${sid} ${type}${ports('quorumPort')}${ports('electionPort')}${clientAddress?.port ?? '-'}`;
}

const textOf = (read: ReceivedConfig): string =>
  read.kind === 'parsed' ? `parsed ${read.config.version}${read.config.members.map(memberText).join('')}` : read.kind;

export function makeReceivedCase(rng: Rng): OracleCase {
  const bytes = Buffer.from(configText(rng));
  const [standaloneEnabled, multiAddress] = [rng.chance(0.8), rng.chance(0.5)];
  const ours = textOf(
    readReceivedConfig(decodeUtf8(bytes), { ...DEFAULT_CONFIG_READER, standaloneEnabled, multiAddress }),
  );
  return { question: `config\t${bytes.toString('hex')}\t${standaloneEnabled}\t${multiAddress}`, ours: { codec: ours } };
}
