/** Cuts the TCP connections between two processes, without root and without touching the processes. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { UsageError } from '../usage-error.js';
import { connectionsBetween, type Sockets, socketsOf } from './connections.js';

/**
 * Takes a process's own descriptors by pidfd_open (434) and pidfd_getfd (438), of these numbers on every architecture,
 * and shuts the sockets both ways: each end reads the end of the stream. Node has no system calls; Perl does.
 */
const SHUT = `
use strict;
use warnings;
my ($pid, @descriptors) = map { $_ + 0 } @ARGV;
my $process = syscall(434, $pid, 0);
die "pidfd_open: $!\\n" if $process < 0;
for my $descriptor (@descriptors) {
  my $own = syscall(438, $process, $descriptor, 0);
  die "pidfd_getfd: $!\\n" if $own < 0;
  open(my $socket, '+<&=', $own) or die "open: $!\\n";
  shutdown($socket, 2) or die "shutdown: $!\\n";
}
`;

/** Throws UsageError if there is none, or if this system does not let them be cut. */
export function cutConnections(pid: number, otherPid: number): void {
  if (process.platform !== 'linux') throw new UsageError('connections can be cut on Linux only.');
  const table = readFileSync('/proc/net/tcp', 'utf8');
  const descriptors = connectionsBetween(table, socketsIn(pid), socketsIn(otherPid));
  if (descriptors.length === 0) throw new UsageError('the recording failed: there is no connection to cut.');
  const { error, status, stderr } = spawnSync('perl', ['-e', SHUT, String(pid), ...descriptors.map(String)], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw new UsageError(`connections cannot be cut: perl is needed (${error.message}).`);
  if (status !== 0) {
    throw new UsageError(
      `connections cannot be cut: ${stderr.trim()}. It needs Linux 5.6 or newer, and either kernel.yama.ptrace_scope ` +
        'of 0 or root.',
    );
  }
}

/** The sockets of a process; none if it is gone. */
function socketsIn(pid: number): Sockets {
  const folder = `/proc/${pid}/fd`;
  const links = new Map<number, string>();
  for (const name of list(folder)) {
    try {
      links.set(Number(name), readlinkSync(`${folder}/${name}`));
    } catch {
      // Closed meanwhile.
    }
  }
  return socketsOf(links);
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
