/**
 * The lines of QuorumCnxManager in the wording of ZooKeeper 3.6.1 to 3.9 (format strings compared with the sources
 * of 3.8.0, 3.8.6 and 3.9.5). They are read only for a judge that asks for them.
 */
import type { ConnectionLine, ConnectionMessage } from '../../types/connection-line.js';
import { asSid, type Sid } from '../../types/ids.js';
import { isLogger, rule, RuleBook, type MessagePlace, type Rule } from './rules.js';
import { copy, Fields, scan, template } from './template.js';

type ConnectionRule = Rule<ConnectionMessage>;

const MANAGER = { logger: 'QuorumCnxManager', strict: true } as const;

const on = (format: string, build: (fields: Fields) => ConnectionMessage): ConnectionRule =>
  rule([format], build, MANAGER);

/** A message without fields; `rest` stands for what may follow its words. */
const plain = (words: string, message: ConnectionMessage): ConnectionRule =>
  rule([`${words}{rest:r}`], () => message, MANAGER);

type Peered = Extract<ConnectionMessage, { readonly peer: Sid }>;
type OnlyPeer = Exclude<Peered, { readonly myId: Sid }>['what'];
type PeerAndMe = Exclude<Extract<Peered, { readonly myId: Sid }>['what'], 'peerKnown' | 'initialMessage'>;

const peer = (what: OnlyPeer, format: string): ConnectionRule =>
  on(format, (f) => ({ what, peer: asSid(f.int('peer')) }));

const both = (what: PeerAndMe, format: string): ConnectionRule =>
  on(format, (f) => ({ what, peer: asSid(f.int('peer')), myId: asSid(f.int('myId')) }));

const known = (view: 'committed' | 'proposed', name: string): ConnectionRule =>
  rule(
    [`Server {myId:d} knows {peer:d} already, it is in the ${name}`],
    (f) => ({ what: 'peerKnown', myId: asSid(f.int('myId')), peer: asSid(f.int('peer')), view }),
    { logger: 'QuorumCnxManager' },
  );

const REQUESTS: readonly ConnectionRule[] = [
  on('Listener thread started, myId: {myId:d}', (f) => ({ what: 'listenerStarted', myId: asSid(f.int('myId')) })),
  on('Received connection request from {address:r}', (f) => ({ what: 'requestReceived', address: f.word('address') })),
  plain('Exception while listening to address ', { what: 'listeningFailed' }),
  ...[false, true].map((async) =>
    on(`${async ? 'Async' : 'Sync'} handling of connection request received from: {address:r}`, (f) => ({
      what: 'requestHandled',
      address: f.word('address'),
      async,
    })),
  ),
  on('Initial message parsed by {myId:d}: InitialMessage{sid={peer:d}, electionAddr=[{addresses:r}', (f) => ({
    what: 'initialMessage',
    myId: asSid(f.int('myId')),
    peer: asSid(f.int('peer')),
    announced: f.word('addresses') !== ']}',
  })),
  plain('Initial message parsing error!', { what: 'requestFailed' }),
  plain('Exception reading or writing challenge', { what: 'requestFailed' }),
  plain('Exception handling connection, addr: ', { what: 'requestFailed' }),
  peer('observerNumbered', 'Setting arbitrary identifier to observer: {peer:d}'),
  plain('We got a connection request from a server with our own ID.', { what: 'ownIdCalled' }),
  peer('dialingBack', 'Create new connection to server: {peer:d}'),
  peer('connectedAlready', 'There is a connection already for server {peer:d}'),
  known('committed', 'lastCommittedView'),
  known('proposed', 'lastProposedView'),
  peer(
    'alreadyInProgress',
    'Connection request to server id: {peer:d} is already in progress, so skipping this request',
  ),
  peer('peerInvalid', 'Invalid server id: {peer:d}'),
  plain('Exception while submitting quorum connection request', { what: 'submitFailed' }),
];

const CONNECTIONS: readonly ConnectionRule[] = [
  peer('openingChannel', 'Opening channel to server {peer:d}'),
  peer('channelOpened', 'Connected to server {peer:d} using election address: {rest:r}'),
  peer('cannotOpen', 'Cannot open channel to {peer:d} at election address {rest:r}'),
  peer('cannotOpen', 'Cannot open secure channel to {peer:d} at election address {rest:r}'),
  both('startingConnection', 'startConnection (myId:{myId:d} --> sid:{peer:d})'),
  plain('Ignoring exception reading or writing challenge', { what: 'dialingFailed' }),
  plain('Exception while connecting, id: ', { what: 'dialingFailed' }),
  both('dropping', 'Have smaller server identifier, so dropping the connection: (myId:{myId:d} --> sid:{peer:d})'),
  both('keeping', 'Have larger server identifier, so keeping the connection: (myId:{myId:d} --> sid:{peer:d})'),
  plain('Unable to access socket output stream', { what: 'workerBroken' }),
  plain('Error while accessing socket for ', { what: 'workerBroken' }),
  peer('workerMade', 'Address of remote peer: {peer:d}'),
  peer('finishCalled', 'Calling SendWorker.finish for {peer:d}'),
  both('receiverFinished', 'RecvWorker.finish called. sid: {peer:d}. myId: {myId:d}'),
  peer('entryRemoved', 'Removing entry from senderWorkerMap sid={peer:d}'),
  peer('replaying', 'Attempting to send lastMessage to sid={peer:d}'),
  plain('Failed to send last message. Shutting down thread.', { what: 'replayFailed' }),
  both('senderStarted', 'SendWorker thread started towards {peer:d}. myId: {myId:d}'),
  plain('Interrupted while waiting for message on queue', { what: 'senderInterrupted' }),
  both('senderFailed', 'Exception when using channel: for id {peer:d} my id = {myId:d}'),
  both('senderLeft', 'Send worker leaving thread id {peer:d} my id = {myId:d}'),
  both('receiverStarted', 'RecvWorker thread towards {peer:d} started. myId: {myId:d}'),
  both('connectionBroken', 'Connection broken for id {peer:d}, my id = {myId:d}'),
  both('interruptingSender', 'Interrupting SendWorker thread from RecvWorker. sid: {peer:d}. myId: {myId:d}'),
  on('Queue size: {size:d}', (f) => ({ what: 'queueSize', size: f.int('size') })),
  plain('Halting listener', { what: 'managerHalting' }),
  rule(['Shutting down connection manager'], () => ({ what: 'managerHalting' }), { logger: 'FastLeaderElection' }),
];

const BOOK = new RuleBook<ConnectionMessage>([...REQUESTS, ...CONNECTIONS]);

/** It begins with a field, so no prefix finds it (ListenerHandler.acceptConnections). */
const ACCEPTING = template('{myId:d} is accepting connections now, my election bind port: {address:r}');

function readMessageOf(place: MessagePlace): ConnectionMessage | null {
  const { text, start, end } = place;
  const logger = place.logger();
  if (!isLogger(logger, 'QuorumCnxManager') && !isLogger(logger, 'FastLeaderElection')) return null;
  const first = text.charCodeAt(start);
  if ((first >= 0x30 && first <= 0x39) || first === 0x2d) {
    const fields = scan(ACCEPTING, text.slice(start, end).trimEnd());
    return fields instanceof Fields ? { what: 'accepting', myId: asSid(fields.int('myId')) } : null;
  }
  const read = BOOK.read(place);
  return read?.what === 'unreadable' ? { what: 'garbled', text: read.text } : read;
}

/** Lines that read alike are one object: judges compare them. */
const lately = new Map<ConnectionMessage, Map<string, ConnectionLine>>();
const LATELY_MAX = 4096;

/** Reads a record as a line of a connection; null if it is none. */
export function readConnectionLine(place: MessagePlace, threadOf: () => string): ConnectionLine | null {
  const message = readMessageOf(place);
  if (message === null) return null;
  const thread = threadOf();
  const known = lately.get(message)?.get(thread);
  if (known !== undefined) return known;
  const line: ConnectionLine = { what: 'connection', thread: copy(thread), message };
  if (lately.size >= LATELY_MAX) lately.clear();
  const byThread = lately.get(message) ?? new Map<string, ConnectionLine>();
  lately.set(message, byThread.set(line.thread, line));
  return line;
}
