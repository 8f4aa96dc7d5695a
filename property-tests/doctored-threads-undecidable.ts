/** Alterations of connections that one log cannot disprove, with the reason. They must not be called false. */
import { REPLAY, replaced, sentSinceReplay, type ThreadDoctoring } from './doctor-threads.js';

/** What looks false and may be true: with the reason. */
export const THREADS_UNDECIDABLE: readonly (Omit<ThreadDoctoring, 'names' | 'proof'> & { readonly why: string })[] = [
  {
    kind: 'an interrupt that is not told',
    lines: /Interrupted while waiting for message on queue/,
    edit: () => [],
    why: 'the SendWorker may not have been waiting: it sees at the head of its loop that it does not run any more',
  },
  {
    kind: 'the address that a caller announced',
    lines: /Initial message parsed by/,
    edit: replaced(/electionAddr=\[.*\]/, 'electionAddr=[/10.0.0.1:3888]'),
    why: 'it is an input, and where it is dialled is not printed until it fails',
  },
  {
    kind: 'a connection refused that was opened to a larger server',
    lines: /Have smaller server identifier, so dropping/,
    edit: replaced(/Have smaller.*/, 'Ignoring exception reading or writing challenge: '),
    why: 'the network may break at any moment',
  },
  {
    kind: 'one more queue that was full',
    lines: /Queue size: [01]/,
    edit: (log, index) => [(log[index] ?? '').replace(/size: [01]/, 'size: 1'), log[index] ?? ''],
    why: 'queues are looked at in no order that is known, and each may be full',
  },
  {
    kind: 'the last message not sent again',
    lines: REPLAY,
    edit: (log, index) => (sentSinceReplay(log, index) ? [] : null),
    why: 'the message queued last may not have been taken: then it waits, and the last message is not sent again',
  },
];
