/**
 * What ZooKeeper 3.8.0 does with the first bytes of a connection to its election port (InitialMessage.parse), as a table.
 * It shares no code with `impl/wire`, to be compared with it; where they differ, ZooKeeper decides.
 */
const WILDCARD = /^(0+(\.0+){0,3}|(0+(:0+)*)?::((0+:)*0+)?(%[0-9]+)?)$/;
/** Integer.parseInt takes the decimal digits of every script, as far as one char holds them; ten stand together. */
const DIGITS = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((c) => /\p{Nd}/u.test(c));
const VALUES = new Map(DIGITS.map((digit, index) => [digit, index % 10]));
const ascii = (port) =>
  port
    .split('')
    .map((char) => VALUES.get(char) ?? char)
    .join('');
/** A bracketed host and any character, or a host and a colon; a port; colons that String.split drops. */
const ADDRESS = /^(?:\[([^\]]*)\][^]|([^[:][^:]*|):)([^:]+):*$/;
const INITIAL = [
  [(bytes) => bytes.length < 8, 'eof'],
  [(bytes) => bytes[0] < 0x80, 'accepted'],
  [(bytes) => !/^f{12}000[01]/.test(bytes.toString('hex', 0, 8)), 'badProtocolVersion'],
  [(bytes) => bytes.length < 20, 'eof'],
  [(bytes) => bytes.readInt32BE(16) <= 0 || bytes.readInt32BE(16) > 2048, 'badLength'],
  [(bytes) => bytes.length < 20 + bytes.readInt32BE(16), 'shortAddress'],
  [() => true, 'addresses'],
];

/** The class of an initial message: the first address that is not taken decides. */
export function initialClass(bytes) {
  const [, name] = INITIAL.find(([holds]) => holds(bytes));
  if (name !== 'addresses') return name;
  const list = bytes.toString('utf8', 20, 20 + bytes.readInt32BE(16));
  const used = list.replace(/(?<=[^])\|+$|^\|+$/, '');
  for (const address of used === '' && list !== '' ? [] : used.split('|')) {
    const [, v6, host, text] = ADDRESS.exec(address) ?? [];
    const port = ascii(text ?? '');
    if (!/^[+-]?[0-9]+$/.test(port) || Number(port) !== (Number(port) | 0)) return 'badAddress';
    if (!WILDCARD.test(v6 ?? host) && (Number(port) < 0 || Number(port) > 65535)) return 'listenerDies';
  }
  return 'accepted';
}
