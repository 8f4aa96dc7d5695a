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

/** The names that Java found for this host, as an uncleaned log tells them; more than the system's own name. */
export function hostNamesIn(text: string): readonly string[] {
  const found = text.matchAll(/(?:Server|Client) environment:host\.name=(\S+)/g);
  return [...new Set([...found].map(([, name = '']) => name))];
}

function neutral(text: string, { folder, hostNames }: Machine): string {
  let cleaned = text.replaceAll(folder, '/zk');
  // The longer first: "box.example.org" before "box".
  for (const name of [...new Set(hostNames)].sort((a, b) => b.length - a.length)) {
    // A host without a network calls itself by its address, which stands in every line that matters.
    if (name === '' || name === 'localhost' || /^[\d.]+$/.test(name)) continue;
    cleaned = cleaned.replace(hostPlaces(name), 'localhost');
  }
  return cleaned;
}

/**
 * Where a host's name stands as such. A host may be called "zookeeper" or "main", words of every log: a name
 * without a dot is one only in an address (`name/127.0.0.1`, `name:3888`) or where Java did not find it.
 */
function hostPlaces(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const begin = '(?:(?<![\\w.-])|(?<=(?:Handler|Connector|Thread)-))';
  if (name.includes('.')) return new RegExp(`${begin}${escaped}(?![\\w-])`, 'g');
  const unknown = `(?<=UnknownHostException: (?:${escaped}: )?)${escaped}(?![\\w.-])`;
  return new RegExp(`${begin}${escaped}(?=/\\d|:\\d)|${unknown}`, 'g');
}
