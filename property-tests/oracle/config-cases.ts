/** Generated configuration texts, right and wrong, with what our parser makes of them. */
import type { Rng } from '../../base/rng.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { toHex } from '../../types/int64.js';
import { parseZooCfg } from '../../types/zoo-cfg.js';
import { pick } from './cases.js';
import type { OracleCase } from './oracle-process.js';
import type { OracleRelease } from './oracle-release.js';

const HOSTS = ['127.0.0.1', '10.0.0.7', '[::1]', '[fe80:0:0:0:1:2:3:4]'] as const;

function port(rng: Rng): string {
  return rng.chance(0.97) ? String(1 + rng.below(65_535)) : pick(rng, ['x', '', '70000', '-1', ' 2888']);
}

function address(rng: Rng, brackets: boolean): string {
  const parts = [pick(rng, brackets ? HOSTS : HOSTS.slice(0, 2)), port(rng), port(rng)];
  if (rng.chance(0.03)) parts.pop();
  if (rng.chance(0.02)) parts.push('1');
  return parts.join(':');
}

function serverValue(rng: Rng, { manyAddresses, brackets }: OracleRelease): string {
  const addresses = Array.from({ length: manyAddresses && rng.chance(0.15) ? 2 : 1 }, () => address(rng, brackets));
  let value = addresses.join('|');
  if (rng.chance(0.5)) value += `:${pick(rng, ['participant', 'observer', 'Observer', 'PARTICIPANT', 'witness'])}`;
  if (rng.chance(0.3)) value += `;${pick(rng, ['2181', '127.0.0.1:2181', brackets ? '[::1]:2181' : '2182', 'x', ''])}`;
  return value;
}

function separator(rng: Rng): string {
  return pick(rng, ['=', '=', '=', ' = ', ':', ' ', '\t=']);
}

/** Lines of a dynamic configuration; ids are distinct, because a repeated one is refused here and not in Java. */
function configText(rng: Rng, on: OracleRelease): string {
  const lines: string[] = [];
  const count = 1 + rng.below(6);
  const sids = Array.from({ length: count }, (_, index) => String(index + rng.below(2) * 10));
  const distinct = [...new Set(sids)];
  const named = new Set<string>();
  for (const sid of distinct) {
    const name = rng.chance(0.98) ? sid : pick(rng, ['x', '', '9223372036854775808', '-3', '007']);
    if (named.has(name)) continue;
    named.add(name);
    lines.push(`server.${name}${separator(rng)}${serverValue(rng, on)}`);
  }
  if (rng.chance(0.4)) lines.push(...groupLines(rng, distinct));
  if (rng.chance(0.4))
    lines.push(`version=${rng.chance(0.9) ? rng.below(5000).toString(16) : pick(rng, ['zz', '', '-1', '0x1'])}`);
  if (rng.chance(0.2)) lines.unshift('# a comment', '', '! another');
  if (rng.chance(0.1)) lines.push('unknown.key=value \\', '   continued');
  return lines.join('\n');
}

function groupLines(rng: Rng, sids: readonly string[]): readonly string[] {
  const groups = [[], [], []] as string[][];
  for (const sid of sids) if (rng.chance(0.97)) pick(rng, groups).push(sid);
  if (rng.chance(0.05)) pick(rng, groups).push(pick(rng, sids));
  const lines = groups.flatMap((members, index) => (members.length > 0 ? [`group.${index}=${members.join(':')}`] : []));
  for (const sid of sids) {
    if (rng.chance(0.5)) lines.push(`weight.${sid}=${rng.chance(0.97) ? rng.below(4) : pick(rng, ['x', '', '1.5'])}`);
  }
  return lines;
}

const bare = (host: string): string => host.replaceAll(/[[\]]/g, '');

/** In the words of `Oracle.config`. */
function printOurs({ members, quorumSystem, version }: EnsembleConfig): string {
  const servers = members.map(({ sid, type, addresses, clientAddress }) => {
    const quorum = [...new Set(addresses.map(({ host, quorumPort }) => `${bare(host)}:${quorumPort}`))].sort();
    const election = [...new Set(addresses.map(({ host, electionPort }) => `${bare(host)}:${electionPort}`))].sort();
    const client = clientAddress === null ? '-' : `${bare(clientAddress.host)}:${clientAddress.port}`;
    return `${sid} ${type} [${quorum.join(', ')}][${election.join(', ')}]${client};`;
  });
  const map = (entries: ReadonlyMap<bigint, bigint>): string =>
    `{${[...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`)
      .join(', ')}}`;
  const grouped = quorumSystem.kind === 'hierarchical' ? map(quorumSystem.groups) + map(quorumSystem.weights) : '';
  return servers.join('') + grouped + toHex(version);
}

/** Up to 3.4: what both forms have, and right; the rest has other rules there. */
function staticConfigText(rng: Rng): string {
  const sids = Array.from({ length: 2 + rng.below(5) }, (_, index) => String(index + 1));
  const observer = rng.chance(0.3) ? String(sids.length + 1) : null;
  const value = (role: string): string => `${pick(rng, ['127.0.0.1', '10.0.0.7'])}:${port(rng)}:${port(rng)}${role}`;
  const lines = sids.map((sid) => `server.${sid}=${value(rng.chance(0.5) ? ':participant' : '')}`);
  if (observer !== null) lines.push(`server.${observer}=${value(rng.chance(0.5) ? ':observer' : ':OBSERVER')}`);
  if (rng.chance(0.5)) lines.push(...groupLines(rng, sids));
  return lines.join('\n');
}

export function makeConfigCase(rng: Rng, on: OracleRelease): OracleCase {
  const text = on.dynamic ? configText(rng, on) : staticConfigText(rng);
  const parsed = parseZooCfg(text, 'zoo.cfg');
  return {
    question: `config\t${text.replaceAll('\t', ' ').replaceAll('\n', '\u001f')}`,
    ours: { parser: parsed.ok ? printOurs(parsed.value.ensemble) : 'throws' },
  };
}
