/** False statements about connections for which more than one line is altered, so that only one rule speaks against them. */
import { peerIn, type ThreadDoctoring, unchangedSince, withText } from './doctor-threads.js';

/** What a SendWorker prints when it was interrupted. */
const LEAVING = /\[SendWorker:\d+:.*(?:Interrupted while|Calling SendWorker\.finish)/;

const DIALING = /Opening channel to server|Cannot open channel to|Connected to server/;

export const THREAD_DOCTORINGS_IN_CONTEXT: readonly ThreadDoctoring[] = [
  {
    kind: 'a finish called while another is inside',
    lines: /\[RecvWorker:(\d+):.*Removing entry from senderWorkerMap/,
    edit: (log, index) => {
      const line = log[index] ?? '';
      const peer = peerIn(line, /RecvWorker:(\d+):/);
      const [first = '', second = ''] = log.slice(index).filter((one) => LEAVING.test(one));
      const next = [first, second].map((one) => peerIn(one, /\[SendWorker:(\d+):/));
      if (next.some((one) => one !== peer) || !first.includes('Interrupted') || !second.includes('Calling'))
        return null;
      return [second, line];
    },
    without: LEAVING,
    proof: 'SendWorker.finish is synchronized, and the RecvWorker has not yet left it',
    names: /another thread is inside SendWorker\.finish/,
  },
  {
    kind: 'a second connection accepted beside the first',
    lines: /RecvWorker thread towards (\d+) started\. myId: \d+/,
    edit: (log, index) => {
      const line = log[index] ?? '';
      const peer = peerIn(line, /towards (\d+) started/);
      const listener = log.slice(0, index).findLast((one) => one.includes('[ListenerHandler-')) ?? '';
      const started = log
        .slice(index - 3, index)
        .find((one) => one.includes(`SendWorker thread started towards ${peer}.`));
      if (!listener.endsWith(`Address of remote peer: ${peer}`) || started === undefined) return null;
      const said = [
        'Received connection request from /10.0.0.1:4000',
        'Sync handling of connection request received from: /10.0.0.1:4000',
        `Initial message parsed by ${peerIn(line, /myId: (\d+)/)}: InitialMessage{sid=${peer}, electionAddr=[/10.0.0.1:3888]}`,
        `Address of remote peer: ${peer}`,
      ].map((text) => withText(listener, text));
      return [line, ...said, line];
    },
    proof: 'handleConnection finishes what is registered before it registers and starts other workers',
    names: /is registered and was not finished: it must be before another takes its place/,
  },
  {
    kind: 'a connection that is not there any more, and nobody dials',
    lines: /WorkerSender.*Server \d knows (\d+) already/,
    edit: (log, index) => {
      const line = log[index] ?? '';
      const peer = peerIn(line, /knows (\d+)/);
      const [opening = '', failing = ''] = log.slice(index).filter((one) => DIALING.test(one));
      if (!opening.endsWith(`Opening channel to server ${peer}`) || !failing.includes(`channel to ${peer} at`))
        return null;
      const end = log.indexOf(failing);
      const others =
        !unchangedSince(log, index, peer) ||
        log.slice(index + 1, end).some((one) => /Create new|knows|in progress/.test(one));
      return others ? null : [withText(line, `There is a connection already for server ${peer}`)];
    },
    without: DIALING,
    proof: 'connectOne found no entry, and no connection was made since the line above of the same thread',
    names: /senderWorkerMap had no entry for server \d since the last line of this thread/,
  },
];
