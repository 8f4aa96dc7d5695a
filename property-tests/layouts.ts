/** Recorded logs, printed anew as other logging configurations would have printed them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const RECORDED = fileURLToPath(new URL('../traces/recorded/', import.meta.url));

/** One call of a logger, with the lines of its stack trace. */
export interface LogEvent {
  /** As ISO8601 prints it in both loggers: `2026-01-01 10:00:00,000`. */
  readonly time: string;
  readonly sid: number;
  readonly myid: string;
  readonly level: string;
  readonly thread: string;
  /** Without its package. */
  readonly className: string;
  readonly line: string;
  readonly message: string;
  readonly below: readonly string[];
}

const RECORD = /^(\d{4}-\d\d-\d\d [\d:]{8},\d{3}) \[myid:(.*?)\] - (\w+) +\[(.*):(?:\w\.)*([\w$]+)@(\d+)\] - (.*)$/;

/** Reads the layout that the recordings have. */
export function eventsOf(text: string, sid: number): readonly LogEvent[] {
  const events: LogEvent[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const match = RECORD.exec(line);
    const last = events.pop();
    if (match === null) {
      if (last === undefined) throw new Error(`a recording begins with a record, not with ${line}`);
      events.push({ ...last, below: [...last.below, line] });
      continue;
    }
    if (last !== undefined) events.push(last);
    const [, time = '', myid = '', level = '', thread = '', className = '', number = '', message = ''] = match;
    events.push({ time, sid, myid, level, thread, className, line: number, message, below: [] });
  }
  return events;
}

/** A pattern of a logging configuration, and the library that reads it. */
export interface Layout {
  readonly by: 'log4j' | 'logback';
  readonly pattern: string;
}

/** `conf/logback.xml` of 3.8.0 to 3.9.5: CONSOLE, ROLLINGFILE and TRACEFILE are alike. */
export const SHIPPED: Layout = { by: 'logback', pattern: '%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n' };
/** Debian's `/etc/zookeeper/conf/log4j.properties`. */
export const DEBIAN: Layout = { by: 'log4j', pattern: '%d{ISO8601} - %-5p [%t:%C{1}@%L] - %m%n' };

/** Layouts that name the server in every line that matters: in the thread's name, some also in `[myid:N]`. */
export const TELLING: Readonly<Record<string, Layout>> = {
  'shipped, logback': SHIPPED,
  'shipped until 3.7, log4j': { ...SHIPPED, by: 'log4j' },
  'shipped until 3.7, log4j, TRACEFILE': {
    by: 'log4j',
    pattern: '%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L][%x] - %m%n',
  },
  'Debian, CONSOLE and ROLLINGFILE': DEBIAN,
  'Debian, TRACEFILE': { by: 'log4j', pattern: '%d{ISO8601} - %-5p [%t:%C{1}@%L][%x] - %m%n' },
  'Debian, by logback': { ...DEBIAN, by: 'logback' },
  'logger and thread behind': { by: 'log4j', pattern: '%d{ISO8601} %p %m (%c) [%t]%n' },
};

/** Layouts that name no server but in the few messages that hold its id. */
export const SILENT: Readonly<Record<string, Layout>> = {
  'logger behind': { by: 'log4j', pattern: '[%d] %p %m (%c)%n' },
  'logger in front': { by: 'log4j', pattern: '%d{ISO8601} %p %c: %m%n' },
};

/** How the parts of a log are called; `k` counts from 0, the oldest, to `last`. */
export const ROLLED: Readonly<
  Record<string, { readonly layout: Layout; readonly name: (k: number, last: number) => string }>
> = {
  'RollingFileAppender of log4j': {
    layout: DEBIAN,
    name: (k, last) => (k === last ? 'zookeeper.log' : `zookeeper.log.${last - k}`),
  },
  'FixedWindowRollingPolicy of logback, all but the newest compressed': {
    layout: SHIPPED,
    name: (k, last) => (k === last ? 'zookeeper.log' : `zookeeper.log.${last - k}.gz`),
  },
  'compressed late: one old part still plain': {
    layout: DEBIAN,
    name: (k, last) => `zookeeper.log${k === last ? '' : k === last - 1 ? '.1' : `.${last - k}.gz`}`,
  },
  'SizeAndTimeBasedRollingPolicy of logback': {
    layout: SHIPPED,
    name: (k, last) => (k === last ? 'zookeeper.log' : `zookeeper-2026-11-${22 + Math.floor(k / 5)}.${k % 5}.log.gz`),
  },
  'DailyRollingFileAppender of log4j': {
    layout: DEBIAN,
    name: (k, last) => (k === last ? 'zookeeper.log' : `zookeeper.log.2026-11-${10 + k}`),
  },
  'logrotate with dateext': {
    layout: DEBIAN,
    name: (k, last) => (k === last ? 'zookeeper.log' : `zookeeper.log-202611${10 + k}${k < last - 1 ? '.gz' : ''}`),
  },
};

/** What every ZooKeeper class of an election is called in full. */
const PACKAGE = 'org.apache.zookeeper.server.quorum.';

export function loggerOf({ className }: LogEvent): string {
  const outer = className.replace(/\$.*/, '');
  return PACKAGE + (outer === 'Follower' ? 'Learner' : outer);
}

/**
 * The words of a pattern. The two libraries differ twice: `%C{1}` of logback keeps the packages' first letters, and
 * its `%X{myid}` is empty in every thread that did not set it itself, which only `main` does.
 */
function wordOf(word: string, event: LogEvent, by: Layout['by']): string {
  switch (word) {
    case '%d{ISO8601}':
    case '%d':
      return event.time;
    case '%X{myid}':
      return by === 'log4j' || event.thread === 'main' ? event.myid : '';
    case '%-5p':
      return event.level.padEnd(5);
    case '%p':
      return event.level;
    case '%t':
      return event.thread;
    case '%C{1}':
      return by === 'log4j' ? event.className : `o.a.z.s.q.${event.className}`;
    case '%L':
      return event.line;
    case '%c':
      return loggerOf(event);
    case '%m':
      return event.message;
    case '%x':
      return '';
    case '%n':
      return '';
    default:
      throw new Error(`${word} is not known here`);
  }
}

/** The lines that a logger with this layout prints. */
export function printed(events: readonly LogEvent[], { by, pattern }: Layout): readonly string[] {
  const words = pattern.split(/(%(?:-5)?[a-zA-Z](?:\{\w+\})?)/);
  return events.flatMap((event) => [
    words.map((word) => (word.startsWith('%') ? wordOf(word, event, by) : word)).join(''),
    ...event.below,
  ]);
}

/** What several servers print into one file. */
export function mergedByTime(logs: readonly (readonly LogEvent[])[]): readonly LogEvent[] {
  return logs.flat().sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** The logs of one scenario at one level. */
export interface Recording {
  /** `3.8.0-leader-crash-info`. */
  readonly name: string;
  /** The text of its `zoo.cfg`. */
  readonly config: string;
  /** By server, ascending. */
  readonly servers: readonly { readonly sid: number; readonly events: readonly LogEvent[] }[];
}

/** By release: that a layout is read does not depend on what happened. */
const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  '3.8.0': ['three-start', 'follower-restart', 'leader-crash'],
  '3.9.5': ['three-start'],
};

/** These scenarios, each at one of the levels. */
export function recordings(): readonly Recording[] {
  return Object.entries(SCENARIOS).flatMap(([release, scenarios]) =>
    scenarios.flatMap((scenario, index) =>
      // Each at one level: a layout does not depend on it.
      [index % 2 === 0 ? 'info' : 'debug'].map((level) => recording(release, scenario, level)),
    ),
  );
}

function recording(release: string, scenario: string, level: string): Recording {
  const folder = join(RECORDED, release, scenario);
  const servers = readdirSync(join(folder, level)).map((file) => {
    const sid = Number(/\d+/.exec(file)?.[0]);
    const bytes = readFileSync(join(folder, level, file));
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    return { sid, events: eventsOf(text, sid) };
  });
  return {
    name: `${release}-${scenario}-${level}`,
    config: readFileSync(join(folder, 'zoo.cfg'), 'utf8'),
    servers: servers.sort((a, b) => a.sid - b.sid),
  };
}

/** What must not depend on the layout. */
export interface Finding {
  readonly sid: string;
  readonly verdict: string;
  /** Lines judged. */
  readonly observations: number;
  readonly unread: number;
  readonly elections: readonly string[];
}

export interface ServerDocument {
  readonly sid: string;
  readonly label: string;
  readonly verdict: string;
  readonly observations: number;
  readonly unread: number;
  readonly notes: readonly string[];
  readonly elections: readonly { state: string; leader: string; round: string; epoch: string }[];
}

export function findingOf({ sid, verdict, observations, unread, elections }: ServerDocument): Finding {
  const roles = elections.map(({ state, leader, round, epoch }) => `${state} ${leader} ${round} ${epoch}`);
  return { sid, verdict, observations, unread, elections: roles };
}
