/** Which TCP connections there are between two processes, read from what Linux tells of them in /proc. */

/** Descriptors of one process that are sockets: the inode of each, as /proc writes it, and its descriptor. */
export type Sockets = ReadonlyMap<string, number>;

/** One IPv4 connection, ends as /proc writes them. */
interface Connection {
  readonly local: string;
  readonly remote: string;
  readonly inode: string;
}

const ESTABLISHED = '01';

/** The established connections of /proc/net/tcp; lines that are none are passed over. */
export function parseTcpTable(text: string): readonly Connection[] {
  return text.split('\n').flatMap((line) => {
    const [number = '', local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const isRow = /^\d+:$/.test(number) && state === ESTABLISHED && /^\d+$/.test(inode);
    return isRow ? [{ local, remote, inode }] : [];
  });
}

/** Of what the descriptors of a process point to (`socket:[4711]`), the sockets. */
export function socketsOf(links: ReadonlyMap<number, string>): Sockets {
  const sockets = new Map<string, number>();
  for (const [descriptor, link] of links) {
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode !== undefined) sockets.set(inode, descriptor);
  }
  return sockets;
}

/** Descriptors of `own` that are connected with a socket of `other`. */
export function connectionsBetween(table: string, own: Sockets, other: Sockets): readonly number[] {
  const connections = parseTcpTable(table);
  const inodeAt = new Map(connections.map(({ local, remote, inode }) => [`${local} ${remote}`, inode]));
  return connections.flatMap(({ local, remote, inode }) => {
    const descriptor = own.get(inode);
    const peer = inodeAt.get(`${remote} ${local}`);
    return descriptor !== undefined && peer !== undefined && other.has(peer) ? [descriptor] : [];
  });
}
