/** Evidence of the wire codec: ten million byte strings, bytes of real servers, ZooKeeper's own classes. */
import { join } from 'node:path';
import { ROOT, run, section, tests } from './evidence-tools.mjs';

export function codec() {
  const command = ['scripts/codec.mjs', '--count', '10000000', '--seed', '1'];
  const strings = run(process.execPath, join(ROOT, command[0]), ...command.slice(1)).text;
  return [
    ...section('Ten million byte strings, each classed twice', `node ${command.join(' ')}`, strings),
    ...section('Bytes by hand, bytes of real servers, round trips', 'npx vitest run impl/wire', tests('impl/wire')),
    ...section(
      "ZooKeeper's own classes",
      'npx vitest run property-tests/oracle/wire-oracle.test.ts',
      tests('property-tests/oracle/wire-oracle.test.ts'),
    ),
  ].join('\n');
}
