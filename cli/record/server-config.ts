/** Configuration texts of a recorded server. */
import type { Scenario } from './scenario.js';

/** The ports of one server on the loopback. */
export interface ServerPorts {
  readonly client: number;
  readonly quorum: number;
  readonly election: number;
}

/**
 * Short ticks (500 ms) make followers notice a lost leader, and leaders lost followers, within seconds; the election
 * itself has time-outs of its own and is not changed by them.
 */
const COMMON = ['tickTime=500', 'initLimit=10', 'syncLimit=5'] as const;

/** What all servers share: this is published beside a recording. */
export function commonConfig(scenario: Scenario, ports: ReadonlyMap<number, ServerPorts>): string {
  const servers = [...ports].map(([sid, { quorum, election }]) => {
    const role = scenario.observers.includes(sid) ? 'observer' : 'participant';
    return `server.${sid}=127.0.0.1:${quorum}:${election}:${role}`;
  });
  return [...COMMON, 'dataDir=data', ...servers, ...scenario.config, ''].join('\n');
}

/** One server's own zoo.cfg. */
export function serverConfig(common: string, own: { readonly dataDir: string; readonly clientPort: number }): string {
  return [
    common.replace('dataDir=data', () => `dataDir=${own.dataDir}`).trimEnd(),
    `clientPort=${own.clientPort}`,
    'clientPortAddress=127.0.0.1',
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr',
    '',
  ].join('\n');
}

/** The layout that ZooKeeper ships; log4j 1 and logback both know it (logback writes `o.a.z.s.q.QuorumPeer`). */
const PATTERN = '%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n';
const DEBUG_CLASSES = ['FastLeaderElection', 'QuorumCnxManager', 'QuorumPeer'] as const;

/** Where one server logs: each file is appended to. */
export interface LogFiles {
  readonly info: string;
  readonly debug: string;
}

/** For distributions that log through log4j 1 or reload4j (3.8.0 of Debian, and upstream up to 3.7). */
export function log4jProperties({ info, debug }: LogFiles): string {
  const appender = (name: string, threshold: string, file: string): readonly string[] => [
    `log4j.appender.${name}=org.apache.log4j.FileAppender`,
    `log4j.appender.${name}.Threshold=${threshold}`,
    `log4j.appender.${name}.Append=true`,
    `log4j.appender.${name}.File=${file}`,
    `log4j.appender.${name}.layout=org.apache.log4j.PatternLayout`,
    `log4j.appender.${name}.layout.ConversionPattern=${PATTERN}`,
  ];
  return [
    'log4j.rootLogger=INFO, INFO_FILE, DEBUG_FILE',
    ...DEBUG_CLASSES.map((name) => `log4j.logger.org.apache.zookeeper.server.quorum.${name}=DEBUG`),
    ...appender('INFO_FILE', 'INFO', info),
    ...appender('DEBUG_FILE', 'DEBUG', debug),
    '',
  ].join('\n');
}

/** For distributions that log through logback (upstream 3.8 and later). */
export function logbackXml({ info, debug }: LogFiles): string {
  const appender = (name: string, level: string, file: string): string => `
  <appender name="${name}" class="ch.qos.logback.core.FileAppender">
    <file>${file}</file>
    <append>true</append>
    <filter class="ch.qos.logback.classic.filter.ThresholdFilter"><level>${level}</level></filter>
    <encoder><pattern>${PATTERN}</pattern></encoder>
  </appender>`;
  const loggers = DEBUG_CLASSES.map(
    (name) => `\n  <logger name="org.apache.zookeeper.server.quorum.${name}" level="DEBUG"/>`,
  );
  return `<configuration>${appender('INFO_FILE', 'INFO', info)}${appender('DEBUG_FILE', 'DEBUG', debug)}${loggers.join('')}
  <root level="INFO"><appender-ref ref="INFO_FILE"/><appender-ref ref="DEBUG_FILE"/></root>
</configuration>
`;
}
