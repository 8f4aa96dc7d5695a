/** Asks a running server what it is, by the four-letter word `srvr`. */
import { connect } from 'node:net';

export type Mode = 'leader' | 'follower' | 'observer';

const ANSWER_MS = 1000;

/** The mode of the server on this client port of the loopback; null while it does not serve or does not answer. */
export async function askMode(port: number): Promise<Mode | null> {
  return parseMode(await ask(port));
}

/** `Mode: leader` of a `srvr` answer. */
export function parseMode(answer: string): Mode | null {
  const mode = /^Mode: (leader|follower|observer)$/m.exec(answer)?.[1];
  return mode === 'leader' || mode === 'follower' || mode === 'observer' ? mode : null;
}

/** What was answered until the server closed or the deadline passed, be it nothing. */
function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('srvr'));
    const done = (): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(text);
    };
    const deadline = setTimeout(done, ANSWER_MS);
    socket.on('data', (chunk) => (text += chunk.toString('utf8')));
    socket.on('error', done);
    socket.on('end', done);
  });
}
