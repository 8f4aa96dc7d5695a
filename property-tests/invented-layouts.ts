/** Layouts that no logging library ships, each with its description: recorded events are printed anew in them. */
import { loggerOf, type LogEvent } from './layouts.js';

export interface Invented {
  readonly yaml: string;
  readonly print: (event: LogEvent, index: number) => readonly string[];
  /** Who printed a line is told by the thread, or also by `myid`, or by a source in every line; absent: by the thread. */
  readonly whose?: 'myid' | 'source';
  /** All servers print into one file. */
  readonly shared?: true;
  /** Time stamps have seconds only, or no date, or there are none. */
  readonly coarse?: true;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const SERVERS = 'servers: { zk-a: 1, zk-b: 2, zk-c: 3, zk-d: 4, zk-e: 5 }';
const podOf = ({ sid }: LogEvent): string => `zk-${'abcde'[sid - 1]}`;

/** `2026-01-02 03:04:05,678` in parts. */
function partsOf({ time }: LogEvent): Record<'year' | 'month' | 'day' | 'hour' | 'rest' | 'ms', string> {
  const [, year = '', month = '', day = '', hour = '', rest = '', ms = ''] =
    /^(\d+)-(\d+)-(\d+) (\d+):([\d:]+),(\d+)$/.exec(time) ?? [];
  return { year, month, day, hour, rest, ms };
}

const millis = ({ time }: LogEvent): number => Date.parse(`${time.replace(' ', 'T').replace(',', '.')}Z`);
const isoOf = ({ time }: LogEvent): string => `${time.replace(' ', 'T').replace(',', '.')}000Z`;
const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const quoted = (text: string): string => (/[\s"=]/.test(text) ? JSON.stringify(text) : text);

/** The words of a date that begins with the day, on a clock of twelve hours. */
function american(event: LogEvent): string {
  const { year, month, day, hour, rest, ms } = partsOf(event);
  const hours = Number(hour) % 12 === 0 ? 12 : Number(hour) % 12;
  return `${Number(month)}/${Number(day)}/${year.slice(2)} ${hours}:${rest}.${ms} ${Number(hour) < 12 ? 'AM' : 'PM'}`;
}

/** A day of one digit is padded with a blank, as syslog does. */
function syslogTime(event: LogEvent): string {
  const { month, day, hour, rest } = partsOf(event);
  return `${MONTHS[Number(month) - 1]} ${String(Number(day)).padStart(2)} ${hour}:${rest}`;
}

function shipped({ time, myid, level, thread, className, line, message }: LogEvent): string {
  return `${time} [myid:${myid}] - ${level.padEnd(5)} [${thread}:${className}@${line}] - ${message}`;
}

const TEXTS: Readonly<Record<string, Invented>> = {
  'the level first, a date of its own': {
    yaml: `pattern: '%-5p|%d{dd.MM.yyyy/HH.mm.ss.SSS}|<%t>|%C{1}|%m%n'`,
    print: (one) => {
      const { year, month, day, hour, rest, ms } = partsOf(one);
      const time = `${day}.${month}.${year}/${hour}.${rest.replace(':', '.')}.${ms}`;
      return [`${one.level.padEnd(5)}|${time}|<${one.thread}>|${one.className}|${one.message}`, ...one.below];
    },
  },
  'a clock of twelve hours, thread and class in one bracket': {
    yaml: `pattern: "%d{M/d/yy h:mm:ss.SSS a} [%t:%C{1}:%L] %-5level~ %msg%n"`,
    print: (one) => [
      `${american(one)} [${one.thread}:${one.className}:${one.line}] ${one.level.padEnd(5)}~ ${one.message}`,
      ...one.below,
    ],
  },
  'tab separated, milliseconds since 1970': {
    yaml: String.raw`pattern: '%d{UNIX_MILLIS}\t%p\t%t\t%c\t%m'`,
    print: (one) => [[millis(one), one.level, one.thread, loggerOf(one), one.message].join('\t'), ...one.below],
  },
  'the message in the middle, colours, a month in words': {
    yaml: `pattern: '%cyan(%date{"dd MMM yyyy HH:mm:ss,SSS"}) %highlight(%-5level) %msg @%thread (%logger{36}\\)%n'`,
    print: (one) => {
      const { year, month, day, hour, rest, ms } = partsOf(one);
      const time = `\u001b[36m${day} ${MONTHS[Number(month) - 1]} ${year} ${hour}:${rest},${ms}\u001b[0m`;
      const level = `\u001b[34m${one.level.padEnd(5)}\u001b[0;39m`;
      return [`${time} ${level} ${one.message} @${one.thread} (${loggerOf(one)})`, ...one.below];
    },
  },
  'two lines a record, as java.util.logging prints it': {
    yaml: `pattern: '%d{MMM dd, yyyy h:mm:ss a} %c %M [%t]%n%p: %m%n'`,
    coarse: true,
    print: (one) => {
      const { year, month, day, hour, rest } = partsOf(one);
      const half = Number(hour) < 12 ? 'AM' : 'PM';
      const time = `${MONTHS[Number(month) - 1]} ${day}, ${year} ${Number(hour) % 12 || 12}:${rest} ${half}`;
      return [`${time} ${loggerOf(one)} run [${one.thread}]`, `${one.level}: ${one.message}`, ...one.below];
    },
  },
  'wrapped at sixty characters': {
    yaml: `pattern: '%d [%t] %p %c{1} %m'\ncontinuation: '  \\\\ %m'`,
    print: (one) => {
      const line = `${one.time} [${one.thread}] ${one.level} ${one.className} ${one.message}`;
      const pieces = line.match(/.{1,60}/g) ?? [];
      return [...pieces.map((piece, index) => (index === 0 ? piece : `  \\ ${piece}`)), ...one.below];
    },
  },
};

const EVENTS: Readonly<Record<string, Invented>> = {
  "log4j's XMLLayout": {
    yaml: `pattern: '<log4j:event logger="%c" timestamp="%d{UNIX_MILLIS}" level="%p" thread="%t">%n<log4j:message><![CDATA[%m]]></log4j:message>'`,
    print: (one) => [
      `<log4j:event logger="${loggerOf(one)}" timestamp="${millis(one)}" level="${one.level}" thread="${one.thread}">`,
      `<log4j:message><![CDATA[${one.message}]]></log4j:message>`,
      ...(one.below.length === 0 ? [] : [`<log4j:throwable><![CDATA[`, ...one.below, `]]></log4j:throwable>`]),
      '</log4j:event>',
      '',
    ],
  },
  'an element a line, escaped': {
    yaml: `pattern: '<Event at="%d{yyyyMMdd''T''HHmmssSSS}" id="%{skip}"><Thread>%enc{%t}{XML}</Thread><Logger>%c</Logger><Message>%enc{%m}{XML}</Message>%{skip}</Event>'`,
    print: (one, index) => {
      const { year, month, day, hour, rest, ms } = partsOf(one);
      const time = `${year}${month}${day}T${hour}${rest.replace(':', '')}${ms}`;
      const body = `<Thread>${xml(one.thread)}</Thread><Logger>${loggerOf(one)}</Logger><Message>${xml(one.message)}</Message>`;
      return [`<Event at="${time}" id="${index}">${body}<Thrown>${xml(one.below.join(' '))}</Thrown></Event>`];
    },
  },
  logfmt: {
    yaml: `logfmt: { time: ts, level: lvl, logger: logger, thread: thread, message: msg }`,
    print: (one) => [
      `lvl=${one.level.toLowerCase()} ts=${isoOf(one)} thread=${quoted(one.thread)} logger=${loggerOf(one)} ` +
        `msg=${quoted(one.message)} err=${quoted(one.below.join('\n'))}`,
    ],
  },
  'nested JSON': {
    yaml: `json: { time: event.created, thread: process.thread.name, logger: log.logger, message: event.text, myid: labels.mdc.myid }\ntime: "yyyy-MM-dd'T'HH:mm:ss.SSSSSSX"`,
    whose: 'myid',
    print: (one) => [
      JSON.stringify({
        event: { created: isoOf(one), text: one.message },
        'log.logger': loggerOf(one),
        process: { 'thread.name': one.thread },
        labels: { mdc: { myid: one.myid } },
        error: one.below.join('\n'),
      }),
    ],
  },
  'lines of another program inside: quoted, in quotes': {
    yaml: `pattern: '%d{HH:mm:ss.SSS},"%t","%c","%enc{%m}{JSON}"'`,
    coarse: true,
    print: (one) => {
      const { hour, rest, ms } = partsOf(one);
      return [`${hour}:${rest}.${ms},"${one.thread}","${loggerOf(one)}",${JSON.stringify(one.message)}`, ...one.below];
    },
  },
};

const SOURCES: Readonly<Record<string, Invented>> = {
  'syslog by a relay, with the name of the host that was relayed': {
    yaml: `strip: '<%r>%d{MMM d HH:mm:ss} %{skip} %{source} zookeeper[%pid]: '\npattern: '%-5p [%t] %c: %m'\n${SERVERS}`,
    whose: 'source',
    coarse: true,
    print: (one) =>
      [`${one.level.padEnd(5)} [${one.thread}] ${loggerOf(one)}: ${one.message}`, ...one.below].map(
        (line) => `<134>${syslogTime(one)} relay-1 ${podOf(one)} zookeeper[${4000 + one.sid}]: ${line}`,
      ),
  },
  "three names in one file, before ZooKeeper's own layout": {
    yaml: `strip: '%-6{source} # '\n${SERVERS}`,
    whose: 'source',
    shared: true,
    print: (one) => [shipped(one), ...one.below].map((line) => `${podOf(one).padEnd(6)} # ${line}`),
  },
  'lines in JSON, by pod, all in one file': {
    yaml: `json: { line: record.raw, source: kubernetes.pod }\n${SERVERS}`,
    whose: 'source',
    shared: true,
    print: (one) =>
      [shipped(one), ...one.below].map((raw) =>
        JSON.stringify({ kubernetes: { pod: podOf(one), labels: { app: 'zk' } }, record: { raw: `${raw}\n` } }),
      ),
  },
  'a pattern in JSON behind a prefix': {
    yaml: `strip: 'fluentd: '\njson: { line: log, source: host }\npattern: '%p %m <%t> %c'\n${SERVERS}`,
    whose: 'source',
    coarse: true,
    print: (one) =>
      [`${one.level} ${one.message} <${one.thread}> ${loggerOf(one)}`, ...one.below].map(
        (log) => `fluentd: ${JSON.stringify({ host: podOf(one), log })}`,
      ),
  },
};

/** By what is odd about it. */
export const INVENTED: Readonly<Record<string, Invented>> = { ...TEXTS, ...EVENTS, ...SOURCES };
