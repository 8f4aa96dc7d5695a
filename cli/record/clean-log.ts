/** Drops from a recorded log what names the machine it was made on; everything else stays byte for byte. */

/** Environment lines tell the version, which is needed, and much about the machine, which is not. */
const ENVIRONMENT = /(?:Server|Client) environment:(?!zookeeper\.version)/;

export interface Machine {
  /** The temporary folder of the run. */
  readonly folder: string;
  /** Names by which this host calls itself. */
  readonly hostNames: readonly string[];
}

/** Pure: the text of a log, cleaned. Lines that go are whole records of one line. */
export function cleanLog(text: string, machine: Machine): string {
  const kept = text.split('\n').filter((line) => !ENVIRONMENT.test(line));
  return neutral(kept.join('\n'), machine);
}

function neutral(text: string, { folder, hostNames }: Machine): string {
  let cleaned = text.replaceAll(folder, '/zk');
  for (const name of hostNames) {
    if (name !== '' && name !== 'localhost') cleaned = cleaned.replace(wholeName(name), 'localhost');
  }
  return cleaned;
}

function wholeName(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`, 'g');
}
