/**
 * What ZooKeeper 3.8.0 does with bytes on its election port, as tables: WorkerReceiver.run by the length of a message,
 * and RecvWorker.run. It shares no code with `impl/wire`, to be compared with it; where they differ, ZooKeeper decides.
 */
const version = (bytes) => bytes.readInt32BE(36);
const told = (bytes) => bytes.readInt32BE(40);

/** The first line that holds decides. */
const NOTIFICATION = [
  [(bytes) => bytes.length < 28, 'short'],
  [(bytes) => bytes.length === 28, 'taken, 28 bytes'],
  [(bytes) => bytes.length <= 35, 'endsInEpoch'],
  [(bytes) => bytes.length <= 39, 'endsInVersion'],
  [(bytes) => bytes.length === 40, 'taken, 40 bytes'],
  [(bytes) => version(bytes) <= 1, 'taken, no configuration'],
  [(bytes) => bytes.length <= 43, 'endsInConfigLength'],
  [(bytes) => told(bytes) < 0 || told(bytes) > bytes.length, 'badConfigLength'],
  [(bytes) => 44 + told(bytes) > bytes.length, 'endsInConfig'],
  [() => true, 'taken, configuration'],
];

/** Configuration texts and what becomes of the receiver. */
export const CONFIGS = [
  ['parsed', ['', 'version=0', 'version=-1', 'server.1=|', '#\nversion=7']],
  ['parsed', ['server.1=a:1:2\nserver.2=b:1:2:participant;2181\nserver.3=c:1:2:observer\nversion=1f']],
  ['parsed', ['server.1=a:1:2\nserver.2=b:1:2\ngroup.1=1:2\nweight.2=0\nversion=100000000']],
  [
    'configError',
    ['a=1', 'server.1=a:1:2:x', 'server.1=a:1', 'server.1=a:x:2', 'server.1=a:1:1', 'server.1=a:1:2|b:1:2'],
  ],
  ['configError', ['server.1=a:1:2\nserver.2=a:1:2\ngroup.1=1', 'Version=1', 'server.1=[::1:1:2']],
  [
    'receiverDies',
    ['version=zz', 'version=5 ', 'version=ffffffffffffffff', 'server.x=a:1:2', 'server.1=a:1:70000', 'server.1=;'],
  ],
  [
    'receiverDies',
    ['server.1=a:1:2:observer', 'server.1=a:1:2\nserver.2=a:1:2:observer', 'group.1=7', 'group=1', 'a=\\u12x'],
  ],
].flatMap(([fate, texts]) => texts.map((text) => [text, fate]));
const FATES = new Map(CONFIGS);

/** The class of a message; with a configuration that is in the table, also its fate, else `?`. */
export function notificationClass(bytes) {
  const [, name] = NOTIFICATION.find(([holds]) => holds(bytes));
  if (!name.startsWith('taken')) return name;
  const state = [0, 1, 2, 3].includes(bytes.readInt32BE(0)) ? '' : ', unknown state';
  if (name !== 'taken, configuration') return `${name}${state}`;
  return `${name} ${FATES.get(bytes.toString('utf8', 44, 44 + told(bytes))) ?? '?'}${state}`;
}

/** The lengths of the frames of a whole stream, and whether a bad length ended it or how many bytes are left over. */
export function framesOf(bytes) {
  const lengths = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = bytes.readInt32BE(at);
    if (length <= 0 || length > 512 * 1024) return { lengths, end: 'broken' };
    if (at + 4 + length > bytes.length) break;
    lengths.push(length);
    at += 4 + length;
  }
  return { lengths, end: bytes.length - at };
}
